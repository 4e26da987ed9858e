import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { PATTERNS } from "../../stacks/patterns";
import { configurationOf, readStackFile } from "../../stacks/stack-file";
import { deploy } from "../support/mocks";
import { read } from "./markdown";

/** The lines of a recorded session. */
function session(name: string): string[] {
  const [, text = ""] =
    new RegExp(`<!-- session: ${name} -->\\n\\n\`\`\`\\n([\\s\\S]*?)\`\`\``).exec(read("docs/local-cloud.md")) ?? [];
  return text.trim().split("\n");
}

describe("the recorded sessions of docs/local-cloud.md", () => {
  it("make as many resources as the stack does now, in 60 lines at most", async () => {
    const { deployments } = configurationOf("local", (await readStackFile("local")).settings);
    const { resources } = await deploy(() => {
      const provider = new aws.Provider("account", { region: "us-east-1" });
      for (const { name, pattern, args } of deployments) {
        if (pattern === "wavelength-dns") PATTERNS[pattern]?.deploy(name, args, { provider });
      }
    });
    const made = resources.filter(({ type }) => type.startsWith("aws:") || type.startsWith("pulumi:index:"));
    const lines = session("start");
    assert.ok(lines.length <= 60, `${lines.length} lines`);
    for (const step of [
      `✔ Deploy (pulumi up) — ${made.length} resources created`,
      `${made.length} resources deleted`,
    ]) {
      assert.ok(
        lines.some((line) => line.includes(step)),
        step,
      );
    }
  });

  it("end well", () => {
    assert.ok(session("start").some((line) => /✔ {2}wavelength-dns +(\d+)\/\1 checks/.test(line)));
    assert.ok(session("local").some((line) => line.includes('tableArn: "arn:aws:dynamodb:eu-west-1:222222222222:')));
  });
});
