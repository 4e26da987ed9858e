import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ONE_ENDPOINT, ONLY_OFFERED_THERE } from "../../components/cost-guardrails/global-actions";
import { GLOBAL_SERVICES as table } from "../../components/cost-guardrails/global-services";
import { emulatorPython } from "../support/cloud";

describe("the table of global services", () => {
  it("is what the data of AWS's SDK for Python says", async () => {
    const script = join(__dirname, "..", "..", "local", "emulators", "global_services.py");
    const { stdout } = await promisify(execFile)(await emulatorPython(), [script]);
    const { released, ...rest } = table;
    assert.deepEqual(rest, JSON.parse(stdout), `run ${script}, and look up when that botocore was released`);
    assert.match(released, /^20\d\d-\d\d-\d\d$/);
  }).timeout(120_000);

  it("was looked through: what is only offered in us-east-1 is limited, the rest is global", () => {
    for (const name of ONLY_OFFERED_THERE) {
      assert.ok(table.onlyInUsEast1.includes(name), name);
      assert.ok(!ONE_ENDPOINT.includes(name), name);
    }
    assert.deepEqual(
      table.onlyInUsEast1.filter((name) => !ONLY_OFFERED_THERE.includes(name)),
      ["aws-marketplace", "cost-optimization-hub", "cur", "marketplacecommerceanalytics", "route53domains"],
    );
  });
});
