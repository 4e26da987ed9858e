import * as assert from "node:assert/strict";
import { parseConfiguration } from "../../stacks/config";
import { packConfiguration } from "../../policy/settings";
import { ACCOUNTS, withArgs } from "../support/configurations";

const parse = (guardrails: unknown, secret = false) =>
  parseConfiguration({ accounts: ACCOUNTS, patterns: withArgs({}), guardrails, secret }, "test");

describe("the guardrails of a stack configuration", () => {
  it("may be left out", () => {
    assert.deepEqual(parse(undefined).configuration?.guardrails, {});
  });

  it("are what the policy pack is given", () => {
    const settings = { severities: { "lambda-arm64": "advisory" }, regions: ["us-east-1"] };
    const { configuration } = parse(settings);
    assert.deepEqual(configuration?.guardrails, settings);
    const reported = packConfiguration(configuration?.guardrails ?? {});
    assert.equal(reported["lambda-arm64"]?.enforcementLevel, "advisory");
    assert.deepEqual(reported["allowed-regions"]?.regions, ["us-east-1"]);
  });

  it("are reported with their place, what is allowed and the fix when they are wrong, beside all other faults", () => {
    const { faults = [] } = parseConfiguration(
      {
        accounts: ACCOUNTS,
        patterns: withArgs({ ttlSecond: 30 }),
        guardrails: {
          severities: { "lambda-arm": "advisory", "lambda-runtime": "loud" },
          exemptions: [{ rule: "imdsv3", resource: "*", reason: "x" }],
          regions: ["us-east-11"],
        },
      },
      "test",
    );
    const places = faults.map(({ path }) => path.replace("aws-patterns:guardrails.", ""));
    assert.deepEqual(places.sort(), [
      "aws-patterns:patterns.media.args.ttlSecond",
      "exemptions[0].reason",
      "exemptions[0].resource",
      "exemptions[0].rule",
      "regions[0]",
      "severities.lambda-arm",
      "severities.lambda-runtime",
    ]);
    const fix = faults.find(({ path }) => path.endsWith("lambda-arm"))?.fix;
    assert.match(fix ?? "", /Did you mean "lambda-arm64"\?/);
  });

  it("are kept out of messages when they are secret", () => {
    const { faults = [] } = parse({ regions: ["swordfish"] }, true);
    assert.equal(faults[0]?.received, "(secret)");
    assert.doesNotMatch(JSON.stringify(faults), /swordfish/);
  });
});
