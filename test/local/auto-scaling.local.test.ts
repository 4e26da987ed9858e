import * as assert from "node:assert/strict";
import {
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  DescribeTagsCommand,
  paginateDescribeAutoScalingGroups,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  type Instance,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, EC2Client, type Instance as Ec2Instance } from "@aws-sdk/client-ec2";
import { startTestCloud, until, type TestCloud } from "../support/cloud";
import { collectEvents, type EventLog } from "../support/events";
import { createEdgeTemplate, createGroup, describeGroup, settled } from "../support/groups";
import { createWavelengthNetwork, given, type WavelengthNetwork } from "../support/network";

const account = "333333333333";
const zones = ["us-east-1-wl1-bos-wlz-1", "us-east-1-wl1-nyc-wlz-1"];

describe("the local cloud's Auto Scaling groups", () => {
  let cloud: TestCloud;
  let client: AutoScalingClient;
  let ec2: EC2Client;
  let network: WavelengthNetwork;
  let template: string;
  let events: EventLog;

  before(async () => {
    cloud = await startTestCloud();
    client = new AutoScalingClient(cloud.as(account));
    ec2 = new EC2Client(cloud.as(account));
    network = await createWavelengthNetwork(ec2, zones);
    template = await createEdgeTemplate(ec2, network);
    events = await collectEvents(cloud.as(account), ["aws.autoscaling"]);
  });
  after(() => cloud.stop());

  const create = async (name: string, input: Partial<CreateAutoScalingGroupCommandInput> = {}): Promise<string> => {
    await createGroup(client, network, template, { AutoScalingGroupName: name, ...input });
    return name;
  };
  const idOf = (instance: Instance | undefined): string => given(instance?.InstanceId, "InstanceId");
  const ec2Instances = async (name: string): Promise<Ec2Instance[]> => {
    const response = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: "tag:aws:autoscaling:groupName", Values: [name] },
          { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
        ],
      }),
    );
    return (response.Reservations ?? []).flatMap((r) => r.Instances ?? []);
  };
  const eventOf = (type: string, id: string) =>
    events.waitFor(`"${type}" of ${id}`, (e) => e["detail-type"] === type && e.detail["EC2InstanceId"] === id);

  it("launch real instances, spread over their subnets and tagged", async () => {
    const name = await create("spread", {
      DesiredCapacity: 4,
      Tags: [
        { Key: "weight", Value: "3", PropagateAtLaunch: true },
        { Key: "owner", Value: "nobody", PropagateAtLaunch: false },
      ],
    });
    const members = await settled(client, name, 4);
    const perZone = zones.map((zone) => members.filter((m) => m.AvailabilityZone === zone).length);
    assert.deepEqual(perZone, [2, 2]);
    const instances = await ec2Instances(name);
    assert.deepEqual(instances.map((i) => i.InstanceId).sort(), members.map((m) => m.InstanceId).sort());
    for (const instance of instances) {
      assert.match(given(instance.NetworkInterfaces?.[0]?.Association?.CarrierIp, "carrier IP"), /^155\.146\./);
      assert.deepEqual(Object.fromEntries((instance.Tags ?? []).map((t) => [t.Key, t.Value])), {
        weight: "3",
        "aws:autoscaling:groupName": name,
        "aws:ec2launchtemplate:id": template,
        "aws:ec2launchtemplate:version": "1",
      });
    }
    const [first] = members;
    assert.deepEqual(first?.LaunchTemplate?.Version, "1");
    const { AutoScalingInstances } = await client.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [idOf(first)] }),
    );
    assert.deepEqual(
      [AutoScalingInstances?.[0]?.AutoScalingGroupName, AutoScalingInstances?.[0]?.HealthStatus],
      [name, "HEALTHY"],
    );
  });

  it("tell EventBridge of a launch as AWS does", async () => {
    const name = await create("announced", { DesiredCapacity: 1 });
    const [member] = await settled(client, name, 1);
    const event = await eventOf("EC2 Instance Launch Successful", idOf(member));
    const group = given(await describeGroup(client, name), "group");
    assert.equal(event.source, "aws.autoscaling");
    assert.deepEqual(event.resources, [
      group.AutoScalingGroupARN,
      `arn:aws:ec2:us-east-1:${account}:instance/${idOf(member)}`,
    ]);
    const { ActivityId, RequestId, StartTime, EndTime, Cause, Details, ...detail } = event.detail;
    assert.ok(ActivityId === RequestId && String(StartTime) <= String(EndTime) && String(Cause).startsWith("At "));
    assert.deepEqual(Object.keys(Details as object).sort(), ["Availability Zone", "Subnet ID"]);
    assert.deepEqual(detail, {
      StatusCode: "InProgress",
      Description: `Launching a new EC2 instance: ${idOf(member)}`,
      AutoScalingGroupName: name,
      StatusMessage: "",
      EC2InstanceId: idOf(member),
      Origin: "EC2",
      Destination: "AutoScalingGroup",
    });
  });

  it("scale out and in within their bounds, and say why in their activities", async () => {
    const name = await create("scaled", { DesiredCapacity: 1, MaxSize: 3 });
    await settled(client, name, 1);
    await assert.rejects(
      client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 4 })),
      {
        name: "ValidationError",
        message: "New SetDesiredCapacity value 4 is above max value 3 for the AutoScalingGroup.",
      },
    );
    await client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 3 }));
    const three = await settled(client, name, 3);
    await client.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 0, DesiredCapacity: 1 }),
    );
    const [left] = await settled(client, name, 1);
    const gone = three.filter((m) => m.InstanceId !== left?.InstanceId);
    for (const member of gone) await eventOf("EC2 Instance Terminate Successful", idOf(member));
    const { Activities } = await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }));
    assert.equal(Activities?.length, 5);
    assert.ok(Activities?.every((a) => a.StatusCode === "Successful"));
    assert.match(given(Activities?.[0]?.Description, "description"), /^Terminating EC2 instance: i-/);
    assert.match(given(Activities?.[0]?.Cause, "cause"), /changing the desired capacity from 3 to 1/);
    await until("the instances to end", async () => (await ec2Instances(name)).length === 1);
  });

  it("are deleted when empty, or by force with everything in them", async () => {
    const name = await create("deleted", { DesiredCapacity: 2 });
    await settled(client, name, 2);
    await assert.rejects(client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name })), {
      name: "ResourceInUseFault",
    });
    await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));
    assert.equal((await describeGroup(client, name))?.Status, "Delete in progress");
    await until("the group to go", async () => (await describeGroup(client, name)) === undefined);
    assert.deepEqual(await ec2Instances(name), []);
    await assert.rejects(client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name })), {
      name: "ValidationError",
      message: `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`,
    });
  });

  it("refuse what AWS refuses", async () => {
    const refused: [Partial<CreateAutoScalingGroupCommandInput>, RegExp][] = [
      [{ MinSize: 3, MaxSize: 2 }, /Max bound, 2, must be greater than or equal to min bound, 3/],
      [{ DesiredCapacity: 11 }, /Desired capacity:11 must be between/],
      [{ VPCZoneIdentifier: "subnet-00000000000000000" }, /does not exist/],
      [{ LaunchTemplate: { LaunchTemplateId: "lt-0" } }, /valid fully-formed launch template/],
      [{ LaunchTemplate: { LaunchTemplateId: template, Version: "9" } }, /valid fully-formed launch template/],
      [{ LaunchTemplate: undefined }, /Valid requests must contain/],
      [{ VPCZoneIdentifier: undefined }, /At least one Availability Zone or VPC Subnet/],
    ];
    for (const [input, message] of refused) await assert.rejects(create("refused", input), message);
    await create("twice");
    await assert.rejects(create("twice"), { name: "AlreadyExistsFault" });
  });

  it("report a launch that fails, and launch when it can", async () => {
    const name = await create("failing", {
      DesiredCapacity: 1,
      MaxSize: 1,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: template, Version: "$Latest" },
          Overrides: [{ InstanceType: "t3.micro" }],
        },
      },
      LaunchTemplate: undefined,
    });
    const event = await events.waitFor(
      "the failure",
      (e) => e["detail-type"] === "EC2 Instance Launch Unsuccessful" && e.detail["AutoScalingGroupName"] === name,
    );
    assert.match(String(event.detail["StatusMessage"]), /t3\.micro.*not supported/);
    await client.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, LaunchTemplate: { LaunchTemplateId: template } }),
    );
    await settled(client, name, 1);
  });

  it("are listed page by page and by tag", async () => {
    for (const letter of ["a", "b", "c"])
      await create(`page-${letter}`, { Tags: [{ Key: "set", Value: "paged", PropagateAtLaunch: false }] });
    await client.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          {
            ResourceId: "page-b",
            ResourceType: "auto-scaling-group",
            Key: "set",
            Value: "other",
            PropagateAtLaunch: false,
          },
        ],
      }),
    );
    const names: (string | undefined)[] = [];
    const input = { Filters: [{ Name: "tag:set", Values: ["paged"] }], MaxRecords: 1 };
    for await (const page of paginateDescribeAutoScalingGroups({ client }, input))
      names.push(...(page.AutoScalingGroups ?? []).map((g) => g.AutoScalingGroupName));
    assert.deepEqual(names, ["page-a", "page-c"]);
    const tags = await client.send(
      new DescribeTagsCommand({ Filters: [{ Name: "auto-scaling-group", Values: ["page-b"] }] }),
    );
    assert.deepEqual(
      tags.Tags?.map((t) => t.Value),
      ["other"],
    );
  });

  it("hold a thousand instances", async () => {
    const name = await create("thousand", { MaxSize: 1000, DesiredCapacity: 1000 });
    const members = await settled(client, name, 1000);
    assert.equal(new Set(members.map((m) => m.InstanceId)).size, 1000);
    const instances = await ec2Instances(name);
    const addresses = new Set(instances.map((i) => i.NetworkInterfaces?.[0]?.Association?.CarrierIp));
    assert.equal(addresses.size, 1000);
    await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 0 }));
    await settled(client, name, 0);
  });
});
