/** The policy pack as one file, for runs where Pulumi is to start quickly or has no language host for policies. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { version } from "./package.json";
import { type GuardrailsSettings, packConfiguration } from "./settings";

export interface PackedPolicies {
  /** For `--policy-pack`. */
  readonly directory: string;
  /** For `--policy-pack-config`. */
  readonly configurationFile: string;
}

/**
 * Writes the pack, and its configuration made from the stack's settings, into a folder. Packages are not bundled: the
 * folder has to lie where this project's node_modules are found.
 *
 * @param runtime what PulumiPolicy.yaml names; the engine runs the pack with `pulumi-analyzer-policy-<runtime>` when it
 *   has no language host of that name
 */
export async function writePolicyPack(
  directory: string,
  { runtime, settings = {} }: { runtime: string; settings?: GuardrailsSettings },
): Promise<PackedPolicies> {
  await mkdir(directory, { recursive: true });
  const configurationFile = join(directory, "configuration.json");
  await Promise.all([
    build({
      entryPoints: [join(__dirname, "index.ts")],
      outfile: join(directory, "index.js"),
      bundle: true,
      packages: "external",
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "silent",
    }),
    writeFile(join(directory, "package.json"), JSON.stringify({ name: "policies", version, main: "index.js" })),
    writeFile(join(directory, "PulumiPolicy.yaml"), `runtime: ${runtime}\n`),
    writeFile(configurationFile, JSON.stringify(packConfiguration(settings), undefined, 2)),
  ]);
  return { directory, configurationFile };
}
