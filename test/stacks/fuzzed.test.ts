import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseConfiguration } from "../../stacks/config";
import { ConfigurationError } from "../../stacks/faults";
import { ARGS } from "../support/configurations";
import { anyCharacter } from "../support/characters";

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/** Paths of everything inside a value, its own included. */
function paths(value: unknown, prefix: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [prefix];
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return [prefix, ...keys.flatMap((key) => paths((value as Container)[key], [...prefix, key]))];
}

const MUTATIONS = {
  replace: (at: Container, key: string | number, value: unknown) => set(at, key, value),
  remove: (at: Container, key: string | number) => delete at[key],
  rename: (at: Container, key: string | number, _: unknown, name: string) => {
    const value = at[key];
    delete at[key];
    set(at, name, value);
  },
  duplicate: (at: Container, key: string | number, _: unknown, name: string) => set(at, name, at[key]),
  wrap: (at: Container, key: string | number) => set(at, key, [at[key]]),
  nest: (at: Container, key: string | number, _: unknown, name: string) => set(at, key, { [name]: at[key] }),
};

/** Also for `__proto__`, which JSON may have as a key like any other. Lists have no names in JSON. */
function set(at: Container, key: string | number, value: unknown): void {
  if (Array.isArray(at) && typeof key === "string") {
    at.push(value);
    return;
  }
  Object.defineProperty(at, key, { value, enumerable: true, configurable: true, writable: true });
}

interface Mutation {
  path: Path;
  how: keyof typeof MUTATIONS;
  /** As JSON, so that every use is a value of its own. */
  json: string;
  name: string;
}

function damaged(start: unknown, mutations: readonly Mutation[]): unknown {
  const copy = structuredClone({ root: start }) as Container;
  for (const { path, how, json, name } of mutations) {
    let at = copy;
    const steps = ["root", ...path];
    for (const step of steps.slice(0, -1)) {
      const next = at[step];
      // What an earlier mutation took away cannot be damaged any more.
      if (typeof next !== "object" || next === null) break;
      at = next as Container;
    }
    MUTATIONS[how](at, steps.at(-1) ?? "root", JSON.parse(json), name);
  }
  return copy.root;
}

/** A configuration that uses most of what there is. */
const START = {
  accounts: {
    edge: {
      id: "111111111111",
      region: "us-east-1",
      roleArn: "arn:aws:iam::111111111111:role/deployer",
      externalId: "abc",
      tags: { owner: "edge@example.com", team: "edge" },
    },
    west: { id: "222222222222", region: "us-west-2" },
    management: { id: "333333333333" },
  },
  patterns: {
    media: {
      pattern: "wavelength-dns",
      account: "edge",
      args: {
        ...ARGS,
        fleet: {
          ...ARGS.fleet,
          vpc: { cidrBlock: "10.0.0.0/16" },
          instances: { instanceType: "t3.medium", tags: { weight: "5" }, spot: true },
          minimum: 1,
          maximum: 2,
        },
        ttlSeconds: 30,
        drainMarginSeconds: 10,
        repairSchedule: "rate(5 minutes)",
        weights: { kind: "instanceType", weights: { "t3.medium": 5 }, defaultWeight: 1 },
        alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:alarms"],
      },
    },
    group: {
      pattern: "wavelength-dns",
      accounts: ["edge", "west"],
      args: { ...ARGS, hostedZone: { id: "Z1" }, fleet: { autoScalingGroupName: "group" }, weights: { kind: "equal" } },
    },
    costs: {
      pattern: "cost-guardrails",
      account: "management",
      args: {
        accountKind: "management",
        guardrails: [
          {
            name: "workloads",
            targets: ["ou-abcd-12345678", "444444444444"],
            protectedRoles: ["aws-patterns-deployer"],
            regions: ["us-east-1", "eu-west-1"],
            globalActions: ["quicksight:*"],
            instances: { families: ["m7g"], sizes: ["large"], otherFamilies: ["m99g"] },
            gravitonOnly: true,
            deniedServices: ["redshift"],
            denyLeaving: true,
          },
        ],
        otherPolicies: 1,
        budgets: [
          { name: "all", accountId: "444444444444", monthlyUsd: 10, actualPercents: [80], forecastPercents: [100] },
        ],
        anomalies: {
          monitors: ["service"],
          existingMonitorArns: ["arn:aws:ce::333333333333:anomalymonitor/1"],
          subscriptions: [{ frequency: "daily", impactUsd: 5, impactPercent: 10, emails: ["costs@example.com"] }],
        },
        costAllocationTags: ["owner"],
        emails: ["costs@example.com"],
      },
    },
    report: {
      pattern: "cost-report",
      account: "management",
      args: {
        sender: {
          address: "aws-costs@example.com",
          name: "AWS costs",
          verification: { kind: "domain", hostedZone: { name: "example.com" } },
        },
        recipients: [{ address: "cfo@example.com" }, { address: "web@example.com", accounts: ["444444444444"] }],
        replyTo: "finops@example.com",
        verifyRecipients: true,
        schedule: { expression: "cron(0 7 ? * MON-FRI *)", timeZone: "Europe/Berlin", flexibleMinutes: 30 },
        title: "Costs",
        metric: "AmortizedCost",
        recordTypes: { exclude: ["Tax"] },
        accounts: { include: ["444444444444", "333333333333"] },
        knownAccounts: { "444444444444": { name: "web", owner: "web@example.com" } },
        ownerTag: "owner",
        lookUpNames: true,
        billingRole: { roleArn: "arn:aws:iam::333333333333:role/cost-reader", externalId: "costs" },
        settlingDays: 2,
        trendDays: 14,
        bands: [1, 2, 3, 4],
        accountsInline: 5,
        servicesInline: 5,
        monthQuery: "separate",
        links: [{ label: "Dashboard", url: "https://costs.example.com" }],
        archive: { prefix: "costs/", keepDays: 90, keepAfterDestroy: true },
        alarmTopicArns: ["arn:aws:sns:us-east-1:333333333333:alarms"],
      },
    },
  },
};

const ODD_VALUES = [
  "1e999",
  "-0",
  "1e21",
  "null",
  "false",
  "[]",
  "{}",
  "[[]]",
  '""',
  `"${"1".repeat(10_000)}"`,
  '{"__proto__": {"id": 1}, "constructor": {"prototype": []}}',
  `${'{"a":['.repeat(20_000)}1${"]}".repeat(20_000)}`,
  ...["10.0.0.0/33", "cron(* * * * * *)", "rate(0 days)", "🦆.example.com", "a@b", "arn:aws:iam::1:role/x"].map(
    (text) => JSON.stringify(text),
  ),
];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  path: fc.constantFrom(...paths(START)),
  how: fc.constantFrom(...(Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[])),
  json: fc.oneof(fc.json({ maxDepth: 6, stringUnit: anyCharacter }), fc.constantFrom(...ODD_VALUES)),
  name: fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "__proto__",
      "constructor",
      "toString",
      "length",
      "ttlSecond",
      "args",
      "id",
      "",
      "a.b[0]",
      "\u0000",
    ),
  ),
});

describe("a damaged configuration", () => {
  it("starts from a valid one", () => {
    assert.equal(parseConfiguration(START, "test").faults, undefined);
  });

  it("always ends in located faults or a valid result, never in an exception (1,000 of them)", () => {
    const endings = { valid: 0, faults: 0 };
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.boolean(), (mutations, secret) => {
        const broken = damaged(START, mutations);
        const { accounts, patterns } = (typeof broken === "object" && broken !== null ? broken : {}) as Container;
        const { configuration, faults } = parseConfiguration({ accounts, patterns, secret }, "test");
        endings[faults === undefined ? "valid" : "faults"] += 1;
        assert.notEqual(configuration === undefined, faults === undefined);
        if (faults === undefined) return;
        assert.ok(faults.length > 0);
        assert.equal(new Set(faults.map((fault) => JSON.stringify(fault))).size, faults.length, "reported twice");
        for (const { path, received, allowed, fix } of faults) {
          assert.match(path, /^aws-patterns:(accounts|patterns)([.[]|$)/);
          assert.ok(received !== "" && allowed !== "" && fix !== "");
          assert.ok(received.length < 300, "too long to read");
        }
        const { message } = new ConfigurationError("test", faults);
        assert.ok(!message.includes("[object Object]") && !/\bundefined\b/.test(message), message);
      }),
      { numRuns: 1000 },
    );
    assert.ok(endings.valid > 0 && endings.faults > 500, JSON.stringify(endings));
  });
});
