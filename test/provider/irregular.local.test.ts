/** What is no table: waits, versions, invocations, records, and functions that look things up. */
import * as assert from "node:assert/strict";
import { CreateOrganizationalUnitCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { bootstrapOrganization } from "../../local/organization";
import type { Values } from "../../local/provider/property-values";
import { findFunction } from "../../local/provider/registry";
import { Others } from "./samples/others";
import {
  allow,
  archive,
  assertNoDrift,
  makeZone,
  Managed,
  runDeletion,
  startEmulator,
  testAccount,
  trust,
} from "./support";

const MANAGEMENT = "111122223333";
const account = testAccount({ project: "patterns" });
const RECORD = "aws:route53/record:Record";
const FUNCTION = "aws:lambda/function:Function";

describe("The stand-in provider, where types are no tables,", () => {
  let emulator: undefined | { stop(): Promise<void> };
  let zoneId = "";
  let root = "";
  let role = "";
  const make = (token: string, inputs: Values, name = "it"): Promise<Managed> =>
    new Managed(token, account, name).create(inputs);

  const code = (handler: string): Values => ({
    ...{ role, runtime: "nodejs22.x", handler: "index.handler" },
    code: archive({ "index.js": `exports.handler = ${handler};` }),
  });

  before(async () => {
    emulator = await startEmulator();
    root = await bootstrapOrganization({ endpoint: process.env.AWS_ENDPOINT_URL ?? "" }, MANAGEMENT, ["444455556666"]);
    zoneId = await makeZone(account);
    role = (await make("aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") })).output("arn");
  });
  after(() => emulator?.stop());

  it("a record leaves alone what somebody else has under the same name", async () => {
    const record = { zoneId, name: "app", type: "A", ttl: 30, records: ["192.0.2.1"] };
    const weighted = { ...record, weightedRoutingPolicies: [{ weight: 1 }] };
    const other = await make(RECORD, { ...weighted, setIdentifier: "theirs" });
    const made = await make(RECORD, { ...weighted, setIdentifier: "ours" });
    assert.deepEqual([made.id, made.outputs.fqdn], [`${zoneId}_app_A_ours`, "app.edge.example.com"]);
    await made.update({ ...weighted, setIdentifier: "still-ours" });
    await runDeletion(made);
    assert.ok(await other.refresh());
    await runDeletion(other);
  });

  it("a record that is already there is taken over only when allowOverwrite says so", async () => {
    const inputs = { zoneId, name: "www", type: "TXT", ttl: 30, records: ["v=1 hello"] };
    const first = await make(RECORD, inputs);
    await assert.rejects(make(RECORD, inputs), /already exists/);
    const second = await make(RECORD, { ...inputs, records: ["v=2"], allowOverwrite: true });
    assert.ok(await first.refresh());
    assert.equal(first.diff(inputs)[0]?.path, "records[0]");
    await runDeletion(second);
  });

  it("a function publishes a version with each change that is to be published", async () => {
    const inputs = { ...code("async () => 1"), publish: true };
    const made = await make(FUNCTION, inputs);
    assert.equal(made.outputs.version, "1");
    await made.update({ ...inputs, tags: { team: "edge" } });
    assert.equal(made.outputs.version, "1", "tags make no version");
    await made.update({ ...code("async () => 2"), publish: true });
    assert.equal(made.outputs.version, "2");
    assert.equal(made.outputs.qualifiedArn, `${made.output("arn")}:2`);
    await runDeletion(made);
  });

  it("an invocation says what happens to the resource, and fails with the function", async () => {
    const text = 'async ({ fail, tf }) => { if (fail) throw new Error("no"); return tf; }';
    const made = await make(FUNCTION, code(text));
    const token = "aws:lambda/invocation:Invocation";
    const always = { functionName: made.id, lifecycleScope: "CRUD" };
    const inputs = (input: object): Values => ({ ...always, input: JSON.stringify(input) });
    const invocation = await make(token, inputs({ a: 1 }));
    assert.deepEqual(JSON.parse(invocation.output("result")), { action: "create", prev_input: null });
    await invocation.update(inputs({ a: 2 }));
    assert.deepEqual(JSON.parse(invocation.output("result")), { action: "update", prev_input: { a: 1 } });
    await assert.rejects(make(token, inputs({ fail: true })), /failed: .*no/);
    await invocation.delete();
    await runDeletion(made);
    await invocation.delete();
  });

  it("a group ends with a failed scaling activity rather than waiting on", async () => {
    const others = new Others(account, zoneId);
    const inputs = await others.resolveAll({
      minSize: 1,
      maxSize: 1,
      vpcZoneIdentifiers: ["{subnet.id}"],
      launchTemplate: { id: "{otherArchitecture.id}" },
    });
    await assert.rejects(
      make("aws:autoscaling/group:Group", inputs),
      (error: Error & { state?: { id: string } }) =>
        /a scaling activity failed: .*architecture/.test(error.message) && error.state?.id.startsWith("it-") === true,
      "the group is made, and the state knows it",
    );
  });

  it("a bucket that may be emptied goes with its objects, and another one does not", async () => {
    const bucket = await make("aws:s3/bucket:Bucket", {});
    const put = new PutObjectCommand({ Bucket: bucket.id, Key: "a", Body: "b" });
    await account.client(S3Client).send(put);
    await assert.rejects(bucket.delete(), /BucketNotEmpty|not empty/);
    await bucket.update({ forceDestroy: true });
    await runDeletion(bucket);
  });

  it("a topic without its policy has the one that it was made with", async () => {
    const topic = await make("aws:sns/topic:Topic", {});
    // Whom it lets do something, and where.
    const subject = async (): Promise<unknown> => {
      const request = new GetTopicAttributesCommand({ TopicArn: topic.id });
      const { Attributes = {} } = await account.client(SNSClient).send(request);
      const { Statement } = JSON.parse(Attributes.Policy ?? "") as { Statement: Values[] };
      return Statement.map(({ Effect, Principal, Condition, Resource }) => [Effect, Principal, Condition, Resource]);
    };
    const first = await subject();
    const made = await make("aws:sns/topicPolicy:TopicPolicy", {
      arn: topic.id,
      policy: allow("sns:Publish", topic.id, "*"),
    });
    assert.notDeepEqual(await subject(), first);
    await made.delete();
    assert.deepEqual(await subject(), first);
  });

  describe("a function", () => {
    const look = (token: string, args: Values = {}): Promise<Values> => findFunction(token).invoke(account, args);

    it("says who and where the provider is", async () => {
      const identity = await look("aws:index/getCallerIdentity:getCallerIdentity");
      assert.equal(identity.accountId, MANAGEMENT);
      assert.equal((await look("aws:index/getPartition:getPartition")).dnsSuffix, "amazonaws.com");
      assert.equal((await look("aws:index/getRegion:getRegion")).region, "us-east-1");
    });

    it("finds a zone by its name or id", async () => {
      const token = "aws:route53/getZone:getZone";
      const found = await look(token, { name: "edge.example.com." });
      assert.equal(found.zoneId, zoneId);
      assert.equal((found.nameServers as string[]).length, 4);
      assert.equal((await look(token, { zoneId })).name, "edge.example.com");
      await assert.rejects(look(token, { name: "example.net" }), /no matching Route 53 Hosted Zone found/);
    });

    it("finds a bucket and its region, wherever that is", async () => {
      const token = "aws:s3/getBucket:getBucket";
      await make("aws:s3/bucket:Bucket", { bucket: "found-here" });
      assert.equal((await look(token, { bucket: "found-here" })).bucketRegion, "us-east-1");
      const west = { Bucket: "found-west", CreateBucketConfiguration: { LocationConstraint: "us-west-2" } } as const;
      await account.in("us-west-2").client(S3Client).send(new CreateBucketCommand(west));
      assert.equal((await look(token, { bucket: "found-west" })).bucketRegion, "us-west-2");
      await assert.rejects(look(token, { bucket: "not-there" }), /couldn't find resource/);
    });

    it("describes the organization, of which a member account sees the outside", async () => {
      const token = "aws:organizations/getOrganization:getOrganization";
      const found = await look(token);
      const { accounts, nonMasterAccounts, roots } = found as Record<string, { id: string }[]>;
      assert.deepEqual(accounts?.map(({ id }) => id).sort(), [MANAGEMENT, "444455556666"]);
      assert.equal(nonMasterAccounts?.length, 1);
      assert.equal(roots?.[0]?.id, root);
      const outside = await look(token, { returnOrganizationOnly: true });
      assert.deepEqual([outside.id, outside.accounts, outside.roots], [found.id, [], []]);
    });

    it("finds a unit by its name, and says which there are when there is none", async () => {
      const unit = new CreateOrganizationalUnitCommand({ Name: "Workloads", ParentId: root });
      const { OrganizationalUnit } = await account.client(OrganizationsClient).send(unit);
      const token = "aws:organizations/getOrganizationalUnit:getOrganizationalUnit";
      assert.equal((await look(token, { name: "Workloads", parentId: root })).id, OrganizationalUnit?.Id);
      await assert.rejects(
        look(token, { name: "Others", parentId: root }),
        /no organizational unit "Others" .*Workloads/,
      );
    });

    it("finds a mail identity and a parameter, or says that there is none", async () => {
      await make("aws:sesv2/emailIdentity:EmailIdentity", { emailIdentity: "example.com" });
      const token = "aws:sesv2/getEmailIdentity:getEmailIdentity";
      assert.match(String((await look(token, { emailIdentity: "example.com" })).arn), /:identity\/example\.com$/);
      await assert.rejects(look(token, { emailIdentity: "example.net" }), /no identity "example\.net"/);
      await make("aws:ssm/parameter:Parameter", { name: "/a", type: "String", value: "b" });
      assert.equal((await look("aws:ssm/getParameter:getParameter", { name: "/a" })).insecureValue, "b");
      await assert.rejects(look("aws:ssm/getParameter:getParameter", { name: "/c" }), /no SSM parameter \/c/);
    });
  });

  it("a policy of a role may be given as an object", async () => {
    const policy = JSON.parse(allow("s3:GetObject")) as Values;
    const inputs = { role: role.replace(/^.*\//, ""), policy };
    await assertNoDrift(await make("aws:iam/rolePolicy:RolePolicy", inputs), inputs);
  });
});
