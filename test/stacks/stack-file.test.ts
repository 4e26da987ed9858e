import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configurationOf, readStackFile, stackFileOf, stackNames } from "../../stacks/stack-file";
import { BROKEN_FILES, SOUND_FILES } from "../support/broken-files";
import { ACCOUNTS, entry } from "../support/configurations";

/** The message about a file, without the file's name. */
function refusalOf(content: string | Buffer): string {
  try {
    stackFileOf("test", Buffer.from(content as string));
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "StackFileError", error.stack);
    assert.match(error.message, /^Pulumi\.test\.yaml:/);
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(error.message.length < 400, error.message);
    return error.message.replace("Pulumi.test.yaml", "");
  }
  throw new assert.AssertionError({ message: "it was read" });
}

describe("a broken stack file", () => {
  for (const [name, { content, message }] of Object.entries(BROKEN_FILES)) {
    it(`with ${name} is refused in one line, with place and fix`, () => {
      assert.match(refusalOf(content), message);
    });
  }

  it("is not what only looks odd", () => {
    for (const [name, content] of Object.entries(SOUND_FILES)) {
      const { settings, text } = stackFileOf("test", Buffer.from(content));
      assert.ok("aws-patterns:accounts" in settings, name);
      assert.equal(text, content.replace("\ufeff", ""));
    }
  });
});

describe("a stack file that is no file", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "aws-patterns-stacks-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is reported for what it is", async () => {
    mkdirSync(join(folder, "Pulumi.folder.yaml"));
    symlinkSync("nowhere", join(folder, "Pulumi.dangling.yaml"));
    symlinkSync("Pulumi.circle.yaml", join(folder, "Pulumi.circle.yaml"));
    symlinkSync("/dev/zero", join(folder, "Pulumi.device.yaml"));
    writeFileSync(join(folder, "Pulumi.huge.yaml"), `config:\n${"# filler\n".repeat(200_000)}`);
    writeFileSync(join(folder, "Pulumi.eu.prod-1.yaml"), "config: { aws:region: x }");
    const names = ["circle", "dangling", "device", "eu.prod-1", "folder", "huge"];
    assert.deepEqual(await stackNames(folder), names);
    const messages = await Promise.all(
      names.map((name) =>
        readStackFile(name, folder).then(
          () => "",
          (error: Error) => error.message,
        ),
      ),
    );
    assert.deepEqual(messages, [
      "Pulumi.circle.yaml: it is a link that leads to itself. Correct the link.",
      "Pulumi.dangling.yaml: it is a link to a file that does not exist. Correct the link.",
      "Pulumi.device.yaml: it is a folder or a device, not a file. Remove it, or write a file in its place.",
      "",
      "Pulumi.folder.yaml: it is a folder or a device, not a file. Remove it, or write a file in its place.",
      "Pulumi.huge.yaml: it has 1.7 MiB, more than 1 MiB. Check that it is the right file.",
    ]);
    await assert.rejects(readStackFile("hug", folder), {
      message: /^There is no stack "hug"\..*Did you mean "huge"\?$/,
    });
  });
});

describe("the keys of a stack file", () => {
  const faultsOf = (key: string): string => {
    const settings = { "aws-patterns:accounts": ACCOUNTS, "aws-patterns:patterns": entry(), [key]: {} };
    try {
      configurationOf("test", settings);
      return "";
    } catch (error) {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^Pulumi\.test\.yaml: 1 fault\n/);
      return /fix: +(.*)$/.exec(error.message)?.[1] ?? "";
    }
  };

  it("of this project are known, and near misses are named, of the namespace, too", () => {
    const fixes = Object.fromEntries(
      [
        "aws-patterns:guardrail",
        "aws-patterns:account",
        "aws-patterns:Patterns",
        "aws-pattern:accounts",
        "aws_patterns:accounts",
        "awspatterns:guardrails",
        "AWS-Patterns:patterns",
        "aws-patters:guardrail",
        "patterns:accounts",
      ].map((key) => [key, faultsOf(key)]),
    );
    assert.deepEqual(fixes, {
      "aws-patterns:guardrail": 'Did you mean "aws-patterns:guardrails"?',
      "aws-patterns:account": 'Did you mean "aws-patterns:accounts"?',
      "aws-patterns:Patterns": 'Did you mean "aws-patterns:patterns"?',
      "aws-pattern:accounts": 'Did you mean "aws-patterns:accounts"?',
      "aws_patterns:accounts": 'Did you mean "aws-patterns:accounts"?',
      "awspatterns:guardrails": 'Did you mean "aws-patterns:guardrails"?',
      "AWS-Patterns:patterns": 'Did you mean "aws-patterns:patterns"?',
      "aws-patters:guardrail": 'Did you mean "aws-patterns:guardrails"?',
      "patterns:accounts": 'Did you mean "aws-patterns:accounts"?',
    });
  });

  it("of providers and other projects are left alone", () => {
    for (const key of [
      "aws:region",
      "aws-native:region",
      "awsx:x",
      "pulumi:disable-default-providers",
      "other:thing",
    ]) {
      assert.equal(faultsOf(key), "", key);
    }
  });
});
