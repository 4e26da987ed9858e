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
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { collectEvents } from "../support/events";
import { carrierIp, idOf, image, InstanceLab, newYork } from "../support/instances";
import { given } from "../support/network";

const account = "212121212121";

describe("the local cloud's EC2 launches", () => {
  let lab: InstanceLab;
  let ec2: EC2Client;

  before(async () => {
    lab = await InstanceLab.start(account);
    ({ ec2 } = lab);
  });
  after(() => lab?.stop());

  it("launch from a template, on top of which the request speaks", async () => {
    const iam = new IAMClient(lab.cloud.as(account));
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
              Groups: [lab.network.securityGroupId],
              SubnetId: given(lab.network.subnetIds[1], "subnet"),
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
    assert.equal(instance?.Placement?.AvailabilityZone, newYork);
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
      [{ SubnetId: lab.network.subnetIds[0] }, "InvalidParameterCombination"],
      [{ IamInstanceProfile: { Name: "missing" } }, "InvalidParameterValue"],
      [{ KeyName: "missing" }, "InvalidKeyPair.NotFound"],
      [{ MinCount: 2 }, "InvalidParameterValue"],
      [
        { TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "aws:mine", Value: "1" }] }] },
        "InvalidParameterValue",
      ],
      [{ DryRun: true }, "DryRunOperation"],
      [
        { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: lab.network.subnetIds[0], AssociatePublicIpAddress: true }] },
        "InvalidParameterCombination",
      ],
      [{ NetworkInterfaces: [{ DeviceIndex: 0, AssociateCarrierIpAddress: true }] }, "InvalidParameterCombination"],
      [{ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: "subnet-12345678" }] }, "InvalidSubnetID.NotFound"],
    ];
    for (const [changes, name] of refused)
      await assert.rejects(lab.run(changes), { name }, `${JSON.stringify(changes)} should be refused`);
    await assert.rejects(ec2.send(new TerminateInstancesCommand({ InstanceIds: ["i-x"] })), {
      name: "InvalidInstanceID.Malformed",
    });
    await assert.rejects(ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] })), {
      name: "InvalidParameterValue",
    });
  });

  it("belong to their account and region, whose events tell of them", async () => {
    const west = lab.cloud.as("232323232323", "us-west-2");
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
        ...lab.specification(),
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: Subnet?.SubnetId, AssociateCarrierIpAddress: true }],
      }),
    );
    const id = given(Instances?.[0]?.InstanceId, "InstanceId");
    const event = await log.waitFor(
      "it to run",
      (e) => e.detail["instance-id"] === id && e.detail["state"] === "running",
    );
    assert.deepEqual([event.account, event.region], ["232323232323", "us-west-2"]);
    await assert.rejects(lab.describe(id), { name: "InvalidInstanceID.NotFound" });
    assert.ok(!lab.events.events.some((e) => e.detail["instance-id"] === id));
  });

  it("answer a repeated client token with the same instance", async () => {
    const first = await lab.run({ ClientToken: "once" });
    const second = await lab.run({ ClientToken: "once" });
    assert.equal(second.InstanceId, first.InstanceId);
  });

  it("are found by tag, state, subnet and VPC, page by page", async () => {
    const Tags = [{ Key: "set", Value: "paged" }];
    await ec2.send(
      new RunInstancesCommand({
        ...lab.specification(),
        MinCount: 12,
        MaxCount: 12,
        TagSpecifications: [{ ResourceType: "instance", Tags }],
      }),
    );
    const Filters = [
      { Name: "tag:set", Values: ["paged"] },
      { Name: "instance-state-name", Values: ["pending", "running"] },
      { Name: "subnet-id", Values: lab.network.subnetIds },
      { Name: "vpc-id", Values: [lab.network.vpcId] },
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
