/** https://nextjs.org/docs/app/api-reference/components/image */
import { readFileSync } from "node:fs";
import * as z from "zod";
import type { Entry } from "./entries";

/** The server reads them, too, where it optimises them. */
export const PICTURE = /\.(avif|gif|jpe?g|png|svg|webp)$/i;

export const Images = z.object({ loader: z.string(), unoptimized: z.boolean() }).partial();

const Sharp = z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) });
const FOR_LAMBDA = ["@img/sharp-linux-arm64", "@img/sharp-libvips-linux-arm64"];

/** Packages of sharp for other platforms than Lambda's: the machine that builds has its own. */
const OTHER_SHARP = /(^|\/)node_modules\/@img\/sharp-(?!linux-arm64\/|libvips-linux-arm64\/)/;

const missingForLambda = (paths: readonly string[]): string[] =>
  FOR_LAMBDA.filter((name) => !paths.some((path) => path.includes(`${name}/`)));

/** The server's files without sharp for other platforms, where Lambda's is there: the same, wherever they were built. */
export function withSharpForLambda(server: ReadonlyMap<string, Entry>): Map<string, Entry> {
  if (missingForLambda([...server.keys()]).length > 0) return new Map(server);
  return new Map([...server].filter(([path]) => !OTHER_SHARP.test(path)));
}

/**
 * What is said of a build whose server has sharp, which optimises pictures, for the machine that built it alone.
 * https://sharp.pixelplumbing.com/install#aws-lambda
 */
export function picturesWarning(
  server: ReadonlyMap<string, Entry>,
  { loader = "default", unoptimized = false }: z.infer<typeof Images>,
): string | undefined {
  if (unoptimized || loader !== "default") return undefined;
  const paths = [...server.keys()];
  const sharp = paths.find((path) => /(^|\/)node_modules\/sharp\/package\.json$/.test(path));
  const missing = missingForLambda(paths);
  if (sharp === undefined || missing.length === 0) return undefined;
  const { optionalDependencies } = Sharp.parse(JSON.parse(readFileSync(server.get(sharp)?.file ?? "", "utf8")));
  const packages = missing.map((name) => `${name}@${optionalDependencies[name] ?? "latest"}`).join(" ");
  return (
    "The server cannot optimise pictures: its sharp is not for Lambda's arm64. " +
    `Run \`npm install --no-save --force ${packages}\` before the build, or set images.unoptimized.`
  );
}
