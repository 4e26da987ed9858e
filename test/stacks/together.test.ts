import * as assert from "node:assert/strict";
import { parseConfiguration } from "../../stacks/config";
import { ACCOUNTS, ARGS, entry, faultsIn, valid, withArgs, withFleet } from "../support/configurations";

/** Paths of all faults, below the entry `media`. */
function placesOf(patterns: unknown, accounts: unknown = ACCOUNTS): string[] {
  return faultsIn(accounts, patterns)
    .map(({ path }) => path.replace("aws-patterns:patterns.media.", ""))
    .sort();
}

const costs = (args: Record<string, unknown>): unknown => entry({ pattern: "cost-guardrails", args });

describe("faults of several kinds", () => {
  it("are reported together, in one list, too", () => {
    const budgets = [{ name: "all", monthlyUsd: 100 }];
    const emails = ["platform.example.com", 3, "ops@example.com"];
    assert.deepEqual(placesOf(costs({ emails, budgets })), ["args.emails[0]", "args.emails[1]"]);
    assert.deepEqual(
      faultsIn(ACCOUNTS, costs({ emails, budgets })).map(({ received }) => received),
      ['"platform.example.com"', "3"],
    );
    const more = [
      { name: "all", monthlyUsd: "100", emails: ["x"] },
      { name: "all", monthlyUsd: -1, actualPercents: [50, "80", 50] },
    ];
    assert.deepEqual(placesOf(costs({ emails: ["a@example.com"], budgets: more })), [
      "args.budgets[0].emails[0]",
      "args.budgets[0].monthlyUsd",
      "args.budgets[1].actualPercents[1]",
      "args.budgets[1].actualPercents[2]",
      "args.budgets[1].monthlyUsd",
      "args.budgets[1].name",
    ]);
  });

  it("of types, meanings and unknown keys hide none of each other", () => {
    const args = {
      ttlSeconds: "30",
      gatherSeconds: 100_000,
      drainMarginSecond: 1,
      hostedZone: { name: "example.net" },
    };
    assert.deepEqual(placesOf(withArgs(args)), [
      "args.drainMarginSecond",
      "args.gatherSeconds",
      "args.hostedZone.name",
      "args.ttlSeconds",
    ]);
    assert.deepEqual(placesOf(withFleet({ minimum: "1", maximum: -1, instances: { spot: "yes", rootVolume: 3 } })), [
      "args.fleet.instances.rootVolume",
      "args.fleet.instances.spot",
      "args.fleet.maximum",
      "args.fleet.minimum",
    ]);
  });

  it("of an entry and of its arguments are reported together", () => {
    assert.deepEqual(placesOf(entry({ acount: "edge", account: undefined, args: { ...ARGS, ttlSeconds: 0 } })), [
      "acount",
      "args.ttlSeconds",
    ]);
    assert.deepEqual(placesOf(entry({ account: undefined, accounts: ["edg", 3], args: { ...ARGS, ttlSeconds: 0 } })), [
      "accounts[0]",
      "accounts[1]",
      "args.ttlSeconds",
    ]);
  });

  it("do not name what only a wrong part makes wrong", () => {
    // Whether there may be guardrails depends on a kind that is misspelt; whether 3 is too many, on a text.
    const guardrails = [{ name: "a", targets: ["r-abcd"], protectedRoles: ["aws-patterns-deployer"] }];
    assert.deepEqual(placesOf(costs({ accountKind: "managment", guardrails })), ["args.accountKind"]);
    assert.deepEqual(placesOf(withFleet({ minimum: 3, maximum: "5" })), ["args.fleet.maximum"]);
  });
});

describe("tags", () => {
  const tagged = (tags: Record<string, string>): unknown => ({ edge: { id: "111111111111", tags } });
  const many = (count: number, prefix = "t"): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, "x"]));
  const faults = (accounts: unknown, patterns: unknown = entry(), guardrails: unknown = undefined): string[][] =>
    (parseConfiguration({ accounts, patterns, guardrails }, "test").faults ?? []).map(({ path, fix }) => [
      path.replace(/^aws-patterns:/, ""),
      fix,
    ]);

  it("that differ in case from the defaults, or from each other, are refused", () => {
    assert.deepEqual(faults(tagged({ Environment: "lab", "Managed-By": "me", Owner: "a@example.com" })), [
      ["accounts.edge.tags.Environment", 'Write it as "environment", which there is already, or rename it.'],
      ["accounts.edge.tags.Managed-By", 'Write it as "managed-by", which there is already, or rename it.'],
      ["accounts.edge.tags.Owner", 'Write it as "owner", which there is already, or rename it.'],
    ]);
    assert.deepEqual(faults(tagged({ team: "a", Team: "b", TEAM: "c" })), [
      ["accounts.edge.tags.Team", 'Write it as "team", which there is already, or rename it.'],
      ["accounts.edge.tags.TEAM", 'Write it as "team", which there is already, or rename it.'],
    ]);
    // What replaces a default is no second one.
    valid(tagged({ environment: "lab", "managed-by": "me" }), entry());
  });

  it("of an account with other faults are refused beside those", () => {
    const paths = faults({ edge: { id: 1, region: "us-esat-1", tags: { Environment: "lab" } } }).map(([path]) => path);
    assert.deepEqual(paths, ["accounts.edge.id", "accounts.edge.region", "accounts.edge.tags.Environment"]);
  });

  it("of arguments that differ in case from the account's, the component's or each other are refused", () => {
    const instances = { tags: { name: "x", team: "a", weight: "1", Weight: "2", Owner: "b" } };
    assert.deepEqual(
      faults(tagged({ Team: "a" }), withFleet({ instances }))
        .map(([path]) => path)
        .sort(),
      ["Owner", "Weight", "name", "team"].map((tag) => `patterns.media.args.fleet.instances.tags.${tag}`),
    );
    valid(tagged({ team: "a" }), withFleet({ instances: { tags: { team: "b", Name: "c" } } }));
  });

  it("of the guardrails that differ in case from the defaults are refused", () => {
    assert.deepEqual(
      faults(ACCOUNTS, entry(), { requiredTags: ["Environment"], tags: { ENVIRONMENT: "x" } }).map(([path]) => path),
      ["guardrails.requiredTags.Environment", "guardrails.tags.ENVIRONMENT"],
    );
    assert.deepEqual(
      faults(tagged({ Team: "a" }), entry(), { tags: { team: "x" } }).map(([path]) => path),
      ["accounts.edge.tags.Team"],
    );
  });

  it("are at most 50 for a resource, with defaults and those of components", () => {
    const group = entry({ pattern: "cost-guardrails", args: { costAllocationTags: ["owner"] } });
    // Beside managed-by and environment.
    valid(tagged(many(48)), group);
    assert.deepEqual(faults(tagged(many(49)), group), [["accounts.edge.tags", "Remove 1."]]);
    // A fleet's resources have a Name, too.
    valid(tagged(many(47)), entry());
    assert.deepEqual(faults(tagged(many(48)), entry()), [["patterns.media.args", "Remove 1."]]);
    valid(tagged(many(27)), withFleet({ instances: { tags: many(20, "i") } }));
    assert.deepEqual(faults(tagged(many(27)), withFleet({ instances: { tags: many(21, "i") } })), [
      ["patterns.media.args.fleet.instances.tags", "Remove 1."],
    ]);
    // One name is one tag.
    valid(tagged(many(47)), withFleet({ instances: { tags: many(40) } }));
    assert.deepEqual(faults(tagged(many(48)), group, { tags: { team: "x" } }), [["accounts.edge.tags", "Remove 1."]]);
  });
});
