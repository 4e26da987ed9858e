import * as assert from "node:assert/strict";
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DescribeOrganizationCommand,
  DetachPolicyCommand,
  MoveAccountCommand,
  OrganizationsClient,
  type CreatePolicyCommandInput,
} from "@aws-sdk/client-organizations";
import {
  CreateLaunchTemplateCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { bootstrapOrganization } from "../../local/organization";
import { startTestCloud, type ClientSettings, type TestCloud } from "../support/cloud";
import { createQueue, createRole, policy } from "../support/functions";
import { given } from "../support/network";
import { administrator } from "../../local/sessions";

const MANAGEMENT = "810000000001";
const MEMBER = "810000000002";
const X86 = "ami-0c2023a1b2c3d4e5f";
const ARM = "ami-0c2023a1b2c3d4e60";

describe("the local cloud's service control policies", () => {
  let cloud: TestCloud;
  let organizations: OrganizationsClient;
  let root: string;
  let names = 0;

  before(async () => {
    cloud = await startTestCloud();
    root = await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER]);
    organizations = new OrganizationsClient(cloud.as(MANAGEMENT));
  });
  after(() => cloud.stop());

  const createPolicy = async (...statements: object[]): Promise<string> => {
    const input: CreatePolicyCommandInput = {
      Name: `policy-${names++}`,
      Description: "",
      Type: "SERVICE_CONTROL_POLICY",
      Content: policy(...statements),
    };
    return given((await organizations.send(new CreatePolicyCommand(input))).Policy?.PolicySummary?.Id, "policy");
  };

  /** Attaches a policy while something is done. */
  const under = async (TargetId: string, statements: object[], act: () => Promise<void>): Promise<void> => {
    const PolicyId = await createPolicy(...statements);
    await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId }));
    try {
      await act();
    } finally {
      await organizations.send(new DetachPolicyCommand({ PolicyId, TargetId }));
    }
  };

  const run = (settings: ClientSettings, InstanceType: string, more: Partial<RunInstancesCommandInput> = {}) =>
    new EC2Client(settings).send(
      new RunInstancesCommand({
        ImageId: /^[a-z]+\d+g/.test(InstanceType) ? ARM : X86,
        InstanceType: InstanceType as "t4g.micro",
        MinCount: 1,
        MaxCount: 1,
        ...more,
      }),
    );

  const onlySmallGraviton = {
    Effect: "Deny",
    Action: "ec2:RunInstances",
    Resource: "arn:aws:ec2:*:*:instance/*",
    Condition: { StringNotLike: { "ec2:InstanceType": ["t4g.*", "m7g.*"] } },
  };

  it("deny an instance type as EC2 says it, and let the others run", () =>
    under(MEMBER, [onlySmallGraviton], async () => {
      const role = await administrator(cloud.as(MEMBER), "admin");
      await assert.rejects(run(role, "m5.large"), (error: Error) => {
        assert.equal(error.name, "UnauthorizedOperation");
        assert.match(
          error.message,
          /^You are not authorized to perform this operation\. User: arn:aws:sts::810000000002:assumed-role\/admin\/it is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:810000000002:instance\/\* with an explicit deny in a service control policy: arn:aws:organizations::810000000001:policy\/o-\w+\/service_control_policy\/p-\w+$/,
        );
        return true;
      });
      const { Instances } = await run(role, "t4g.micro");
      assert.equal(Instances?.length, 1);
    }));

  it("judge a launch by each of its resources, so that only the instance has a type", () =>
    under(MEMBER, [{ ...onlySmallGraviton, Resource: "*" }], async () => {
      const role = await administrator(cloud.as(MEMBER), "admin");
      await assert.rejects(run(role, "t4g.micro"), /on resource: arn:aws:ec2:us-east-1::image\/ami-/);
    }));

  it("see the type that a launch template brings, and the tags of each resource", async () => {
    const role = await administrator(cloud.as(MEMBER), "admin");
    const ec2 = new EC2Client(role);
    const LaunchTemplateName = "guarded";
    const LaunchTemplateData = { ImageId: X86, InstanceType: "m5.large" as const };
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }));
    const fromTemplate = (more: Partial<RunInstancesCommandInput> = {}) =>
      ec2.send(new RunInstancesCommand({ LaunchTemplate: { LaunchTemplateName }, MinCount: 1, MaxCount: 1, ...more }));
    await under(MEMBER, [onlySmallGraviton], () => assert.rejects(fromTemplate(), { name: "UnauthorizedOperation" }));
    const tagged = { ...onlySmallGraviton, Condition: { Null: { "aws:RequestTag/owner": "true" } } };
    const tags = (ResourceType: "instance" | "volume") => [{ ResourceType, Tags: [{ Key: "owner", Value: "edge" }] }];
    await under(MEMBER, [tagged], async () => {
      await assert.rejects(fromTemplate({ TagSpecifications: tags("volume") }), { name: "UnauthorizedOperation" });
      await fromTemplate({ TagSpecifications: tags("instance") });
    });
  });

  it("deny a change to another type", async () => {
    const role = await administrator(cloud.as(MEMBER), "admin");
    const { Instances } = await run(role, "t4g.micro");
    const InstanceId = given(Instances?.[0]?.InstanceId, "instance");
    const noMetal = {
      Effect: "Deny",
      Action: "ec2:ModifyInstanceAttribute",
      Resource: "*",
      Condition: { StringLike: { "ec2:Attribute/InstanceType": "*.metal" } },
    };
    const resize = (Value: string) =>
      new EC2Client(role).send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value } }));
    await under(MEMBER, [noMetal], () =>
      assert.rejects(resize("m7g.metal"), /explicit deny in a service control policy/),
    );
    // Without the policy it is EC2 itself that refuses, as the instance runs.
    await assert.rejects(resize("m7g.metal"), ({ message }: Error) => !/service control policy/.test(message));
  });

  it("deny a region, to everybody but a protected role, whose ARN is that of the role", () => {
    const onlyHome = {
      Effect: "Deny",
      NotAction: ["iam:*", "sts:*"],
      Resource: "*",
      Condition: {
        StringNotEquals: { "aws:RequestedRegion": ["us-east-1"] },
        ArnNotLike: { "aws:PrincipalArn": [`arn:aws:iam::*:role/platform/rescue`] },
      },
    };
    return under(root, [onlyHome], async () => {
      const abroad = await administrator(cloud.as(MEMBER, "eu-west-1"), "admin");
      await assert.rejects(new SQSClient(abroad).send(new ListQueuesCommand({})), {
        name: /AccessDenied/,
        message: /is not authorized to perform: sqs:ListQueues .* with an explicit deny in a service control policy/,
      });
      await assert.rejects(new SSMClient(abroad).send(new DescribeParametersCommand({})), {
        name: "AccessDeniedException",
        message: /with an explicit deny in a service control policy/,
      });
      await new SQSClient(await administrator(cloud.as(MEMBER), "admin")).send(new ListQueuesCommand({}));
      const rescue = await administrator(cloud.as(MEMBER, "eu-west-1"), "rescue", "/platform/");
      await new SQSClient(rescue).send(new ListQueuesCommand({}));
      await new STSClient(abroad).send(new GetCallerIdentityCommand({}));
    });
  });

  it("take a global service for one of us-east-1", () => {
    const Condition = { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } };
    return under(root, [{ Effect: "Deny", Action: "*", Resource: "*", Condition }], async () => {
      const abroad = await administrator(cloud.as(MEMBER, "eu-west-1"), "admin");
      await new IAMClient(abroad).send(new GetRoleCommand({ RoleName: "admin" }));
    });
  });

  it("deny what they do not allow, on every level", async () => {
    const role = await administrator(cloud.as(MEMBER), "admin");
    const PolicyId = await createPolicy({ Effect: "Allow", Action: ["sqs:*", "sts:*"], Resource: "*" });
    await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: MEMBER }));
    await organizations.send(new DetachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: MEMBER }));
    try {
      await assert.rejects(
        new EC2Client(role).send(new DescribeVpcsCommand({})),
        /on resource: \* because no service control policy allows the ec2:DescribeVpcs action/,
      );
      await new SQSClient(role).send(new ListQueuesCommand({}));
    } finally {
      await organizations.send(new AttachPolicyCommand({ PolicyId: "p-FullAWSAccess", TargetId: MEMBER }));
      await organizations.send(new DetachPolicyCommand({ PolicyId, TargetId: MEMBER }));
    }
    await new EC2Client(role).send(new DescribeVpcsCommand({}));
  });

  it("never give what IAM does not, and bind neither the management account, nor a service-linked role, nor root", () =>
    under(root, [{ Effect: "Deny", Action: "sqs:*", Resource: "*" }], async () => {
      await assert.rejects(
        new SQSClient(await administrator(cloud.as(MEMBER), "admin")).send(new ListQueuesCommand({})),
      );
      await new SQSClient(await administrator(cloud.as(MANAGEMENT), "admin")).send(new ListQueuesCommand({}));
      const linked = await administrator(
        cloud.as(MEMBER),
        "AWSServiceRoleForIt",
        "/aws-service-role/it.amazonaws.com/",
      );
      await new SQSClient(linked).send(new ListQueuesCommand({}));
      await new SQSClient(cloud.as(MEMBER)).send(new ListQueuesCommand({}));
    }));

  it("change their answer at once when the account moves to another unit, or its unit does", async () => {
    const unit = async (Name: string, ParentId: string): Promise<string> => {
      const { OrganizationalUnit } = await organizations.send(new CreateOrganizationalUnitCommand({ Name, ParentId }));
      return given(OrganizationalUnit?.Id, "unit");
    };
    const sandbox = await unit("sandbox", root);
    const inner = await unit("inner", sandbox);
    const open = await unit("open", root);
    const role = await administrator(cloud.as(MEMBER), "admin");
    const create = () => new SQSClient(role).send(new CreateQueueCommand({ QueueName: "q" }));
    const move = (SourceParentId: string, DestinationParentId: string) =>
      organizations.send(new MoveAccountCommand({ AccountId: MEMBER, SourceParentId, DestinationParentId }));
    await under(sandbox, [{ Effect: "Deny", Action: "sqs:CreateQueue", Resource: "*" }], async () => {
      await create();
      await move(root, inner);
      await assert.rejects(create(), /explicit deny in a service control policy/);
      await move(inner, open);
      await create();
      await move(open, sandbox);
      await assert.rejects(create(), /explicit deny in a service control policy/);
    });
    await create();
    await move(sandbox, root);
  });

  it("know the organization of a principal, and the path to it", async () => {
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    const id = given(Organization?.Id, "organization");
    const create = async () =>
      new SQSClient(await administrator(cloud.as(MEMBER), "admin")).send(new CreateQueueCommand({ QueueName: "q" }));
    const when = (Condition: object) => [{ Effect: "Deny", Action: "sqs:*", Resource: "*", Condition }];
    const path = `${id}/${root}/`;
    await under(MEMBER, when({ StringNotEquals: { "aws:PrincipalOrgID": id } }), async () => void (await create()));
    await under(MEMBER, when({ StringEquals: { "aws:PrincipalOrgID": id } }), () => assert.rejects(create()));
    await under(MEMBER, when({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": [`${path}*`] } }), () =>
      assert.rejects(create()),
    );
    await under(
      MEMBER,
      when({ "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": [`${path}*`] } }),
      async () => void (await create()),
    );
    await under(MEMBER, when({ Bool: { "aws:ViaAWSService": "true" } }), async () => void (await create()));
    await under(MEMBER, when({ BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }), () =>
      assert.rejects(create()),
    );
  });

  it("keep out a role that a service uses to deliver", async () => {
    const member = cloud.as(MEMBER);
    const queue = await createQueue(member, "guarded");
    const sqs = new SQSClient(member);
    const Arn = queue.arn;
    const RoleArn = await createRole(member, "sender", "scheduler.amazonaws.com", [
      { Action: "sqs:SendMessage", Resource: Arn },
    ]);
    const scheduler = new SchedulerClient(member);
    const fire = async (Name: string): Promise<void> => {
      await scheduler.send(
        new CreateScheduleCommand({
          Name,
          ScheduleExpression: "rate(1 day)",
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn, RoleArn, RetryPolicy: { MaximumRetryAttempts: 0 } },
        }),
      );
      const answer = await fetch(`${cloud.endpoint}/_aws-patterns/fire-schedule?name=${Name}`, { method: "POST" });
      assert.ok(answer.ok);
    };
    await under(MEMBER, [{ Effect: "Deny", Action: "sqs:SendMessage", Resource: "*" }], () => fire("denied"));
    await fire("allowed");
    await queue.take(1);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }));
    assert.deepEqual(Messages, []);
  });
});
