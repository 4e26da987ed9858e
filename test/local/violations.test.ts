import * as assert from "node:assert/strict";
import type { PolicyEvent } from "@pulumi/pulumi/automation";
import { Violations } from "../../local/violations";

const REMEDY = `Add the tag, best to the account's tags in the stack file. ${"More words. ".repeat(30)}`;

function event(name: string, changes: Partial<PolicyEvent> = {}): PolicyEvent {
  const said = `aws:sqs/queue:Queue "${name}": tags.owner is not set. Nobody could be asked. Fix: ${REMEDY}`;
  return {
    resourceUrn: `urn:pulumi:dev::aws-patterns::aws:sqs/queue:Queue::${name}`,
    message: `<{%fg 1%}>Everything tells its owner.\n${said}<{%reset%}>`,
    color: "never",
    policyName: "required-tags",
    policyPackName: "aws-patterns",
    policyPackVersion: "1.0.0",
    policyPackVersionTag: "1.0.0",
    enforcementLevel: "mandatory",
    ...changes,
  };
}

describe("violations", () => {
  it("are a line for each rule, with its resources, an example and the fix", () => {
    const violations = new Violations();
    // Each lacks two tags.
    for (let i = 0; i < 152; i++) violations.add(event(`media-queue-${i >> 1}`));
    violations.add(event("table", { policyName: "table-recovery", enforcementLevel: "warning" }));
    const lines = violations.lines();
    const [tags = "", example, fix, table = ""] = lines;
    assert.match(tags, /^mandatory required-tags: 152 violations on 76 resources: media-queue-0, .* and \d+ more$/);
    assert.equal(example, "    tags.owner is not set. Nobody could be asked.");
    assert.match(fix ?? "", /^ {4}Fix: Add the tag, best to the account's tags/);
    assert.equal(table, "warning table-recovery: 1 violation on 1 resource: table");
    assert.equal(lines.length, 6);
    assert.ok(
      lines.every((line) => line.length <= 200 && !line.includes("\n")),
      lines.join("\n"),
    );
    assert.deepEqual(violations.mandatory(), ["required-tags (152)"]);
  });

  it("are kept short however long a name is", () => {
    const violations = new Violations();
    violations.add(event("x".repeat(500)));
    assert.ok(violations.lines().every((line) => line.length <= 200));
  });

  it("are no exemptions, which are listed once each", () => {
    const violations = new Violations();
    const message = 'exempt: lambda-arm64, aws:lambda/function:Function "a". Its native library exists for x86 only';
    const exemption = event("", { policyName: "exemptions", enforcementLevel: "warning", message });
    violations.add(exemption);
    violations.add(exemption);
    assert.deepEqual([violations.lines(), [...violations.exemptions]], [[], [message]]);
    assert.deepEqual(violations.mandatory(), []);
  });
});
