import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { configurationOf, stackFileOf } from "../stacks/stack-file";
import { withLocalRun } from "./local-run";
import { LocalStack } from "./local-stack";
import { prepareAccounts } from "./play";
import { readByCli } from "./read-by-cli";
import { writeApplication } from "../test/components/nextjs-site/made-build";

const COUNT = Number(process.argv[3]);
const kind = process.argv[2];
const folder = join("/tmp/h/measure", `${kind}-${COUNT}`);
function files(at: string) {
  mkdirSync(at, { recursive: true });
  for (let i = 0; i < COUNT; i++) writeFileSync(join(at, `f${i}.js`), randomBytes(10_000).toString("hex"));
}
const pattern = kind === "next" ? "nextjs-site" : "secured-function";
let args: string;
if (kind === "next") {
  writeApplication(folder, {});
  files(join(folder, "public/static/m"));
  args = `{ application: ${folder} }`;
} else {
  files(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "");
  args = `{ site: ${folder} }`;
}
const text = `config:
  aws-patterns:accounts:
    dev: { id: "111111111111", tags: { owner: platform@example.com, cost-center: "1000" } }
  aws-patterns:patterns:
    shop: { pattern: ${pattern}, account: dev, args: ${args} }
`;
const file = stackFileOf("example", Buffer.from(text));
const configuration = configurationOf(file.name, file.settings);
const timed = async (what: string, work: () => Promise<unknown>) => {
  const start = Date.now();
  await work();
  console.log(`MEASURED ${kind} ${COUNT} ${what}: ${(Date.now() - start) / 1000} s`);
};
void withLocalRun(
  async (run) => {
    await prepareAccounts(run, configuration);
    const stack = await LocalStack.create(run, file);
    await timed("preview", () => stack.preview());
    await timed("up", () => stack.up());
    await timed("preview again", () => stack.preview());
    await timed("up again", () => stack.up());
  },
  (base) => readByCli(base, file),
).catch((e) => { console.error(e); process.exit(1); });
