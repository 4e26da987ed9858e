import * as assert from "node:assert/strict";
import { execa } from "execa";
import { ROOT } from "../../local/local-run";
import { ACCOUNTS, ARGS, entry, withArgs } from "../support/configurations";

interface Result {
  registered: { type: string; name: string; inputs: Record<string, unknown> }[];
  outputs: Record<string, Record<string, unknown>>;
  error: { message: string; isRunError: boolean } | null;
}

/** Runs index.ts in a process of its own, under mocks that note what it registers, as the engine would run it. */
const PROGRAM = `
  const pulumi = require("@pulumi/pulumi");
  const registered = [];
  const mocks = {
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs: type.startsWith("pulumi:providers:") ? inputs : {} });
      const arn = "arn:aws:x:us-east-1:111111111111:" + name;
      return { id: name + "-id", state: { ...inputs, arn, name, url: arn } };
    },
    call: () => ({ zoneId: "Z1" }),
  };
  const done = (error, outputs) => {
    const reported = error && { message: error.message, isRunError: pulumi.RunError.isInstance(error) };
    console.log("\\n" + JSON.stringify({ registered, outputs: outputs ?? {}, error: reported }));
  };
  pulumi.runtime.setMocks(mocks, "aws-patterns", "test", false).then(async () => {
    try {
      const { patterns } = require("./index");
      await pulumi.runtime.disconnect();
      pulumi.output(patterns).apply((outputs) => done(null, outputs));
    } catch (error) {
      done(error);
    }
  });`;

/** Values of configuration keys as texts, as the engine hands them over; the keys are of this project's namespace. */
async function program(config: Record<string, string>, secretKeys: string[] = []): Promise<Result> {
  const values = Object.entries(config).map(([key, value]) => [`aws-patterns:${key}`, value]);
  const { stdout } = await execa(process.execPath, ["-r", "./scripts/register.cjs", "-e", PROGRAM], {
    cwd: ROOT,
    env: {
      PULUMI_CONFIG: JSON.stringify({ "aws:region": "eu-west-1", ...Object.fromEntries(values) }),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys.map((key) => `aws-patterns:${key}`)),
    },
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Result;
}

const json = (config: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]));

describe("the program", () => {
  it("tells five mistakes of its configuration in one run, before it registers anything", async () => {
    const { registered, error } = await program(
      json({
        accounts: { edge: { id: "11111111111" } },
        patterns: withArgs({
          ttlSecond: 30,
          gatherSeconds: "2",
          repairSchedule: "cron(60 * * * ? *)",
          fleet: { ...ARGS.fleet, vpc: { cidrBlock: "10.0.0.0/33" } },
        }),
      }),
    );
    assert.deepEqual(registered, []);
    assert.equal(error?.isRunError, true, "shown without a stack trace");
    assert.match(error.message, /^Pulumi\.test\.yaml: 5 faults\n/);
    assert.equal(
      error.message.match(/^ {2}aws-patterns:\S+\n {4}received: .+\n {4}allowed: {2}.+\n {4}fix: {6}.+$/gm)?.length,
      5,
    );
  });

  it("takes a value that is no JSON, or another key, for the fault that it is", async () => {
    const { registered, error } = await program({ ...json({ patterns: entry() }), accounts: "edge", account: "edge" });
    assert.deepEqual(registered, []);
    assert.match(
      error?.message ?? "",
      /2 faults\n {2}aws-patterns:account\n.*\n.*\n.*Did you mean "aws-patterns:accounts"\?/,
    );
    assert.match(error?.message ?? "", /\n {2}aws-patterns:accounts\n {4}received: "edge"\n/);
  });

  it("keeps values of a secret configuration out of its faults", async () => {
    const { error } = await program(
      json({ accounts: ACCOUNTS, patterns: withArgs({ recordName: "swordfish.example.net" }) }),
      ["patterns"],
    );
    assert.match(error?.message ?? "", /hostedZone\.name\n {4}received: \(secret\)/);
    assert.doesNotMatch(error?.message ?? "", /swordfish/);
  });

  it("makes a provider for each account in use, and the components with it", async () => {
    const accounts = {
      edge: { id: "111111111111", externalId: "abc", tags: { owner: "edge@example.com" } },
      west: { id: "111111111111", region: "us-west-2" },
      unused: { id: "222222222222" },
    };
    const group = { pattern: "wavelength-dns", args: { ...ARGS, fleet: { autoScalingGroupName: "group" } } };
    const { registered, outputs, error } = await program(
      json({
        accounts,
        patterns: { media: { ...group, account: "edge" }, other: { ...group, accounts: ["edge", "west"] } },
      }),
    );
    assert.equal(error, null);
    const providers = registered.filter(({ type }) => type === "pulumi:providers:aws");
    assert.deepEqual(providers.map(({ name }) => name).sort(), ["account-edge", "account-west"]);
    const parsed = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);
    const { inputs = {} } = providers.find(({ name }) => name === "account-edge") ?? {};
    assert.equal(inputs.region, "us-east-1");
    assert.deepEqual(parsed(inputs.allowedAccountIds), ["111111111111"]);
    assert.deepEqual(parsed(inputs.assumeRoles), [
      {
        roleArn: "arn:aws:iam::111111111111:role/aws-patterns-deployer",
        sessionName: "aws-patterns",
        externalId: "abc",
      },
    ]);
    assert.deepEqual(parsed(inputs.defaultTags), {
      tags: { "managed-by": "aws-patterns", environment: "test", owner: "edge@example.com" },
    });
    assert.deepEqual(
      registered.filter(({ type }) => type === "aws-patterns:edge:WavelengthDns").map(({ name }) => name),
      ["media", "other-edge", "other-west"],
    );
    assert.deepEqual(Object.keys(outputs), ["media", "other-edge", "other-west"]);
    const { pattern, account, region, recordName, hostedZoneId } = outputs["other-west"] ?? {};
    assert.deepEqual(
      { pattern, account, region, recordName, hostedZoneId },
      {
        pattern: "wavelength-dns",
        account: "111111111111",
        region: "us-west-2",
        recordName: "media.example.com",
        hostedZoneId: "Z1",
      },
    );
  });
});
