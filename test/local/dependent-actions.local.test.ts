import * as assert from "node:assert/strict";
import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { assumeRole } from "../../local/sessions";
import { type ClientSettings, startTestCloud, type TestCloud } from "../support/cloud";
import { createEdgeTemplate, createGroup } from "../support/groups";
import { createRole, type Permission, policy } from "../support/functions";
import { createWavelengthNetwork } from "../support/network";
import { zip } from "../support/zip";

const ACCOUNT = "843000000001";
const JOB = `arn:aws:iam::${ACCOUNT}:role/job`;

describe("the local cloud asks, besides the action that is called,", () => {
  let cloud: TestCloud;
  let roles = 0;
  before(async () => {
    cloud = await startTestCloud();
    await createRole(cloud.as(ACCOUNT), "job", "lambda.amazonaws.com", []);
  });
  after(() => cloud.stop());

  /** Settings of a session that may do exactly this. */
  const session = async (...permissions: Permission[]): Promise<ClientSettings> => {
    const role = await createRole(cloud.as(ACCOUNT), `role-${++roles}`, "ec2.amazonaws.com", permissions);
    return assumeRole(cloud.as(ACCOUNT), role);
  };
  const denied = (action: string) => ({ message: new RegExp(`not authorized to perform: ${action}\\b`) });
  const pass = (service: string, Resource = JOB): Permission => ({
    Action: "iam:PassRole",
    Resource,
    Condition: { StringEquals: { "iam:PassedToService": service } },
  });

  it("for iam:PassRole of the role that a function gets, to Lambda", async () => {
    const create = async (...permissions: Permission[]) => {
      const settings = await session({ Action: "lambda:CreateFunction", Resource: "*" }, ...permissions);
      return new LambdaClient(settings).send(
        new CreateFunctionCommand({
          FunctionName: `function-${roles}`,
          Role: JOB,
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Code: { ZipFile: zip({ "index.js": "exports.handler = async () => 1;" }) },
        }),
      );
    };
    await assert.rejects(create(), denied(`iam:PassRole on resource: ${JOB}`));
    await assert.rejects(create(pass("scheduler.amazonaws.com")), denied("iam:PassRole"));
    await assert.rejects(create(pass("lambda.amazonaws.com", `${JOB}-2`)), denied("iam:PassRole"));
    await create(pass("lambda.amazonaws.com"));
  });

  it("for iam:PassRole of the role that a schedule's target gets, and an instance profile", async () => {
    const schedule = async (...permissions: Permission[]) => {
      const settings = await session({ Action: "scheduler:CreateSchedule", Resource: "*" }, ...permissions);
      return new SchedulerClient(settings).send(
        new CreateScheduleCommand({
          Name: `schedule-${roles}`,
          ScheduleExpression: "rate(1 day)",
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`, RoleArn: JOB },
        }),
      );
    };
    await assert.rejects(schedule(pass("lambda.amazonaws.com")), denied("iam:PassRole"));
    await schedule(pass("scheduler.amazonaws.com"));

    const InstanceProfileName = "profile";
    await new IAMClient(cloud.as(ACCOUNT)).send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    const add = async (...permissions: Permission[]) => {
      const settings = await session({ Action: "iam:AddRoleToInstanceProfile", Resource: "*" }, ...permissions);
      return new IAMClient(settings).send(
        new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: "job" }),
      );
    };
    await assert.rejects(add(pass("lambda.amazonaws.com")), denied("iam:PassRole"));
    await add(pass("ec2.amazonaws.com"));
  });

  it("for the service's action for tags, where something is created with tags", async () => {
    const tags = { owner: "ann@example.com" };
    const queue = new SQSClient(await session({ Action: "sqs:CreateQueue", Resource: "*" }));
    await queue.send(new CreateQueueCommand({ QueueName: "bare" }));
    await assert.rejects(queue.send(new CreateQueueCommand({ QueueName: "tagged", tags })), denied("sqs:TagQueue"));

    const iam = new IAMClient(await session({ Action: "iam:CreateRole", Resource: "*" }));
    const role = { AssumeRolePolicyDocument: policy({ Principal: { AWS: "*" }, Action: "sts:AssumeRole" }) };
    await iam.send(new CreateRoleCommand({ ...role, RoleName: "bare" }));
    const Tags = [{ Key: "owner", Value: "ann" }];
    await assert.rejects(iam.send(new CreateRoleCommand({ ...role, RoleName: "tagged", Tags })), denied("iam:TagRole"));

    const TagSpecifications = [{ ResourceType: "vpc" as const, Tags }];
    const tagged = new CreateVpcCommand({ CidrBlock: "10.9.0.0/16", TagSpecifications });
    const create: Permission = { Action: "ec2:CreateVpc", Resource: "*" };
    await assert.rejects(new EC2Client(await session(create)).send(tagged), denied("ec2:CreateTags"));
    const tag: Permission = { Action: "ec2:CreateTags", Resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:vpc/*` };
    await new EC2Client(await session(create, tag)).send(tagged);
  });

  it("for ec2:RunInstances, where an Auto Scaling group has a launch template", async () => {
    const ec2 = new EC2Client(cloud.as(ACCOUNT));
    const network = await createWavelengthNetwork(ec2);
    const template = await createEdgeTemplate(ec2, network);
    const group: Permission = { Action: "autoscaling:CreateAutoScalingGroup", Resource: "*" };
    const create = async (...permissions: Permission[]) =>
      createGroup(new AutoScalingClient(await session(group, ...permissions)), network, template, {
        AutoScalingGroupName: `group-${roles}`,
      });
    await assert.rejects(create(), denied("ec2:RunInstances"));
    await create({ Action: "ec2:RunInstances", Resource: "*" });
    // What is wrong with the call is for the call to say.
    const nowhere = new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: "nowhere",
      MinSize: 0,
      MaxSize: 1,
      LaunchTemplate: { LaunchTemplateId: "lt-0123456789abcdef0" },
      VPCZoneIdentifier: network.subnetIds.join(","),
    });
    await assert.rejects(new AutoScalingClient(await session(group)).send(nowhere), /lt-0123456789abcdef0/);
  });
});

describe("the local cloud knows the action of each of Lambda's calls:", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await startTestCloud();
  });
  after(() => cloud.stop());

  it("none may be made by somebody who has only others", async () => {
    const role = await createRole(cloud.as(ACCOUNT), "reader", "ec2.amazonaws.com", [
      { Action: "lambda:ListEventSourceMappings", Resource: "*" },
    ]);
    const lambda = new LambdaClient(await assumeRole(cloud.as(ACCOUNT), role));
    const UUID = "01234567-89ab-cdef-0123-456789abcdef";
    await assert.rejects(lambda.send(new DeleteEventSourceMappingCommand({ UUID })), /lambda:DeleteEventSourceMapping/);
    await assert.rejects(
      lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "function", MaximumRetryAttempts: 0 })),
      /lambda:PutFunctionEventInvokeConfig/,
    );
  });
});
