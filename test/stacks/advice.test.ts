import * as assert from "node:assert/strict";
import { PATTERNS } from "../../stacks/patterns";
import { ACCOUNTS, ARGS, entry, faultIn, faultsIn, withArgs, withFleet } from "../support/configurations";

/** What a reader learns about a value: received, allowed, fix. */
type Reported = [received: string, allowed: string | RegExp, fix: string | RegExp];

function isTold(text: string, expected: string | RegExp): void {
  if (typeof expected === "string") assert.equal(text, expected);
  else assert.match(text, expected);
}

const PATTERN_NAMES = Object.keys(PATTERNS).sort().join(", ");

const EXAMPLES: [path: string, configuration: [accounts: unknown, patterns: unknown], reported: Reported][] = [
  [
    "accounts",
    [undefined, entry()],
    ["nothing", "a map with at least one entry", 'For example dev: { id: "111111111111" }'],
  ],
  ["patterns", [ACCOUNTS, []], ["[]", "a map with at least one entry", /^For example media: /]],
  ["accounts.edge", [{ edge: null }, entry()], ["null", /^a map with id, and optionally region,/, /key: value/]],
  ["accounts.edge.id", [{ edge: {} }, entry()], ["nothing", /12 digits/, /^Add it\. Copy all 12 digits/]],
  [
    "accounts.edge.id",
    [{ edge: { id: 111111111111 } }, entry()],
    ["111111111111", /in quotation marks/, "Put it in quotation marks."],
  ],
  [
    "accounts.edge.zone",
    [{ edge: { id: "111111111111", zone: "a" } }, entry()],
    ['"a"', "id, region, roleArn, externalId, tags", "Use one of the names that are allowed, or remove it."],
  ],
  [
    "patterns.media",
    [ACCOUNTS, { media: "x" }],
    ['"x"', /^a map with pattern, and optionally account, /, /key: value/],
  ],
  [
    "patterns.media.pattern",
    [ACCOUNTS, entry({ pattern: undefined })],
    ["nothing", PATTERN_NAMES, "Add it. Name one of these patterns."],
  ],
  [
    "patterns.media.pattern",
    [ACCOUNTS, entry({ pattern: "wavelenght-dns" })],
    ['"wavelenght-dns"', PATTERN_NAMES, 'Did you mean "wavelength-dns"?'],
  ],
  [
    "patterns.media.pattern",
    [ACCOUNTS, entry({ pattern: "constructor" })],
    ['"constructor"', PATTERN_NAMES, /^Use one/],
  ],
  ["patterns.media.account", [ACCOUNTS, entry({ account: "egde" })], ['"egde"', "edge", 'Did you mean "edge"?']],
  ["patterns.media.account", [ACCOUNTS, entry({ account: "production" })], ['"production"', "edge", /^Use one of/]],
  [
    "patterns.media.account",
    [ACCOUNTS, entry({ account: undefined })],
    ["nothing", "either account (one name) or accounts (several)", /^Say in which/],
  ],
  [
    "patterns.media.accounts",
    [ACCOUNTS, entry({ account: undefined, accounts: [] })],
    ["[]", "at least 1 entry", "Give at least one."],
  ],
  [
    "patterns.media.accounts[0]",
    [ACCOUNTS, entry({ account: undefined, accounts: [5, "edge"] })],
    ["5", "a text", "Put it in quotation marks."],
  ],
  [
    "patterns.media.args.recordName",
    [ACCOUNTS, withArgs({ recordName: undefined })],
    ["nothing", /host name/, /^Add it\./],
  ],
  [
    "patterns.media.args.ttlSeconds",
    [ACCOUNTS, withArgs({ ttlSeconds: "30" })],
    ['"30"', "a number", "Remove the quotation marks."],
  ],
  [
    "patterns.media.args.ttlSeconds",
    [ACCOUNTS, withArgs({ ttlSeconds: "long" })],
    ['"long"', "a number", "Give a number."],
  ],
  [
    "patterns.media.args.ttlSeconds",
    [ACCOUNTS, withArgs({ ttlSeconds: null })],
    ["null", "a number", "Give it a value, or remove the key."],
  ],
  [
    "patterns.media.args.ttlSeconds",
    [ACCOUNTS, withArgs({ ttlSeconds: 0 })],
    ["0", "a whole number of seconds from 1 to 840", "Give a value in that range."],
  ],
  [
    "patterns.media.args.drainMarginSeconds",
    [ACCOUNTS, withArgs({ ttlSeconds: 840, drainMarginSeconds: 61 })],
    ["61", "a sum of ttlSeconds and drainMarginSeconds of at most 900", "Lower one of the two."],
  ],
  [
    "patterns.media.args.alarmTopicArns",
    [ACCOUNTS, withArgs({ alarmTopicArns: "arn" })],
    ['"arn"', "a list", "Write it as a list: [ ... ]."],
  ],
  [
    "patterns.media.args.repairSchedule",
    [ACCOUNTS, withArgs({ repairSchedule: "cron(60 * * * ? *)" })],
    [
      '"cron(60 * * * ? *)"',
      /^an EventBridge Scheduler expression/,
      'Correct the expression: "60" is no minutes field.',
    ],
  ],
  [
    "patterns.media.args.repairSchedule",
    [ACCOUNTS, withArgs({ repairSchedule: "at(2026-11-01T11:18:00)" })],
    ['"at(2026-11-01T11:18:00)"', /^an EventBridge/, /happens once/],
  ],
  [
    "patterns.media.args.weights",
    [ACCOUNTS, withArgs({ weights: "equal" })],
    ['"equal"', "a map with a kind: equal, tag or instanceType", "For example { kind: equal }."],
  ],
  [
    "patterns.media.args.weights.kind",
    [ACCOUNTS, withArgs({ weights: { kind: "equl" } })],
    ['"equl"', "equal, tag, instanceType", 'Did you mean "equal"?'],
  ],
  [
    "patterns.media.args.weights.kind",
    [ACCOUNTS, withArgs({ weights: {} })],
    ["nothing", "equal, tag, instanceType", /^Choose/],
  ],
  [
    "patterns.media.args.weights.key",
    [ACCOUNTS, withArgs({ weights: { kind: "tag", key: "", defaultWeight: 1 } })],
    ['""', "at least 1 character", "Give more."],
  ],
  [
    "patterns.media.args.hostedZone",
    [ACCOUNTS, withArgs({ hostedZone: {} })],
    ["{}", "a map with either name, or id", "Choose one of these forms, and give its keys."],
  ],
  [
    "patterns.media.args.hostedZone",
    [ACCOUNTS, withArgs({ hostedZone: { name: "example.com", id: "Z1" } })],
    ['{"name":"example.com","id":"Z1"}', "a map with either name, or id", /^Choose one/],
  ],
  [
    "patterns.media.args.hostedZone.names",
    [ACCOUNTS, withArgs({ hostedZone: { name: "example.com", names: "x" } })],
    ['"x"', "name", 'Did you mean "name"?'],
  ],
  [
    "patterns.media.args.fleet",
    [ACCOUNTS, withArgs({ fleet: "x" })],
    ['"x"', "a map with either zones and ports, or autoScalingGroupName", /^Choose one/],
  ],
  ["patterns.media.args.fleet.ports", [ACCOUNTS, withFleet({ ports: undefined })], ["nothing", "a list", "Add it."]],
  [
    "patterns.media.args.fleet.ports[0].form",
    [ACCOUNTS, withFleet({ ports: [{ protocol: "udp", from: 5004, form: 5 }] })],
    ["5", "protocol, from, to, cidrBlocks", 'Did you mean "from"?'],
  ],
  [
    "patterns.media.args.fleet.ports[0].protocol",
    [ACCOUNTS, withFleet({ ports: [{ protocol: "upd", from: 5004 }] })],
    ['"upd"', "udp, tcp", 'Did you mean "udp"?'],
  ],
  [
    "patterns.media.args.fleet.ports[0].to",
    [ACCOUNTS, withFleet({ ports: [{ protocol: "udp", from: 5004, to: 5003 }] })],
    ["5003", "a port number that is not below `from`", /^Swap the two/],
  ],
  [
    "patterns.media.args.fleet.instances.spot",
    [ACCOUNTS, withFleet({ instances: { spot: "true" } })],
    ['"true"', "true or false", "Remove the quotation marks."],
  ],
  [
    "patterns.media.args.fleet.instances.tags.weight",
    [ACCOUNTS, withFleet({ instances: { tags: { weight: 10 } } })],
    ["10", /^at most 256 letters/, "Put it in quotation marks."],
  ],
];

describe("the advice on a fault", () => {
  for (const [path, configuration, [received, allowed, fix]] of EXAMPLES) {
    it(`${path}, ${received}`, () => {
      const fault = faultIn(...configuration);
      assert.equal(fault.path, `aws-patterns:${path}`);
      assert.equal(fault.received, received);
      isTold(fault.allowed, allowed);
      isTold(fault.fix, fix);
    });
  }

  it("says of each unknown key what it alone may have meant", () => {
    const found = faultsIn({ edge: { id: "111111111111", regoin: "us-east-1", tag: {} } }, entry());
    assert.deepEqual(
      found.map(({ fix }) => fix),
      ['Did you mean "region"?', 'Did you mean "tags"?'],
    );
  });

  it("shows the beginning of long values only, and says so of those that are nested too deeply", () => {
    const long = faultIn(ACCOUNTS, withArgs({ ttlSeconds: "x".repeat(1000) }));
    assert.equal(long.received, `"${"x".repeat(199)}…`);
    const deep = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`) as unknown;
    assert.equal(
      faultIn(ACCOUNTS, withArgs({ ttlSeconds: deep })).received,
      "a value that is nested too deeply to show",
    );
    assert.match(faultIn(ACCOUNTS, deep).received, /nested too deeply/);
  });

  it("explains missing arguments one by one", () => {
    const found = faultsIn(ACCOUNTS, entry({ args: undefined }));
    assert.deepEqual(
      found.map(({ path }) => path.replace("aws-patterns:patterns.media.args.", "")),
      Object.keys(ARGS),
    );
    for (const { fix } of found) assert.match(fix, /^Add it\. /);
  });
});
