import * as assert from "node:assert/strict";
import { checkComputedParts, withComputedParts, withoutComputedParts } from "../../local/provider/computed-parts";
import { UNKNOWN } from "../../local/provider/property-values";
import type { ResourceType } from "../../local/provider/resource-type";
import { RESOURCES } from "../../local/provider/registry";

const type = RESOURCES.get("aws:sesv2/configurationSet:ConfigurationSet") as ResourceType;
const given = { reputationOptions: { reputationMetricsEnabled: true } };
const answered = { lastFreshStart: "2026-10-01T00:00:00.000Z", reputationMetricsEnabled: true };
const unmoved = new Set<string>();

describe("Parts that AWS adds to what a program gives", () => {
  it("are unknown before the resource is there, and where an update moves them", () => {
    const unknown = { reputationOptions: { lastFreshStart: UNKNOWN, reputationMetricsEnabled: true } };
    assert.deepEqual(withComputedParts(type, given, unmoved), unknown);
    const state = { reputationOptions: answered };
    assert.deepEqual(withComputedParts(type, given, new Set(["reputationOptions"]), state), unknown);
    assert.deepEqual(withComputedParts(type, given, unmoved, state), state);
    assert.deepEqual(
      withComputedParts(type, {}, unmoved, state),
      {},
      "what the program does not give is computed as a whole",
    );
  });

  it("are no inputs: not of what the program gave, not of an import", () => {
    const without = (value: typeof given.reputationOptions | undefined) =>
      withoutComputedParts(type, "reputationOptions", answered, value);
    assert.deepEqual(without(given.reputationOptions), given.reputationOptions);
    assert.deepEqual(without(undefined), given.reputationOptions);
    assert.equal(withoutComputedParts(type, "reputationOptions", { lastFreshStart: "" }, undefined), null);
    assert.equal(withoutComputedParts(type, "configurationSetName", "a", "b"), "a");
  });

  it("cannot be given", () => {
    assert.deepEqual(checkComputedParts(type, given), []);
    assert.deepEqual(
      checkComputedParts(type, { reputationOptions: answered }).map(({ property }) => property),
      ["reputationOptions.lastFreshStart"],
    );
  });
});
