import * as assert from "node:assert/strict";
import {
  AttachRolePolicyCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { allow, invoke, Managed, runCourse, runDeletion, startEmulator, testAccount, trust } from "./support";

const account = testAccount({ project: "patterns" });
const ROLE = "aws:iam/role:Role";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

describe("IAM in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  let shared: Managed;
  const client = () => account.client(IAMClient);

  before(async () => {
    emulator = await startEmulator();
    shared = await new Managed(ROLE, account, "shared").create({ assumeRolePolicy: trust("lambda.amazonaws.com") });
  });
  after(async () => {
    await shared.delete();
    await emulator.stop();
  });

  it("names a role by its prefix, and imports it with the tags that the program says", async () => {
    const program = { assumeRolePolicy: trust("lambda.amazonaws.com"), namePrefix: "edge-", tags: { team: "edge" } };
    const made = await new Managed(ROLE, account).create(program);
    assert.match(made.id, /^edge-[0-9a-f]{26}$/);
    assert.ok(await made.refresh());
    assert.deepEqual(made.diff(program), []);
    const imported = new Managed(ROLE, account);
    assert.ok(await imported.import(made.id));
    assert.deepEqual(imported.inputs.tags, { team: "edge" });
    assert.deepEqual(imported.outputs.tagsAll, { project: "patterns", team: "edge" });
    await runDeletion(made);
  });

  it("keeps a role as the program says", async () => {
    const boundary = await new Managed("aws:iam/policy:Policy", account, "boundary").create({ policy: allow("sqs:*") });
    const made = await runCourse(account, {
      token: ROLE,
      inputs: {
        assumeRolePolicy: trust("lambda.amazonaws.com"),
        description: "one",
        managedPolicyArns: [READ_ONLY, BASIC],
        path: "/patterns/",
        permissionsBoundary: boundary.output("arn"),
      },
      changed: {
        assumeRolePolicy: trust("ec2.amazonaws.com"),
        description: "two",
        managedPolicyArns: [BASIC],
        maxSessionDuration: 7200,
      },
      changes: [
        "assumeRolePolicy",
        "description",
        "managedPolicyArns[0]",
        "managedPolicyArns[1]",
        "maxSessionDuration",
      ],
    });
    assert.equal(made.output("arn"), `arn:aws:iam::111122223333:role/patterns/${made.id}`);
    assert.equal(made.id, made.outputs.name);
    const without = { ...made.inputs };
    delete without.permissionsBoundary;
    delete without.description;
    await made.update(without);
    await made.refresh();
    assert.deepEqual([made.outputs.permissionsBoundary ?? null, made.outputs.description], [null, ""]);
    await runDeletion(made);
    await boundary.delete();
  });

  it("takes a policy as an object, and answers no drift for it", async () => {
    const made = await new Managed(ROLE, account).create({
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
    });
    assert.ok(await made.refresh());
    assert.deepEqual(made.diff(made.inputs), []);
    await runDeletion(made);
  });

  it("plans a replacement for another path, and sees a foreign description as drift", async () => {
    const program = { assumeRolePolicy: trust("ec2.amazonaws.com"), description: "ours" };
    const made = await new Managed(ROLE, account).create(program);
    assert.deepEqual(
      made.diff({ ...program, path: "/other/" }).map(({ path, effect }) => [path, effect]),
      [["path", "replace"]],
    );
    const other = await new Managed(ROLE, account).create({ ...program, name: "other-role" });
    await other.update({ ...program, name: "other-role", description: "theirs" });
    other.inputs = other.check({ ...program, name: "other-role" });
    await other.refresh();
    assert.deepEqual(
      other.diff({ ...program, name: "other-role" }).map(({ path }) => path),
      ["description"],
    );
    await runDeletion(other);
    await runDeletion(made);
  });

  it("deletes a role that somebody has attached policies to, when told to force it", async () => {
    const made = await new Managed(ROLE, account).create({
      assumeRolePolicy: trust("ec2.amazonaws.com"),
      forceDetachPolicies: true,
    });
    const profile = await new Managed("aws:iam/instanceProfile:InstanceProfile", account).create({ role: made.id });
    await client().send(new AttachRolePolicyCommand({ RoleName: made.id, PolicyArn: READ_ONLY }));
    await client().send(
      new PutRolePolicyCommand({ RoleName: made.id, PolicyName: "p", PolicyDocument: allow("sqs:*") }),
    );
    await runDeletion(made);
    await runDeletion(profile);
  });

  it("keeps an inline policy as the program says", async () => {
    const made = await runCourse(account, {
      token: "aws:iam/rolePolicy:RolePolicy",
      inputs: { role: shared.id, policy: allow("sqs:SendMessage") },
      changed: { policy: allow(["sqs:SendMessage", "sqs:ReceiveMessage"], "arn:aws:sqs:*:*:a b%20c") },
      changes: ["policy"],
    });
    assert.equal(made.id, `${shared.id}:${made.output("name")}`);
    await runDeletion(made);
  });

  it("keeps the attachment of a managed policy", async () => {
    const made = await runCourse(account, {
      token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { role: shared.id, policyArn: BASIC },
      changed: {},
      changes: [],
    });
    assert.equal(made.id, `${shared.id}/${BASIC}`);
    assert.deepEqual(
      made.diff({ role: shared.id, policyArn: READ_ONLY }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
  });

  it("keeps a managed policy, whose oldest version makes room", async () => {
    const made = await runCourse(account, {
      token: "aws:iam/policy:Policy",
      inputs: { policy: allow("sqs:SendMessage"), description: "queues" },
      changed: { policy: allow("sqs:*") },
      changes: ["policy"],
    });
    for (const action of ["a", "b", "c", "d", "e"]) {
      await made.update({ ...made.inputs, policy: allow(`sqs:${action}`) });
    }
    const { Versions = [] } = await client().send(new ListPolicyVersionsCommand({ PolicyArn: made.id }));
    assert.equal(Versions.length, 5);
    await made.refresh();
    assert.equal(made.outputs.policy, allow("sqs:e"));
    await runDeletion(made);
  });

  it("keeps an instance profile as the program says", async () => {
    const second = await new Managed(ROLE, account, "second").create({ assumeRolePolicy: trust("ec2.amazonaws.com") });
    const made = await runCourse(account, {
      token: "aws:iam/instanceProfile:InstanceProfile",
      inputs: { role: shared.id },
      changed: { role: second.id },
      changes: ["role"],
    });
    await runDeletion(made);
    await second.delete();
  });

  it("answers who it is, and where", async () => {
    const identity = await invoke(account, "aws:index/getCallerIdentity:getCallerIdentity", {});
    assert.equal(identity.accountId, "111122223333");
    assert.match(String(identity.arn), /^arn:aws:iam::111122223333:/);
    const region = await invoke(account, "aws:index/getRegion:getRegion", {});
    assert.deepEqual(region, {
      id: "us-east-1",
      name: "us-east-1",
      region: "us-east-1",
      description: "US East (N. Virginia)",
      endpoint: "ec2.us-east-1.amazonaws.com",
    });
    assert.deepEqual(await invoke(testAccount({}, "cn-north-1"), "aws:index/getPartition:getPartition", {}), {
      id: "aws-cn",
      partition: "aws-cn",
      dnsSuffix: "amazonaws.com.cn",
      reverseDnsPrefix: "cn.com.amazonaws",
    });
  });
});
