import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { MAXIMUM_NAME_LENGTH } from "../../components/building-blocks/component";
import { configurationOf, readStackFile, stackNames } from "../../stacks/stack-file";
import { parseConfiguration } from "../../stacks/config";
import { ConfigurationError } from "../../stacks/faults";
import { ACCOUNTS, ARGS, entry, faultIn, faultsIn, valid, withArgs, withFleet } from "../support/configurations";

describe("the stack configuration", () => {
  it("fills in region, deployer role and tags", () => {
    assert.deepEqual(valid(ACCOUNTS, entry()).accounts, [
      {
        name: "edge",
        id: "111111111111",
        region: "us-east-1",
        roleArn: "arn:aws:iam::111111111111:role/aws-patterns-deployer",
        tags: { "managed-by": "aws-patterns", environment: "test" },
      },
    ]);
  });

  it("lets an account say otherwise", () => {
    const edge = {
      id: "111111111111",
      region: "us-east-1",
      roleArn: "arn:aws:iam::111111111111:role/ci/deploy",
      externalId: "abc",
      tags: { environment: "lab", owner: "edge@example.com" },
    };
    const [account] = valid({ edge }, entry()).accounts;
    assert.deepEqual(account, { name: "edge", ...edge, tags: { "managed-by": "aws-patterns", ...edge.tags } });
  });

  it("names the deployer role in the partition of the account's region", () => {
    const role = (region: string): string | undefined =>
      valid({ edge: { id: "111111111111", region } }, withArgs({ fleet: { autoScalingGroupName: "group" } }))
        .accounts[0]?.roleArn;
    assert.equal(role("us-gov-west-1"), "arn:aws-us-gov:iam::111111111111:role/aws-patterns-deployer");
    assert.equal(role("cn-north-1"), "arn:aws-cn:iam::111111111111:role/aws-patterns-deployer");
    assert.equal(role("eusc-de-east-1"), "arn:aws-eusc:iam::111111111111:role/aws-patterns-deployer");
    assert.equal(role("us-isob-east-1"), "arn:aws-iso-b:iam::111111111111:role/aws-patterns-deployer");
    // One that AWS may open some day.
    assert.equal(role("eu-isoe-east-2"), "arn:aws-iso-e:iam::111111111111:role/aws-patterns-deployer");
  });

  it("needs fewer than ten lines for a new account", () => {
    const text = `config:
  aws-patterns:accounts:
    new: { id: "111111111111" }
  aws-patterns:patterns:
    media:
      pattern: wavelength-dns
      account: new
      args: ${JSON.stringify(ARGS)}
`;
    assert.ok(text.trimEnd().split("\n").length < 10);
    const { config } = load(text) as { config: Record<string, unknown> };
    valid(config["aws-patterns:accounts"], config["aws-patterns:patterns"]);
  });

  it("is valid in every stack file of the project, and each shows what it is for", async () => {
    assert.deepEqual(await stackNames(), ["dev", "local", "prod"]);
    const accounts = async (stack: string): Promise<number> =>
      new Set(configurationOf(stack, (await readStackFile(stack)).settings).accounts.map(({ id }) => id)).size;
    assert.equal(await accounts("dev"), 1);
    assert.ok((await accounts("prod")) >= 6);
    for (const stack of await stackNames()) {
      assert.ok(!readFileSync(join(__dirname, "..", "..", `Pulumi.${stack}.yaml`), "utf8").includes("encryptionsalt"));
    }
  });

  it("deploys a pattern into each of several accounts", () => {
    const accounts = { one: { id: "111111111111" }, two: { id: "222222222222" } };
    const names = (wanted: unknown): string[][] =>
      valid(accounts, { media: { pattern: "wavelength-dns", accounts: wanted, args: ARGS } }).deployments.map(
        ({ name, account }) => [name, account.id],
      );
    assert.deepEqual(names(["one", "two", "one"]), [
      ["media-one", "111111111111"],
      ["media-two", "222222222222"],
    ]);
    assert.deepEqual(names(["two"]), [["media-two", "222222222222"]]);
    assert.deepEqual(names("one"), [["media-one", "111111111111"]]);
  });

  it("tells five different mistakes in one run, each with its place, what is allowed and the fix", () => {
    const found = faultsIn(
      { edge: { id: "11111111111" } },
      withArgs({
        ttlSecond: 30,
        gatherSeconds: "2",
        repairSchedule: "cron(60 * * * ? *)",
        fleet: { ...ARGS.fleet, vpc: { cidrBlock: "10.0.0.0/33" } },
      }),
    );
    assert.deepEqual(
      found.map(({ path, received }) => [path, received]),
      [
        ["aws-patterns:accounts.edge.id", '"11111111111"'],
        ["aws-patterns:patterns.media.args.fleet.vpc.cidrBlock", '"10.0.0.0/33"'],
        ["aws-patterns:patterns.media.args.gatherSeconds", '"2"'],
        ["aws-patterns:patterns.media.args.repairSchedule", '"cron(60 * * * ? *)"'],
        ["aws-patterns:patterns.media.args.ttlSecond", "30"],
      ],
    );
    for (const { allowed, fix } of found) assert.ok(allowed.length > 5 && fix.length > 5);
    const { message } = new ConfigurationError("test", found);
    assert.match(message, /^Pulumi\.test\.yaml: 5 faults\n/);
    assert.match(
      message,
      /\.ttlSecond\n {4}received: 30\n {4}allowed: {2}recordName, .*\n {4}fix: {6}Did you mean "ttlSeconds"\?/,
    );
  });

  it("tells what is wrong with the meaning of arguments along with unknown keys, in several entries", () => {
    const found = faultsIn(ACCOUNTS, {
      ...withArgs({ ttlSecond: 30, drainMarginSeconds: 900 }),
      other: { ...entry().media, args: { ...ARGS, recordName: "other.example.org" } },
    });
    assert.deepEqual(
      found.map(({ path }) => path.replace("aws-patterns:patterns.", "")),
      ["media.args.drainMarginSeconds", "media.args.ttlSecond", "other.args.hostedZone.name"],
    );
  });

  it("does not blame a pattern for the faults of its account, and checks its arguments all the same", () => {
    for (const account of [{ id: "1" }, {}, null, { id: "111111111111", regin: "us-east-1" }]) {
      const found = faultsIn({ edge: account }, withArgs({ ttlSeconds: 0 }));
      assert.equal(found.length, 2, JSON.stringify(found));
      assert.match(found[0]?.path ?? "", /^aws-patterns:accounts\.edge/);
      assert.equal(found[1]?.path, "aws-patterns:patterns.media.args.ttlSeconds");
    }
  });

  it("tells the same fault once, however many accounts have it", () => {
    const accounts = { one: { id: "111111111111" }, two: { id: "222222222222" } };
    const { account: _, ...media } = withArgs({ ttlSeconds: 0 }).media;
    assert.equal(faultIn(accounts, { media: { ...media, accounts: ["one", "two"] } }).received, "0");
  });

  it("wants either account or accounts", () => {
    const path = "aws-patterns:patterns.media.account";
    assert.equal(faultIn(ACCOUNTS, entry({ accounts: ["edge"] })).path, path);
    assert.equal(faultIn(ACCOUNTS, entry({ account: undefined })).path, path);
  });

  it("takes what programs may give: policies of instances, too", () => {
    const statement = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::media/*"] };
    valid(ACCOUNTS, withFleet({ instances: { policies: [statement] } }));
    const everything = withFleet({ instances: { policies: [{ ...statement, resource: "x", resources: ["*"] }] } });
    assert.deepEqual(
      faultsIn(ACCOUNTS, everything).map(({ path }) => path.replace(/^.*policies/, "policies")),
      ["policies[0].resource", "policies[0].resources"],
    );
  });

  it("wants zones of the account's region", () => {
    const fault = faultIn({ edge: { id: "111111111111", region: "us-west-2" } }, entry());
    assert.equal(fault.path, "aws-patterns:patterns.media.args.fleet.zones[0].name");
    assert.match(fault.allowed, /us-west-2/);
    const misspelt = faultIn(ACCOUNTS, withFleet({ zones: [{ name: "us-east-1a" }] }));
    assert.match(misspelt.allowed, /such as us-east-1-wl1-bos-wlz-1/);
  });

  it("wants a role of the account, and every account once in a region", () => {
    const roleArn = "arn:aws:iam::222222222222:role/deploy";
    assert.equal(
      faultIn({ edge: { id: "111111111111", roleArn } }, entry()).path,
      "aws-patterns:accounts.edge.roleArn",
    );
    const elsewhere = { id: "111111111111", region: "us-east-1", roleArn: "arn:aws-cn:iam::111111111111:role/deploy" };
    assert.equal(faultIn({ edge: elsewhere }, entry()).path, "aws-patterns:accounts.edge.roleArn");
    const twice = faultIn({ edge: { id: "111111111111" }, copy: { id: "111111111111" } }, entry());
    assert.equal(twice.path, "aws-patterns:accounts.copy.id");
    assert.match(twice.fix, /"edge" is the same account/);
    valid({ edge: { id: "111111111111" }, west: { id: "111111111111", region: "us-west-2" } }, entry());
  });

  it("wants names that no other deployment has, though an account's name is added", () => {
    const accounts = { one: { id: "111111111111" }, two: { id: "222222222222" } };
    const both = { pattern: "wavelength-dns", accounts: ["one", "two"], args: ARGS };
    const single = { pattern: "wavelength-dns", account: "one", args: ARGS };
    const fault = faultIn(accounts, { media: both, "media-two": single });
    assert.deepEqual([fault.path, fault.received], ["aws-patterns:patterns.media-two", '"media-two"']);
    assert.match(fault.fix, /"media" is deployed under that name too/);
  });

  it("wants names that are short enough for those of the resources", () => {
    const longest = "a".repeat(MAXIMUM_NAME_LENGTH);
    valid(ACCOUNTS, { [longest]: entry().media });
    assert.equal(faultIn(ACCOUNTS, { [`${longest}a`]: entry().media }).path, `aws-patterns:patterns.${longest}a`);
    const accounts = { one: { id: "111111111111" }, two: { id: "222222222222" } };
    const both = { pattern: "wavelength-dns", accounts: ["one", "two"], args: ARGS };
    const [first, second] = faultsIn(accounts, { [longest.slice(4)]: both, [longest.slice(3)]: both });
    assert.deepEqual(
      [first?.path, first?.received],
      [`aws-patterns:patterns.${longest.slice(3)}`, `"${longest.slice(3)}-one"`],
    );
    assert.match(second?.allowed ?? "", /names of entry and account together/);
  });

  it("refuses other keys under the project's namespace", () => {
    const raw = { accounts: ACCOUNTS, patterns: entry(), keys: ["aws-patterns:pattern"] };
    const { faults } = parseConfiguration(raw, "test");
    assert.deepEqual(
      faults?.map(({ path, fix }) => [path, fix]),
      [["aws-patterns:pattern", 'Did you mean "aws-patterns:patterns"?']],
    );
  });
});
