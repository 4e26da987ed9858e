import * as assert from "node:assert/strict";
import { matchingActions } from "../../components/internal/iam-data";
import { type PolicyDocument, ROLES } from "../../stacks/roles";

const compact = (policy: PolicyDocument): number => JSON.stringify(policy).length;

function actions({ Statement }: PolicyDocument, effect: string): string[] {
  return Statement.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => [Action].flat());
}

describe("the policies of an account's roles", () => {
  it("fit into a role: 10,240 characters, spaces not counted", () => {
    for (const { policy } of Object.values(ROLES)) assert.ok(compact(policy) <= 10_240, String(compact(policy)));
  });

  it("name every action once, sorted by service, and no wildcard but families of reads and of one kind of thing", () => {
    for (const { policy } of Object.values(ROLES)) {
      for (const { Effect, Action } of policy.Statement) {
        const named = [Action].flat();
        assert.equal(new Set(named).size, named.length);
        if (Effect !== "Allow") continue;
        const services = named.map((action) => action.split(":")[0]);
        assert.deepEqual(services, [...services].sort());
        for (const action of named) assert.match(action, /^[a-z0-9-]+:(\*?[A-Z]\w+|Describe\*|GetBucket\*)$/);
      }
    }
  });

  it("name actions that IAM knows", () => {
    for (const { policy } of Object.values(ROLES)) {
      for (const effect of ["Allow", "Deny"]) {
        for (const action of actions(policy, effect)) assert.notDeepEqual(matchingActions(action), [], action);
      }
    }
  });

  it("hold in every partition", () => {
    for (const { policy } of Object.values(ROLES)) assert.doesNotMatch(JSON.stringify(policy), /arn:aws/);
  });

  it("limit the services that roles are given to", () => {
    const passing = ROLES.deployer.policy.Statement.filter(({ Action }) => [Action].flat().includes("iam:PassRole"));
    assert.deepEqual(
      passing.map(({ Condition }) => Object.keys(Condition?.["StringEquals"] ?? {})),
      [["iam:PassedToService"]],
    );
  });

  it("let previews read only", () => {
    for (const action of actions(ROLES.preview.policy, "Allow"))
      assert.match(action, /:(Describe|Get|List|Validate)[A-Z]/);
  });

  it("deny the deployer the account's end and its own roles", () => {
    const denied = actions(ROLES.deployer.policy, "Deny");
    for (const action of ["account:CloseAccount", "organizations:LeaveOrganization", "iam:*"]) {
      assert.ok(denied.includes(action), action);
    }
    const own = ROLES.deployer.policy.Statement.find(({ Sid }) => Sid === "KeepOwnRoles");
    assert.deepEqual(
      own?.Resource,
      Object.values(ROLES).map(({ name }) => `arn:*:iam::*:role/${name}`),
    );
  });
});
