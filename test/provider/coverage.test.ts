import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { configurationOf, readStackFile, stackNames } from "../../stacks/stack-file";
import { fileOf } from "../../local/provider/lifecycle";
import { RESOURCES } from "../../local/provider/registry";
import { PATTERNS } from "../../stacks/patterns";
import { deploy, type Registered } from "../support/mocks";

/** Everything that the patterns of every stack register. */
async function registeredByAllStacks(): Promise<Registered[]> {
  const all: Registered[] = [];
  for (const stack of await stackNames()) {
    const { deployments } = configurationOf(stack, (await readStackFile(stack)).settings);
    const { resources } = await deploy(() => {
      const provider = new aws.Provider("account", { region: "us-east-1" });
      for (const { name, pattern, args } of deployments) PATTERNS[pattern]?.deploy(name, args, { provider });
    });
    all.push(...resources.filter(({ type }) => type.startsWith("aws:")));
  }
  return all;
}

describe("the stand-in provider", () => {
  it("has an entry for every resource type that a pattern of any stack registers, and maps every property", async () => {
    const gaps = new Set<string>();
    for (const { type, inputs } of await registeredByAllStacks()) {
      const entry = RESOURCES.get(type);
      if (entry === undefined) {
        gaps.add(`${type}: no entry in ${fileOf({ token: type })}`);
        continue;
      }
      for (const [property, value] of Object.entries(inputs)) {
        // `region` means the same for every type.
        const isOwn = property in entry.properties || (property === "tags" && entry.taggable === true);
        const mapped = isOwn || property === "region";
        if (value !== undefined && !mapped) gaps.add(`${type}.${property}: not mapped in ${fileOf(entry)}`);
      }
    }
    assert.deepEqual([...gaps].sort(), []);
    // It packs the code of all stacks.
  }).timeout(180_000);
});
