/**
 * `npm run new-pattern -- NAME [CLASS]`: lays out a new pattern from templates/, whose tree is that of the repository,
 * and adds it to the tables and stack files. What it makes works; fill it with what the pattern is about.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { format, resolveConfig } from "prettier";

const ROOT = join(__dirname, "..", "..");
const TEMPLATES = join(__dirname, "templates");

interface Names {
  /** `cost-report`, as folders, pages and stack files name it. */
  readonly kebab: string;
  /** `CostReport`, the class */
  readonly pascal: string;
  /** `costReport` */
  readonly camel: string;
}

function namesOf(kebab: string, className = ""): Names {
  const isName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kebab) && kebab.length <= 21;
  if (!isName || (!kebab.includes("-") && className === "")) {
    throw new Error(
      `"${kebab}" is no name for a pattern: at most 21 lower-case letters and digits, two or more words with hyphens, as in cost-report, or one word and a class, as in inspector InspectorScanning`,
    );
  }
  if (!/^([A-Z][a-z0-9]+)*$/.test(className)) throw new Error(`"${className}" is no name for a class`);
  const pascal = className || kebab.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { kebab, pascal, camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}` };
}

function filled(text: string, { kebab, pascal, camel }: Names): string {
  return text
    .replaceAll("pattern-name", kebab)
    .replaceAll("PatternName", pascal)
    .replaceAll("patternName", camel)
    .replaceAll("pattern-group", kebab.split("-")[0] ?? kebab);
}

/** Puts a line where it belongs by the alphabet, among the lines that look like it. */
function withLine(text: string, line: string, alike: RegExp): string {
  const lines = text.split("\n");
  const others = lines.flatMap((other, i) => (alike.test(other) ? [i] : []));
  const last = others.at(-1);
  if (last === undefined) throw new Error(`no line like ${alike} is there`);
  lines.splice(others.find((i) => (lines[i] ?? "") > line) ?? last + 1, 0, line);
  return lines.join("\n");
}

type Edit = (text: string, names: Names) => string;

/** An entry of the first account in the stack file. */
const stackEntry: Edit = (text, { kebab }) => {
  const { config } = load(text) as { config: { "aws-patterns:accounts": object } };
  const [account] = Object.keys(config["aws-patterns:accounts"]);
  const patterns = "  aws-patterns:patterns:\n";
  return text.replace(patterns, `${patterns}    ${kebab}:\n      pattern: ${kebab}\n      account: ${account}\n`);
};

/** What is added to files that are there. */
const EDITS: Readonly<Record<string, Edit>> = {
  "components/index.ts": (text, { kebab }) =>
    withLine(text, `export * from "./${kebab}/${kebab}";`, /^export \* from "\.\//),
  "stacks/patterns.ts": (text, { kebab, camel }) => {
    const withImport = withLine(text, `import { ${camel} } from "./patterns/${kebab}";`, /from "\.\/patterns\//);
    return withLine(withImport, `  "${kebab}": pattern(${camel}),`, /^ {2}"[\w-]+": pattern\(/);
  },
  "local/stories/index.ts": (text, { kebab, camel }) => {
    const withImport = withLine(text, `import { ${camel} } from "./${kebab}";`, /^import \{ \w+ \} from "\.\/[\w-]+";/);
    return withLine(withImport, `  "${kebab}": ${camel},`, /^ {2}"[\w-]+": \w+,/);
  },
  "README.md": (text, { kebab }) => {
    const row = `| [\`${kebab}\`](docs/${kebab}.md) | what it is, in one line | \`npm start -- ${kebab}\` |`;
    return withLine(text, row, /^\| \[`[\w-]+`\]\(docs\//);
  },
  "Pulumi.local.yaml": stackEntry,
  "Pulumi.dev.yaml": stackEntry,
  "Pulumi.prod.yaml": stackEntry,
};

async function write(file: string, text: string): Promise<void> {
  const path = join(ROOT, file);
  const options = await resolveConfig(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await format(text, { ...options, filepath: path }));
}

/** Writes what comes from the interfaces of arguments. */
function writeArguments(): void {
  const script = ["-r", "./scripts/register.cjs", join("docs", "generate-args.ts")];
  const { status } = spawnSync(process.execPath, script, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) throw new Error("docs/generate-args.ts failed, see above");
}

async function main(): Promise<void> {
  const names = namesOf(process.argv[2] ?? "", process.argv[3]);
  const templates = readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".txt"),
  );
  const made = templates.map((template) => ({ template, file: filled(template.slice(0, -".txt".length), names) }));
  const taken = made.filter(({ file }) => existsSync(join(ROOT, file)));
  if (taken.length > 0) throw new Error(`${taken.map(({ file }) => file).join(", ")}: there already`);
  for (const { template, file } of made) {
    await write(file, filled(readFileSync(join(TEMPLATES, template), "utf8"), names));
  }
  for (const [file, edit] of Object.entries(EDITS)) {
    await write(file, edit(readFileSync(join(ROOT, file), "utf8"), names));
  }
  writeArguments();
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  for (const page of pages) await write(join("docs", page), readFileSync(join(ROOT, "docs", page), "utf8"));
  for (const file of [...made.map(({ file }) => file), ...Object.keys(EDITS)].sort()) console.log(file);
}

main().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
