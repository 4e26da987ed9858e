import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  IAM_DATA,
  iamActions,
  iamServices,
  isIamService,
  knowsNoResource,
  matchingActions,
} from "../../../components/internal/iam-data";
import { iamTable } from "../../../components/internal/iam-data/generate";

const root = join(__dirname, "..", "..", "..");

describe("The table of IAM's actions", () => {
  it("is what the package in package-lock.json gives", async () => {
    assert.equal(
      readFileSync(join(root, "components/internal/iam-data/actions.ts"), "utf8"),
      await iamTable(),
      "run node -r ./scripts/register.cjs components/internal/iam-data/generate.ts",
    );
  });

  it("says where it comes from and when", () => {
    assert.match(IAM_DATA.source, /^https:\/\/docs\.aws\.amazon\.com\/service-authorization\//);
    assert.match(IAM_DATA.package, /^@cloud-copilot\/iam-data \d+\.\d+\.\d+ \(MIT\)$/);
    assert.match(IAM_DATA.date, /^20\d\d-\d\d-\d\d$/);
  });

  it("knows services by their prefix, in any case, and nothing that objects have", () => {
    assert.ok(iamServices().length > 400);
    for (const known of ["ec2", "EC2", "cost-optimization-hub", "sts"]) assert.ok(isIamService(known), known);
    for (const unknown of ["nosuchservice", "", "constructor", "__proto__", "toString"]) {
      assert.ok(!isIamService(unknown), unknown);
      assert.deepEqual(iamActions(unknown), []);
      assert.equal(knowsNoResource(`${unknown}:List`), false);
    }
  });

  it("gives the actions that a pattern fits as IAM compares them", () => {
    assert.deepEqual(matchingActions("ec2:createnatgateway"), ["ec2:CreateNatGateway"]);
    assert.deepEqual(matchingActions("EC2:CreateNatGatewa?"), ["ec2:CreateNatGateway"]);
    assert.deepEqual(matchingActions("ec2:CreateNatGatway"), []);
    assert.deepEqual(matchingActions("nosuchservice:*"), []);
    assert.equal(matchingActions("s3:*").length, iamActions("s3").length);
    assert.ok(matchingActions("s3:Get*Acl").includes("s3:GetObjectAcl"));
  });

  it("tells actions without resources from those with them and from those that do not exist", () => {
    for (const action of ["sts:GetCallerIdentity", "EC2:describeinstances", "ec2:DescribeInstances"])
      assert.equal(knowsNoResource(action), true, action);
    for (const action of ["s3:GetObject", "iam:PassRole", "ec2:NoSuchAction", "ec2", "ec2:"])
      assert.equal(knowsNoResource(action), false, action);
  });
});
