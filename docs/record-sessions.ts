/** Records the sessions that docs/local-cloud.md shows: `node -r ./scripts/register.cjs docs/record-sessions.ts`. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const ROOT = join(__dirname, "..");
const PAGE = join(__dirname, "local-cloud.md");

/** The example of a program of one's own that the page shows. */
export function ownProgram(page: string): string {
  const [, program] = /## One's own program[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  if (program === undefined) throw new Error("docs/local-cloud.md shows no program of one's own");
  return program;
}

/** What a command prints, as on a terminal that only shows text; the colors and this machine's folders are left out. */
async function session(command: string, cwd: string): Promise<string> {
  const env = { NO_COLOR: "1", npm_config_update_notifier: "false" };
  const { all = "" } = await execa(command, { shell: true, cwd, env, all: true });
  const lines = all.replaceAll(ROOT, ".").replaceAll(cwd, ".").split("\n");
  return lines.filter((line) => line.trim() !== "" && !/^(> |@ )/.test(line)).join("\n");
}

function put(page: string, name: string, shown: string, text: string): string {
  const block = new RegExp(`(<!-- session: ${name} -->\n)[\\s\\S]*?(<!-- end of session -->)`);
  if (!block.test(page)) throw new Error(`docs/local-cloud.md has no place for the session "${name}"`);
  return page.replace(
    block,
    (_, start: string, end: string) => `${start}\n\`\`\`\n$ ${shown}\n${text}\n\`\`\`\n\n${end}`,
  );
}

async function main(): Promise<void> {
  let page = readFileSync(PAGE, "utf8");
  const start = "npm start -- wavelength-dns --once";
  page = put(page, "start", start, await session(start, ROOT));
  const folder = mkdtempSync(join(tmpdir(), "orders-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    cpSync(join(ROOT, "tsconfig.json"), join(folder, "tsconfig.json"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: orders\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.ts" }));
    writeFileSync(join(folder, "index.ts"), ownProgram(page));
    const local = "npm run local -- pulumi up --yes";
    const text = await session(local.replace("npm", `npm --prefix ${ROOT}`), folder);
    page = put(page, "local", local, text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(PAGE, page);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
