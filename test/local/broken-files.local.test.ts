import * as assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type RunBase } from "../../local/local-run";
import { readByCli } from "../../local/read-by-cli";
import { ensureToolchain, preparePulumiHome } from "../../local/toolchain";
import { stackFileOf } from "../../stacks/stack-file";
import { BROKEN_FILES, REFUSED_BY_CLI_ALONE, SOUND_FILES } from "../support/broken-files";
import { type Clone, cloneProject } from "../support/clone";

describe("the Pulumi CLI", () => {
  let base: RunBase;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-patterns-cli-"));
    const toolchain = await ensureToolchain({ onProgress: () => undefined });
    mkdirSync(join(folder, "backend"));
    const home = await preparePulumiHome(join(folder, "home"), toolchain.pulumi);
    const settings = { PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`, PULUMI_CONFIG_PASSPHRASE: "local" };
    base = { folder, toolchain, environment: { ...toolchain.environment, ...home, ...settings } };
  });
  after(() => rmSync(base.folder, { recursive: true, force: true }));

  let count = 0;
  /** Whether the CLI takes a file, byte for byte. */
  async function takes(content: string | Buffer): Promise<boolean> {
    const cwd = join(base.folder, `raw-${(count += 1)}`);
    mkdirSync(cwd);
    writeFileSync(join(cwd, "Pulumi.yaml"), "name: raw\nruntime: nodejs\n");
    writeFileSync(join(cwd, `Pulumi.raw-${count}.yaml`), content);
    const pulumi = join(base.toolchain.pulumi, "pulumi");
    const { exitCode } = await execa(pulumi, ["stack", "init", `raw-${count}`], {
      cwd,
      env: base.environment,
      reject: false,
    });
    return exitCode === 0;
  }

  it("refuses the same files, but for those that it reads in part, or otherwise", async () => {
    const taken: string[] = [];
    for (const [name, { content }] of Object.entries(BROKEN_FILES)) if (await takes(content)) taken.push(name);
    const expected = Object.entries(BROKEN_FILES).filter(([, { refusedByCli = true }]) => !refusedByCli);
    assert.deepEqual(
      taken,
      expected.map(([name]) => name),
    );
  });

  it("reads sound files alike", async () => {
    for (const [i, content] of Object.values(SOUND_FILES).entries()) {
      const file = stackFileOf(`sound-${i}`, Buffer.from(content));
      const { file: read } = await readByCli(base, file);
      assert.deepEqual(read.settings, file.settings, content);
      // Again, as when the stack is made.
      assert.deepEqual((await readByCli(base, file)).file.settings, file.settings);
    }
  });

  it("has the last word, in one line", async () => {
    for (const [i, [name, { content, message }]] of Object.entries(REFUSED_BY_CLI_ALONE).entries()) {
      const file = stackFileOf(`alone-${i}`, Buffer.from(content as string));
      await assert.rejects(readByCli(base, file), (error: Error) => {
        assert.equal(error.name, "StackFileError", `${name}: ${error.stack}`);
        assert.match(error.message.replace(`Pulumi.alone-${i}.yaml`, ""), message);
        assert.doesNotMatch(error.message, /\n/);
        assert.ok(error.message.length < 500);
        return true;
      });
    }
  });

  it("reads files of stacks whose secrets have a key elsewhere, as long as they have no secrets", async () => {
    const key = "secretsprovider: awskms://alias/pulumi?region=us-east-1\nencryptedkey: QUFB\n";
    const file = stackFileOf("keyed", Buffer.from(key + SOUND_FILES.plain));
    assert.deepEqual((await readByCli(base, file)).file.settings, file.settings);
  });
});

describe("the commands, given a broken stack file", () => {
  let clone: Clone;
  before(() => (clone = cloneProject()));
  after(() => clone.remove());

  const write = (stack: string, content: string | Buffer): void =>
    writeFileSync(join(clone.folder, `Pulumi.${stack}.yaml`), content);

  /** Everything that a command says, which is one line. */
  async function saidBy(script: string, args: readonly string[]): Promise<string> {
    const { exitCode, all } = await clone.node(script, args);
    assert.equal(exitCode, 1, all);
    assert.doesNotMatch(all, /\n/);
    assert.deepEqual(clone.leftovers(), []);
    return all;
  }

  it("say in one line what is wrong and where, before anything is started", async () => {
    for (const name of ["an empty file", "an unquoted ? in brackets"]) {
      const { content, message } = BROKEN_FILES[name] ?? assert.fail(name);
      write("broken", content);
      write("local", content);
      for (const [script, args] of [
        ["local/preview.ts", ["broken"]],
        ["policy/write-configuration.ts", ["broken"]],
        ["local/start.ts", ["cost-guardrails", "--once"]],
        ["local/story.ts", ["cost-guardrails"]],
      ] as const) {
        const said = await saidBy(script, args);
        assert.match(said.replace(/^Pulumi\.(broken|local)\.yaml/, ""), message, script);
      }
    }
  });

  it("leave nothing behind when the CLI alone refuses it, before the emulator is started", async () => {
    const { content, message } = REFUSED_BY_CLI_ALONE["an escaped slash"] ?? assert.fail();
    write(
      "broken",
      `${SOUND_FILES.plain}  aws-patterns:patterns:
    costs: { pattern: cost-guardrails, account: dev, args: { costAllocationTags: [owner] } }
${String(content).replace("config:\n", "")}`,
    );
    const { exitCode, all } = await clone.node("local/preview.ts", ["broken"]);
    assert.equal(exitCode, 1);
    const last = all.split("\n").at(-1) ?? "";
    assert.match(last.replace("Pulumi.broken.yaml", "").replace(/^:6:/, ":2:"), message);
    assert.doesNotMatch(all, /emulator ready|^ +at /m);
    assert.deepEqual(clone.leftovers(), []);
  });

  it("name keys that resemble the project's before anything is started", async () => {
    const pattern = `costs: { pattern: cost-guardrails, account: dev, args: { costAllocationTags: [owner] } }`;
    for (const key of ["aws-patterns:guardrail", "aws-pattern:guardrails"]) {
      write("broken", `${SOUND_FILES.plain}  aws-patterns:patterns:\n    ${pattern}\n  ${key}: {}\n`);
      const { exitCode, all } = await clone.node("local/preview.ts", ["broken"]);
      assert.equal(exitCode, 1);
      assert.match(all, /^Pulumi\.broken\.yaml: 1 fault\n[^]*Did you mean "aws-patterns:guardrails"\?$/);
      assert.deepEqual(clone.leftovers(), []);
    }
  });

  it("say in one line that the project cannot be written", async () => {
    write("local", readFileSync(join(__dirname, "../../Pulumi.local.yaml")));
    rmSync(join(clone.folder, "local", ".state"), { recursive: true, force: true });
    writeFileSync(join(clone.folder, "local", ".state"), "in the way");
    const { exitCode, all } = await clone.node("local/start.ts", ["cost-guardrails", "--once"]);
    rmSync(join(clone.folder, "local", ".state"));
    assert.equal(exitCode, 1);
    assert.match(all, /^The folder local\/\.state cannot be written \((EEXIST|ENOTDIR)\)\. [^\n]+$/);
  });

  it("say so of a clone that may only be read, too", async () => {
    // Root may write everywhere, and so gives its rights up.
    const isRoot = process.getuid?.() === 0;
    await execa("chmod", ["-R", "a+rX,a-w", clone.folder]);
    chmodSync(clone.folder, 0o555);
    const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const { exitCode, all } = await clone.node("local/start.ts", ["cost-guardrails", "--once"], nobody);
    await execa("chmod", ["-R", "u+w", clone.folder]);
    assert.equal(exitCode, 1, all);
    assert.match(all, /^The folder local\/\.state cannot be written \((EACCES|EROFS|EPERM)\)\. [^\n]+$/);
  });

  /** A start that fails at once: the cache cannot be written. */
  async function failedStart(): Promise<{ exitCode?: number; all: string }> {
    writeFileSync(join(clone.folder, "cache"), "in the way");
    const env = { AWS_PATTERNS_CACHE: join(clone.folder, "cache") };
    return clone.node("local/start.ts", ["cost-guardrails", "--once"], { env });
  }

  it("leave nothing behind when the toolchain fails while the provider is still being built", async () => {
    const { exitCode, all } = await failedStart();
    assert.equal(exitCode, 1, all);
    assert.match(all, /The cache folder .* cannot be written/);
    assert.deepEqual(clone.leftovers(), []);
  });

  it("remove what runs that were killed have left behind", async () => {
    // More than any system gives to a process.
    mkdirSync(join(clone.folder, "local", ".state", "run-99999999-killed"), { recursive: true });
    mkdirSync(join(clone.folder, "local", ".state", `run-${process.pid}-alive`), { recursive: true });
    await failedStart();
    assert.deepEqual(clone.leftovers(), [`run-${process.pid}-alive`]);
  });
});
