import * as assert from "node:assert/strict";
import {
  AcceptHandshakeCommand,
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DeclineHandshakeCommand,
  DeleteOrganizationalUnitCommand,
  DeleteOrganizationCommand,
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  DetachPolicyCommand,
  EnableAWSServiceAccessCommand,
  InviteAccountToOrganizationCommand,
  LeaveOrganizationCommand,
  ListAccountsCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListChildrenCommand,
  ListHandshakesForAccountCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  RemoveAccountFromOrganizationCommand,
  UpdateOrganizationalUnitCommand,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { bootstrapOrganization } from "../../local/organization";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { policy } from "../support/functions";
import { given } from "../support/network";
import { assumeRole } from "../../local/sessions";

const MANAGEMENT = "820000000001";
const MEMBER = "820000000002";
const STRANGER = "820000000003";
const Filter = "SERVICE_CONTROL_POLICY" as const;

describe("the local cloud's organizations", () => {
  let cloud: TestCloud;
  let management: OrganizationsClient;
  let root: string;
  const as = (account: string) => new OrganizationsClient(cloud.as(account));

  before(async () => {
    cloud = await startTestCloud();
    management = as(MANAGEMENT);
    root = await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER]);
  });
  after(() => cloud.stop());

  const unit = async (Name: string, ParentId = root): Promise<string> => {
    const { OrganizationalUnit } = await management.send(new CreateOrganizationalUnitCommand({ Name, ParentId }));
    return given(OrganizationalUnit?.Id, "unit");
  };
  const scp = async (Name: string, Content: string): Promise<string> => {
    const { Policy } = await management.send(new CreatePolicyCommand({ Name, Content, Description: "", Type: Filter }));
    return given(Policy?.PolicySummary?.Id, "policy");
  };
  const attachedTo = async (TargetId: string) =>
    (await management.send(new ListPoliciesForTargetCommand({ TargetId, Filter }))).Policies?.map(({ Id }) => Id);

  describe("the accounts", () => {
    it("are in the organization that invited them, once they accept", async () => {
      assert.equal(await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER]), root);
      const { Organization } = await as(MEMBER).send(new DescribeOrganizationCommand({}));
      assert.equal(Organization?.MasterAccountId, MANAGEMENT);
      const { Accounts } = await management.send(new ListAccountsCommand({}));
      assert.deepEqual(Accounts?.map(({ Id }) => Id).sort(), [MANAGEMENT, MEMBER]);
      const { Account } = await management.send(new DescribeAccountCommand({ AccountId: MEMBER }));
      assert.deepEqual(Account?.Paths, [`${Organization.Id}/${root}/${MEMBER}/`]);
      assert.equal(Account.State, "ACTIVE");
    });

    it("get an error when they are in none, or may not ask", async () => {
      const notInUse = { name: "AWSOrganizationsNotInUseException" };
      await assert.rejects(as(STRANGER).send(new DescribeOrganizationCommand({})), notInUse);
      await assert.rejects(as(STRANGER).send(new ListRootsCommand({})), notInUse);
      await assert.rejects(as(STRANGER).send(new LeaveOrganizationCommand({})), notInUse);
      await assert.rejects(as(MEMBER).send(new ListRootsCommand({})), { name: "AccessDeniedException" });
      await assert.rejects(as(MEMBER).send(new CreateOrganizationCommand({})), {
        name: "AlreadyInOrganizationException",
      });
    });

    it("may decline, and answer no invitation of others", async () => {
      const Target = { Id: STRANGER, Type: "ACCOUNT" as const };
      const invite = () => management.send(new InviteAccountToOrganizationCommand({ Target, Notes: "please" }));
      const HandshakeId = (await invite()).Handshake?.Id;
      await assert.rejects(invite(), { name: "DuplicateHandshakeException" });
      await assert.rejects(as("820000000009").send(new AcceptHandshakeCommand({ HandshakeId })), {
        name: "HandshakeNotFoundException",
      });
      await assert.rejects(management.send(new DeclineHandshakeCommand({ HandshakeId })), {
        name: "AccessDeniedException",
      });
      const { Handshakes } = await as(STRANGER).send(new ListHandshakesForAccountCommand({}));
      assert.deepEqual(
        Handshakes?.map(({ Id, State }) => [Id, State]),
        [[HandshakeId, "OPEN"]],
      );
      await as(STRANGER).send(new DeclineHandshakeCommand({ HandshakeId }));
      await assert.rejects(as(STRANGER).send(new AcceptHandshakeCommand({ HandshakeId })), {
        name: "InvalidHandshakeTransitionException",
      });
      await assert.rejects(
        management.send(new InviteAccountToOrganizationCommand({ Target: { Id: MEMBER, Type: "ACCOUNT" } })),
        { name: "HandshakeConstraintViolationException", Reason: "ALREADY_IN_AN_ORGANIZATION" },
      );
    });

    it("leave, are removed, and come back", async () => {
      const guest = "820000000004";
      for (const leave of [
        () => as(guest).send(new LeaveOrganizationCommand({})),
        () => management.send(new RemoveAccountFromOrganizationCommand({ AccountId: guest })),
      ]) {
        await bootstrapOrganization(cloud, MANAGEMENT, [guest]);
        assert.deepEqual(await attachedTo(guest), ["p-FullAWSAccess"]);
        await leave();
        await assert.rejects(as(guest).send(new DescribeOrganizationCommand({})));
      }
      await assert.rejects(management.send(new LeaveOrganizationCommand({})), {
        name: "MasterCannotLeaveOrganizationException",
      });
    });

    it("that are created can be entered from the management account", async () => {
      const { CreateAccountStatus } = await management.send(
        new CreateAccountCommand({ AccountName: "new", Email: "new@example.com" }),
      );
      const id = given(CreateAccountStatus?.AccountId, "account");
      const entry = await assumeRole(cloud.as(MANAGEMENT), `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`);
      const inside = new SQSClient(entry);
      const { QueueUrl } = await inside.send(new CreateQueueCommand({ QueueName: "q" }));
      assert.match(given(QueueUrl, "url"), new RegExp(`/${id}/q$`));
      await management.send(new RemoveAccountFromOrganizationCommand({ AccountId: id }));
    });

    it("of another organization have nothing to do with this one", async () => {
      const other = as("820000000010");
      await other.send(new CreateOrganizationCommand({ FeatureSet: "CONSOLIDATED_BILLING" }));
      const { Roots } = await other.send(new ListRootsCommand({}));
      assert.notEqual(Roots?.[0]?.Id, root);
      assert.deepEqual(Roots?.[0]?.PolicyTypes, []);
      await other.send(new DeleteOrganizationCommand({}));
      await assert.rejects(other.send(new DescribeOrganizationCommand({})));
      await assert.rejects(management.send(new DeleteOrganizationCommand({})), {
        name: "OrganizationNotEmptyException",
      });
    });
  });

  describe("the units", () => {
    it("start with full access, are renamed, and know their path", async () => {
      const id = await unit("workloads");
      assert.deepEqual(await attachedTo(id), ["p-FullAWSAccess"]);
      const inner = await unit("inner", id);
      await management.send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: inner, Name: "renamed" }));
      const { OrganizationalUnit } = await management.send(
        new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: inner }),
      );
      assert.equal(OrganizationalUnit?.Name, "renamed");
      const { Organization } = await management.send(new DescribeOrganizationCommand({}));
      assert.equal(OrganizationalUnit.Path, `${Organization?.Id}/${root}/${id}/${inner}/`);
      await management.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: inner }));
      await management.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: id }));
    });

    it("have names of their own beside their siblings, and a parent that exists", async () => {
      const id = await unit("twice");
      await assert.rejects(unit("twice"), { name: "DuplicateOrganizationalUnitException" });
      const other = await unit("once");
      await assert.rejects(
        management.send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: other, Name: "twice" })),
        { name: "DuplicateOrganizationalUnitException" },
      );
      await unit("twice", id);
      await assert.rejects(unit("lost", "ou-abcd-12345678"), { name: "ParentNotFoundException" });
      await assert.rejects(unit("lost", "nowhere"), {
        name: "InvalidInputException",
        message: /'parentId' failed to satisfy constraint: Member must satisfy regular expression pattern/,
      });
    });

    it("nest five deep, and no deeper", async () => {
      let parent = root;
      for (let depth = 1; depth <= 5; depth++) parent = await unit(`depth ${depth}`, parent);
      await assert.rejects(unit("depth 6", parent), {
        name: "ConstraintViolationException",
        Reason: "OU_DEPTH_LIMIT_EXCEEDED",
      });
    });

    it("are deleted only when they are empty", async () => {
      const OrganizationalUnitId = await unit("full");
      const move = { AccountId: MEMBER, SourceParentId: root, DestinationParentId: OrganizationalUnitId };
      await management.send(new MoveAccountCommand(move));
      const { Children } = await management.send(
        new ListChildrenCommand({ ParentId: OrganizationalUnitId, ChildType: "ACCOUNT" }),
      );
      assert.deepEqual(Children, [{ Id: MEMBER, Type: "ACCOUNT" }]);
      await assert.rejects(management.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId })), {
        name: "OrganizationalUnitNotEmptyException",
      });
      await management.send(
        new MoveAccountCommand({ ...move, SourceParentId: OrganizationalUnitId, DestinationParentId: root }),
      );
      await management.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId }));
    });
  });

  describe("the service control policies", () => {
    const deny = { Effect: "Deny", Action: "sqs:*", Resource: "*" };
    const ofLength = (length: number): string => policy(deny).padEnd(length, " ");

    it("have at most 10,240 characters", async () => {
      const tooLong = { name: "ConstraintViolationException", Reason: "POLICY_CONTENT_LIMIT_EXCEEDED" };
      const PolicyId = await scp("longest", ofLength(10_240));
      await assert.rejects(scp("longer", ofLength(10_241)), tooLong);
      await assert.rejects(management.send(new UpdatePolicyCommand({ PolicyId, Content: ofLength(10_241) })), tooLong);
    });

    it("are policies, without principals", async () => {
      const malformed = { name: "MalformedPolicyDocumentException" };
      for (const content of ["{", "[]", policy({ ...deny, Principal: "*" }), policy({ Effect: "Deny" })]) {
        await assert.rejects(scp("bad", content), malformed, content);
      }
    });

    it("are ten at a target at most, and one at least", async () => {
      const TargetId = await unit("crowded");
      const attach = (PolicyId: string) => management.send(new AttachPolicyCommand({ PolicyId, TargetId }));
      const ids = await Promise.all(Array.from({ length: 10 }, (_, i) => scp(`crowd ${i}`, policy(deny))));
      const [last = "", ...first] = ids;
      for (const id of first) await attach(id);
      await assert.rejects(attach(first[0] ?? ""), { name: "DuplicatePolicyAttachmentException" });
      await assert.rejects(attach(last), {
        name: "ConstraintViolationException",
        Reason: "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
      });
      const detach = (PolicyId: string) => management.send(new DetachPolicyCommand({ PolicyId, TargetId }));
      for (const id of first) await detach(id);
      await assert.rejects(detach("p-FullAWSAccess"), {
        name: "ConstraintViolationException",
        Reason: "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
      });
    });
  });

  it("list the services that they trust", async () => {
    await management.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "sso.amazonaws.com" }));
    const { EnabledServicePrincipals } = await management.send(new ListAWSServiceAccessForOrganizationCommand({}));
    assert.deepEqual(
      EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal),
      ["sso.amazonaws.com"],
    );
  });
});
