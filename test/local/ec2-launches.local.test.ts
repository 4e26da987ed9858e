import * as assert from "node:assert/strict";
import {
  CreateLaunchTemplateCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  ModifyAvailabilityZoneGroupCommand,
  paginateDescribeInstances,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { collectEvents, type EventLog } from "../support/events";
import { createWavelengthNetwork, given, type WavelengthNetwork } from "../support/network";

const account = "212121212121";
const boston = "us-east-1-wl1-bos-wlz-1";
const image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

describe("the local cloud's EC2 launches", () => {
  let cloud: TestCloud;
  let ec2: EC2Client;
  let network: WavelengthNetwork;
  let events: EventLog;

  before(async () => {
    cloud = await startTestCloud();
    ec2 = new EC2Client(cloud.as(account));
    network = await createWavelengthNetwork(ec2, [boston, "us-east-1-wl1-nyc-wlz-1"]);
    events = await collectEvents(cloud.as(account), ["aws.ec2"]);
  });
  after(() => cloud.stop());

  const specification = (): RunInstancesCommandInput => ({
    MinCount: 1,
    MaxCount: 1,
    ImageId: image,
    InstanceType: "t3.medium",
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: given(network.subnetIds[0], "subnet"),
        AssociateCarrierIpAddress: true,
        Groups: [network.securityGroupId],
      },
    ],
  });

  const run = async (changes: Partial<RunInstancesCommandInput> = {}): Promise<Instance> => {
    const response = await ec2.send(new RunInstancesCommand({ ...specification(), ...changes }));
    return given(response.Instances?.[0], "instance");
  };
  const idOf = (instance: Instance): string => given(instance.InstanceId, "InstanceId");
  const describeOne = async (id: string): Promise<Instance> => {
    const response = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return given(response.Reservations?.[0]?.Instances?.[0], "instance");
  };
  const carrierIp = (instance: Instance): string | undefined => instance.NetworkInterfaces?.[0]?.Association?.CarrierIp;

  it("launch from a template, on top of which the request speaks", async () => {
    const iam = new IAMClient(cloud.as(account));
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    };
    await iam.send(new CreateRoleCommand({ RoleName: "edge", AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "edge" }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "edge", RoleName: "edge" }));
    const template = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "edge",
        LaunchTemplateData: {
          ImageId: image,
          InstanceType: "t3.xlarge",
          IamInstanceProfile: { Name: "edge" },
          MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
          InstanceMarketOptions: { MarketType: "spot" },
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              AssociateCarrierIpAddress: true,
              Groups: [network.securityGroupId],
              SubnetId: given(network.subnetIds[1], "subnet"),
            },
          ],
          TagSpecifications: [
            {
              ResourceType: "instance",
              Tags: [
                { Key: "weight", Value: "5" },
                { Key: "kept", Value: "yes" },
              ],
            },
          ],
        },
      }),
    );
    const LaunchTemplateId = given(template.LaunchTemplate?.LaunchTemplateId, "LaunchTemplateId");
    const versions = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }));
    const data = versions.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
    assert.equal(data?.NetworkInterfaces?.[0]?.AssociateCarrierIpAddress, true);
    assert.equal(data?.InstanceMarketOptions?.MarketType, "spot");
    assert.equal(data?.ImageId, image);
    const launched = await ec2.send(
      new RunInstancesCommand({
        MinCount: 2,
        MaxCount: 2,
        LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
        InstanceType: "t3.medium",
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "weight", Value: "9" }] }],
      }),
    );
    assert.equal(launched.Instances?.length, 2);
    const [instance] = launched.Instances ?? [];
    assert.equal(instance?.InstanceType, "t3.medium");
    assert.equal(instance?.InstanceLifecycle, "spot");
    assert.equal(instance?.MetadataOptions?.HttpTokens, "required");
    assert.equal(instance?.IamInstanceProfile?.Arn, `arn:aws:iam::${account}:instance-profile/edge`);
    assert.equal(instance?.Placement?.AvailabilityZone, "us-east-1-wl1-nyc-wlz-1");
    assert.match(given(instance && carrierIp(instance), "carrier IP"), /^155\.146\./);
    assert.match(given(instance?.ImageId, "ImageId"), /^ami-/);
    const tags = Object.fromEntries((instance?.Tags ?? []).map((t) => [t.Key, t.Value]));
    assert.deepEqual(tags, {
      weight: "9",
      kept: "yes",
      "aws:ec2launchtemplate:id": LaunchTemplateId,
      "aws:ec2launchtemplate:version": "1",
    });
    await assert.rejects(
      ec2.send(
        new RunInstancesCommand({ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateId, Version: "7" } }),
      ),
      { name: "InvalidLaunchTemplateId.VersionNotFound" },
    );
  });

  it("refuse what AWS refuses", async () => {
    const refused: [Partial<RunInstancesCommandInput>, string][] = [
      [{ InstanceType: "t4g.nano" }, "InvalidParameterValue"],
      [{ InstanceType: "t3.micro" }, "Unsupported"],
      [{ ImageId: "ami-1" }, "InvalidAMIID.Malformed"],
      [{ ImageId: "resolve:ssm:/none" }, "InvalidParameterValue"],
      [{ SubnetId: network.subnetIds[0] }, "InvalidParameterCombination"],
      [{ IamInstanceProfile: { Name: "missing" } }, "InvalidParameterValue"],
      [{ KeyName: "missing" }, "InvalidKeyPair.NotFound"],
      [{ MinCount: 2 }, "InvalidParameterValue"],
      [
        { TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "aws:mine", Value: "1" }] }] },
        "InvalidParameterValue",
      ],
      [{ DryRun: true }, "DryRunOperation"],
      [
        { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: network.subnetIds[0], AssociatePublicIpAddress: true }] },
        "InvalidParameterCombination",
      ],
      [{ NetworkInterfaces: [{ DeviceIndex: 0, AssociateCarrierIpAddress: true }] }, "InvalidParameterCombination"],
      [{ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: "subnet-12345678" }] }, "InvalidSubnetID.NotFound"],
    ];
    for (const [changes, name] of refused)
      await assert.rejects(run(changes), { name }, `${JSON.stringify(changes)} should be refused`);
    await assert.rejects(ec2.send(new TerminateInstancesCommand({ InstanceIds: ["i-x"] })), {
      name: "InvalidInstanceID.Malformed",
    });
    await assert.rejects(ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] })), {
      name: "InvalidParameterValue",
    });
  });

  it("belong to their account and region, whose events tell of them", async () => {
    const west = cloud.as("232323232323", "us-west-2");
    const client = new EC2Client(west);
    const log = await collectEvents(west, ["aws.ec2"]);
    await client.send(new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-west-2-wl1", OptInStatus: "opted-in" }));
    const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
    const { Subnet } = await client.send(
      new CreateSubnetCommand({
        VpcId: Vpc?.VpcId,
        CidrBlock: "10.9.0.0/24",
        AvailabilityZone: "us-west-2-wl1-las-wlz-1",
      }),
    );
    const { Instances } = await client.send(
      new RunInstancesCommand({
        ...specification(),
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: Subnet?.SubnetId, AssociateCarrierIpAddress: true }],
      }),
    );
    const id = given(Instances?.[0]?.InstanceId, "InstanceId");
    const event = await log.waitFor(
      "it to run",
      (e) => e.detail["instance-id"] === id && e.detail["state"] === "running",
    );
    assert.deepEqual([event.account, event.region], ["232323232323", "us-west-2"]);
    await assert.rejects(describeOne(id), { name: "InvalidInstanceID.NotFound" });
    assert.ok(!events.events.some((e) => e.detail["instance-id"] === id));
  });

  it("answer a repeated client token with the same instance", async () => {
    const first = await run({ ClientToken: "once" });
    const second = await run({ ClientToken: "once" });
    assert.equal(second.InstanceId, first.InstanceId);
  });

  it("are found by tag, state, subnet and VPC, page by page", async () => {
    const Tags = [{ Key: "set", Value: "paged" }];
    await ec2.send(
      new RunInstancesCommand({
        ...specification(),
        MinCount: 12,
        MaxCount: 12,
        TagSpecifications: [{ ResourceType: "instance", Tags }],
      }),
    );
    const Filters = [
      { Name: "tag:set", Values: ["paged"] },
      { Name: "instance-state-name", Values: ["pending", "running"] },
      { Name: "subnet-id", Values: network.subnetIds },
      { Name: "vpc-id", Values: [network.vpcId] },
    ];
    const sizes: number[] = [];
    const ids = new Set<string>();
    for await (const page of paginateDescribeInstances({ client: ec2, pageSize: 5 }, { Filters })) {
      const found = (page.Reservations ?? []).flatMap((r) => r.Instances ?? []);
      sizes.push(found.length);
      for (const instance of found) ids.add(idOf(instance));
    }
    assert.deepEqual(sizes, [5, 5, 2]);
    assert.equal(ids.size, 12);
    const none = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "vpc-id", Values: ["vpc-0"] }] }));
    assert.deepEqual(none.Reservations, []);
  });
});
