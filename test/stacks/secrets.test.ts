import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseConfiguration } from "../../stacks/config";
import { ConfigurationError, type Fault } from "../../stacks/faults";
import { ACCOUNTS, ARGS, withArgs, withFleet } from "../support/configurations";

function secretFaults(accounts: unknown, patterns: unknown): Fault<string>[] {
  return parseConfiguration({ accounts, patterns, secret: true }, "test").faults ?? [];
}

function printed(accounts: unknown, patterns: unknown): string {
  return new ConfigurationError("test", secretFaults(accounts, patterns)).message;
}

describe("faults of a secret configuration", () => {
  it("say where they are and what is allowed, but not what was received", () => {
    const [fault, ...more] = secretFaults({ edge: { id: "swordfish" } }, withArgs({}));
    assert.deepEqual(more, []);
    assert.equal(fault?.path, "aws-patterns:accounts.edge.id");
    assert.equal(fault?.received, "(secret)");
    assert.match(fault?.allowed ?? "", /12 digits/);
  });

  it("leave values out of their advice as well", () => {
    assert.doesNotMatch(printed(ACCOUNTS, withArgs({ recordName: "swordfish.example.net" })), /swordfish/);
    assert.doesNotMatch(printed(ACCOUNTS, withArgs({ repairSchedule: "cron(swordfish * * * ? *)" })), /swordfish/);
    const roleArn = "arn:aws:iam::222222222222:role/swordfish";
    const account = printed({ edge: { id: "333333333333", roleArn } }, withArgs({}));
    assert.doesNotMatch(account, /swordfish|333333333333|222222222222/);
    const region = printed({ edge: { id: "111111111111", region: "us-west-2" } }, withArgs({}));
    assert.doesNotMatch(region, /us-west-2/);
    assert.match(region, /of the account's region \(secret\)/);
  });

  it("tell faults once that differ in their values alone", () => {
    const accounts = { edge: { id: "111111111111" }, west: { id: "222222222222" } };
    const name = "a-name-longer-than-names-may-be";
    const faults = secretFaults(accounts, {
      [name]: { pattern: "wavelength-dns", accounts: ["edge", "west"], args: ARGS },
    });
    assert.equal(new Set(faults.map((fault) => JSON.stringify(fault))).size, faults.length);
  });

  it("keep what is no value: the names that are allowed", () => {
    const text = printed(ACCOUNTS, withArgs({ ttlSecond: 30 }));
    assert.match(text, /media\.args\.ttlSecond\n.*\(secret\)\n.*recordName, .*\n.*Did you mean "ttlSeconds"\?/);
  });

  it("never show a value, wherever it is put", () => {
    const places: ((secret: unknown) => [unknown, unknown])[] = [
      (secret) => [secret, secret],
      (secret) => [{ edge: { id: secret, region: secret, roleArn: secret, externalId: [secret] } }, withArgs({})],
      (secret) => [
        { edge: { id: "111111111111", tags: { owner: secret, team: secret } } },
        withArgs({ ttlSeconds: "" }),
      ],
      (secret) => [ACCOUNTS, { media: { pattern: secret, account: secret, args: ARGS } }],
      (secret) => [ACCOUNTS, { media: { pattern: "wavelength-dns", accounts: [secret, secret], args: secret } }],
      (secret) => [ACCOUNTS, withArgs({ recordName: secret, hostedZone: { name: secret }, repairSchedule: secret })],
      (secret) => [
        ACCOUNTS,
        withArgs({ repairSchedule: `cron(${String(secret)} * * * ? *)`, weights: { kind: secret } }),
      ],
      (secret) => [ACCOUNTS, withFleet({ zones: [{ name: secret }], vpc: { cidrBlock: secret } })],
      (secret) => [ACCOUNTS, withFleet({ ports: [{ protocol: secret, from: 9, to: 8, cidrBlocks: [secret] }] })],
    ];
    const secret = fc.oneof(
      fc.string({ minLength: 12, maxLength: 12, unit: "grapheme" }),
      fc.stringMatching(/^[a-z]{12}$/),
      fc.integer({ min: 100_000_000_000, max: 999_999_999_999 }),
    );
    fc.assert(
      fc.property(secret, fc.constantFrom(...places), (value, place) => {
        const configuration = place(value);
        fc.pre(secretFaults(...configuration).length > 0);
        const text = printed(...configuration);
        assert.ok(!text.includes(String(value)), text);
        assert.ok(!text.includes(JSON.stringify(value).slice(1, -1)), text);
      }),
      { numRuns: 500 },
    );
  });
});
