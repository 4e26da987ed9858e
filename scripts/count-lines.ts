/** Counts the lines of the repository by part: `node -r ./scripts/register.cjs scripts/count-lines.ts`. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

interface Part {
  /** The first part with a pattern that fits a file's path counts it. */
  readonly files: RegExp;
  /** The most lines that it may have. */
  readonly limit: number;
}

export const PARTS: Readonly<Record<string, Part>> = {
  product: { files: /^(index\.ts$|(bootstrap|components|handlers|stacks|policy)\/)/, limit: 36_000 },
  "local/provider": { files: /^local\/provider\//, limit: 6_800 },
  "local/emulators": { files: /^local\/emulators\//, limit: 13_500 },
  "local, other": { files: /^local\//, limit: 7_800 },
  "test/provider": { files: /^test\/provider\//, limit: 3_100 },
  "tests, other": { files: /^(test|fakes)\//, limit: 44_000 },
  benchmarks: { files: /^bench\//, limit: 2_600 },
  docs: { files: /^(docs\/|README\.md$)/, limit: 5_200 },
  scripts: { files: /^scripts\//, limit: 700 },
};

/** What nobody wrote. */
const LEFT_OUT = /(^|\/)package-lock\.json$|\.(png|webp|ico)$/;

export type Lines = Readonly<Record<string, number>>;

/** Lines of each part, as `wc -l` counts them. */
export function countLines(files: readonly string[], read: (file: string) => string): Lines {
  const lines = Object.fromEntries(Object.keys(PARTS).map((part) => [part, 0]));
  for (const file of files) {
    const [part] = Object.entries(PARTS).find(([, { files: fits }]) => fits.test(file)) ?? [];
    if (part === undefined || LEFT_OUT.test(file)) continue;
    lines[part] = (lines[part] ?? 0) + read(file).split("\n").length - 1;
  }
  return lines;
}

/** The parts that have more lines than they may. */
export function overLimit(lines: Lines): string[] {
  return Object.entries(PARTS).flatMap(([part, { limit }]) => {
    const count = lines[part] ?? 0;
    return count > limit ? [`${part} has ${count} lines, and may have ${limit}: scripts/count-lines.ts`] : [];
  });
}

/** Files that git knows, those that are new and not ignored included. */
function filesOfRepository(): string[] {
  const options = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const listed = execFileSync("git", options, { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
  const gone = execFileSync("git", ["ls-files", "--deleted"], { cwd: ROOT, encoding: "utf8" }).split("\n");
  // What is generated from the interfaces of arguments is nobody's to read.
  return listed.filter((file) => !gone.includes(file) && !file.endsWith(".schema.ts"));
}

export function linesOfRepository(): Lines {
  return countLines(filesOfRepository(), (file) => readFileSync(join(ROOT, file), "utf8"));
}

if (require.main === module) {
  const lines = linesOfRepository();
  for (const [part, { limit }] of Object.entries(PARTS)) {
    console.log(`${part.padEnd(16)} ${String(lines[part]).padStart(6)} of ${String(limit).padStart(6)}`);
  }
  const faults = overLimit(lines);
  for (const fault of faults) console.error(`error: ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
