import * as assert from "node:assert/strict";
import { parseConfiguration } from "../../stacks/config";

const faultsOf = (delegatedAdministrator: string) =>
  parseConfiguration(
    {
      accounts: { root: { id: "111111111111", tags: { owner: "a@example.com", "cost-center": "1" } } },
      patterns: {
        scan: {
          pattern: "inspector",
          account: "root",
          args: { organization: { role: "management", delegatedAdministrator } },
        },
      },
    },
    "test",
  ).faults;

describe("inspector in a stack file", () => {
  it("names another account than the management account as the delegated administrator", () => {
    assert.equal(faultsOf("222222222222"), undefined);
    assert.deepEqual(
      faultsOf("111111111111")?.map(({ path }) => path),
      ["aws-patterns:patterns.scan.args.organization.delegatedAdministrator"],
    );
  });
});
