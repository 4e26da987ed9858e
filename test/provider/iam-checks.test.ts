import * as assert from "node:assert/strict";
import type { Values } from "../../local/provider/property-values";
import { allow, failuresOf, trust } from "./support";

describe("Checks of IAM resources", () => {
  it("find nothing in good ones", () => {
    assert.deepEqual(failuresOf("aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") }), []);
    assert.deepEqual(failuresOf("aws:iam/rolePolicy:RolePolicy", { role: "r", policy: allow("sqs:*") }), []);
  });

  for (const [token, inputs, expected] of [
    ["aws:iam/role:Role", { assumeRolePolicy: allow("sts:AssumeRole") }, ["assumeRolePolicy.Statement[0].Principal"]],
    ["aws:iam/role:Role", { assumeRolePolicy: "{" }, ["assumeRolePolicy"]],
    [
      "aws:iam/role:Role",
      { assumeRolePolicy: trust("a"), maxSessionDuration: 60, path: "edge", name: "a/b" },
      ["maxSessionDuration", "name", "path"],
    ],
    [
      "aws:iam/rolePolicy:RolePolicy",
      { role: "r", policy: trust("a") },
      ["policy.Statement[0].Principal", "policy.Statement[0].Resource"],
    ],
    ["aws:iam/rolePolicy:RolePolicy", { role: "arn:aws:iam::1:role/r", policy: allow("sqs:*") }, ["role"]],
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "r", policyArn: "AdministratorAccess" },
      ["policyArn"],
    ],
    ["aws:iam/policy:Policy", { policy: allow("everything") }, ["policy.Statement[0].Action"]],
    [
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      { url: "http://issuer", clientIdLists: ["a"], thumbprintLists: ["12"] },
      ["url", "thumbprintLists[0]"],
    ],
  ] as [string, Values, string[]][]) {
    it(`locate ${expected.join(", ")} of ${token}`, () => {
      assert.deepEqual(
        failuresOf(token, inputs).map(({ property }) => property),
        expected,
      );
    });
  }
});
