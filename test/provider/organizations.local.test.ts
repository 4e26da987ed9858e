import * as assert from "node:assert/strict";
import { MoveAccountCommand, OrganizationsClient, UpdatePolicyCommand } from "@aws-sdk/client-organizations";
import { bootstrapOrganization } from "../../local/organization";
import { allow, invoke, Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const MANAGEMENT = "111122223333";
const MEMBER = "444455556666";
const account = testAccount({ project: "patterns" });
const POLICY = "aws:organizations/policy:Policy";
const UNIT = "aws:organizations/organizationalUnit:OrganizationalUnit";
const ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment";

describe("Organizations in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  let root: string;
  const client = (): OrganizationsClient => account.client(OrganizationsClient);

  before(async () => {
    emulator = await startEmulator();
    root = await bootstrapOrganization({ endpoint: process.env.AWS_ENDPOINT_URL ?? "" }, MANAGEMENT, [MEMBER]);
  });
  after(() => emulator.stop());

  it("keeps a service control policy as the program says", async () => {
    const made = await runCourse(account, {
      token: POLICY,
      inputs: { content: allow("sqs:*"), description: "Queues" },
      changed: { content: allow("sns:*"), description: "Topics" },
      changes: ["content", "description"],
    });
    assert.match(made.id, /^p-/);
    assert.match(made.output("arn"), new RegExp(`^arn:aws:organizations::${MANAGEMENT}:policy/o-.*/${made.id}$`));
    assert.deepEqual(
      made.diff({ ...made.inputs, type: "TAG_POLICY" }).map(({ path, effect }) => [path, effect]),
      [["type", "replace"]],
    );
    await client().send(new UpdatePolicyCommand({ PolicyId: made.id, Content: allow("s3:*") }));
    await made.refresh();
    assert.equal(made.inputs.content, allow("s3:*"));
    await made.update({ content: allow("sns:*"), name: made.output("name") });
    assert.equal(made.outputs.description, "");
    await runDeletion(made);
  });

  it("keeps a unit as the program says, and knows the accounts in it", async () => {
    const made = await runCourse(account, {
      token: UNIT,
      inputs: { parentId: root, name: "workloads" },
      changed: { name: "sandbox" },
      changes: ["name"],
    });
    assert.deepEqual(made.outputs.accounts, []);
    assert.deepEqual(
      made.diff({ ...made.inputs, parentId: "ou-abcd-12345678" }).map(({ effect }) => effect),
      ["replace"],
    );
    const move = { AccountId: MEMBER, SourceParentId: root, DestinationParentId: made.id };
    await client().send(new MoveAccountCommand(move));
    await made.refresh();
    assert.deepEqual(
      (made.outputs.accounts as { id: string }[]).map(({ id }) => id),
      [MEMBER],
    );
    await assert.rejects(made.delete(), { name: "OrganizationalUnitNotEmptyException" });
    await client().send(new MoveAccountCommand({ ...move, SourceParentId: made.id, DestinationParentId: root }));
    await runDeletion(made);
  });

  it("attaches a policy to a target, and leaves it there when the program says so", async () => {
    const policy = await new Managed(POLICY, account, "attached").create({ content: allow("*") });
    const unit = await new Managed(UNIT, account, "target").create({ parentId: root });
    const inputs = { policyId: policy.id, targetId: unit.id };
    const made = await runCourse(account, {
      token: ATTACHMENT,
      inputs,
      changed: { skipDestroy: true },
      changes: ["skipDestroy"],
    });
    assert.equal(made.id, `${unit.id}:${policy.id}`);
    assert.deepEqual(
      made.diff({ ...inputs, skipDestroy: true, targetId: MEMBER }).map(({ effect }) => effect),
      ["replace"],
    );
    await made.delete();
    assert.ok(await made.refresh());
    await assert.rejects(policy.delete(), { name: "PolicyInUseException" });
    await made.update(inputs);
    await runDeletion(made);
    await runDeletion(policy);
    await runDeletion(unit);
  });

  it("leaves a policy where it is when the program says so", async () => {
    const made = await new Managed(POLICY, account, "kept").create({ content: allow("*"), skipDestroy: true });
    await made.delete();
    assert.ok(await made.refresh());
    await made.update({ content: allow("*"), name: made.output("name") });
    await runDeletion(made);
  });

  it("describes the organization, of which a member account sees the outside", async () => {
    const token = "aws:organizations/getOrganization:getOrganization";
    const found = await invoke(account, token, {});
    const { accounts, nonMasterAccounts, roots } = found as Record<string, { id: string }[]>;
    assert.deepEqual(accounts?.map(({ id }) => id).sort(), [MANAGEMENT, MEMBER]);
    assert.deepEqual(
      nonMasterAccounts?.map(({ id }) => id),
      [MEMBER],
    );
    assert.deepEqual(
      roots?.map(({ id }) => id),
      [root],
    );
    assert.deepEqual(found.enabledPolicyTypes, ["SERVICE_CONTROL_POLICY"]);
    assert.equal(found.featureSet, "ALL");
    const outside = await invoke(account, token, { returnOrganizationOnly: true });
    assert.deepEqual([outside.id, outside.accounts, outside.roots], [found.id, [], []]);
  });

  it("finds a unit by its name where it lies, and says which there are when there is none", async () => {
    const unit = await new Managed("aws:organizations/organizationalUnit:OrganizationalUnit", account, "found").create({
      name: "Workloads",
      parentId: root,
    });
    const find = (name: string) =>
      invoke(account, "aws:organizations/getOrganizationalUnit:getOrganizationalUnit", { name, parentId: root });
    assert.equal((await find("Workloads")).id, unit.id);
    await assert.rejects(find("workloads"), /no organizational unit "workloads" in r-\w+; there are: .*Workloads/);
    await runDeletion(unit);
  });
});
