import * as assert from "node:assert/strict";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyAvailabilityZoneGroupCommand,
} from "@aws-sdk/client-ec2";
import { invoke, Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const ZONE = "us-east-1-wl1-bos-wlz-1";

describe("EC2 in the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  let vpc: Managed;
  const client = () => account.client(EC2Client);

  before(async () => {
    emulator = await startEmulator();
    await client().send(
      new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-east-1-wl1", OptInStatus: "opted-in" }),
    );
    vpc = await new Managed("aws:ec2/vpc:Vpc", account, "shared").create({ cidrBlock: "10.9.0.0/16" });
  });
  after(async () => {
    await vpc?.delete();
    await emulator?.stop();
  });

  it("keeps a VPC as the program says", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/vpc:Vpc",
      inputs: { cidrBlock: "10.1.0.0/16", enableDnsHostnames: false },
      changed: { enableDnsHostnames: true },
      changes: ["enableDnsHostnames"],
    });
    assert.equal(made.outputs.arn, `arn:aws:ec2:us-east-1:111122223333:vpc/${made.id}`);
    assert.deepEqual(
      made.diff({ ...made.inputs, cidrBlock: "10.2.0.0/16" }).map(({ effect }) => effect),
      ["replace"],
    );
    await runDeletion(made);
  });

  it("keeps a subnet as the program says", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/subnet:Subnet",
      inputs: { vpcId: vpc.id, cidrBlock: "10.9.1.0/24", availabilityZone: "us-east-1b" },
      changed: { mapPublicIpOnLaunch: true },
      changes: ["mapPublicIpOnLaunch"],
    });
    assert.equal(made.outputs.ownerId, "111122223333");
    await runDeletion(made);
  });

  it("makes subnets in a Wavelength Zone", async () => {
    const made = await new Managed("aws:ec2/subnet:Subnet", account).create({
      vpcId: vpc.id,
      cidrBlock: "10.9.2.0/24",
      availabilityZone: ZONE,
    });
    assert.equal(made.outputs.availabilityZone, ZONE);
    await runDeletion(made);
  });

  it("keeps gateways as the program says", async () => {
    const carrier = await runCourse(account, {
      token: "aws:ec2/carrierGateway:CarrierGateway",
      inputs: { vpcId: vpc.id },
      changed: { tags: { a: "b" } },
      changes: ["tags"],
    });
    await runDeletion(carrier);
    const internet = await runCourse(account, {
      token: "aws:ec2/internetGateway:InternetGateway",
      inputs: {},
      changed: { vpcId: vpc.id },
      changes: ["vpcId"],
    });
    await runDeletion(internet);
  });

  it("keeps route tables, routes and associations as the program says", async () => {
    const gateway = await new Managed("aws:ec2/carrierGateway:CarrierGateway", account).create({ vpcId: vpc.id });
    const internet = await new Managed("aws:ec2/internetGateway:InternetGateway", account).create({ vpcId: vpc.id });
    const subnet = await new Managed("aws:ec2/subnet:Subnet", account).create({
      vpcId: vpc.id,
      cidrBlock: "10.9.3.0/24",
    });
    const inline = await runCourse(account, {
      token: "aws:ec2/routeTable:RouteTable",
      inputs: { vpcId: vpc.id, routes: [{ cidrBlock: "10.100.0.0/16", gatewayId: internet.id }] },
      changed: {
        routes: [
          { cidrBlock: "10.100.0.0/16", carrierGatewayId: gateway.id },
          { cidrBlock: "10.101.0.0/16", gatewayId: internet.id },
        ],
      },
      changes: ["routes[0].carrierGatewayId", "routes[0].gatewayId", "routes[1]"],
    });
    const table = await new Managed("aws:ec2/routeTable:RouteTable", account).create({ vpcId: vpc.id });
    const route = await runCourse(account, {
      token: "aws:ec2/route:Route",
      inputs: { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", carrierGatewayId: gateway.id },
      changed: { carrierGatewayId: null, gatewayId: internet.id },
      changes: ["carrierGatewayId", "gatewayId"],
    });
    // The id of the real provider: the table's, and the destination's CRC-32.
    assert.equal(route.id, `r-${table.id}1080289494`);
    assert.ok(await table.refresh());
    assert.deepEqual(table.diff({ vpcId: vpc.id }), [], "a route of its own is no drift of its table");
    const association = await runCourse(account, {
      token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
      inputs: { routeTableId: table.id, subnetId: subnet.id },
      changed: { routeTableId: inline.id },
      changes: ["routeTableId"],
    });
    for (const made of [association, route, table, inline, subnet, internet, gateway]) await runDeletion(made);
  });

  it("gives a security group exactly the rules that the program lists", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/securityGroup:SecurityGroup",
      inputs: {
        vpcId: vpc.id,
        ingress: [
          { protocol: "udp", fromPort: 53, toPort: 53, cidrBlocks: ["0.0.0.0/0", "10.0.0.0/8"], description: "DNS" },
          { protocol: "tcp", fromPort: 22, toPort: 22, self: true },
        ],
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      },
      changed: { ingress: [{ protocol: "udp", fromPort: 53, toPort: 53, cidrBlocks: ["10.0.0.0/8"] }] },
      changes: ["ingress[0].cidrBlocks[0]", "ingress[0].cidrBlocks[1]", "ingress[0].description", "ingress[1]"],
    });
    assert.match(made.output("name"), /^it-[0-9a-f]{7}$/);
    const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await client().send(new AuthorizeSecurityGroupIngressCommand({ GroupId: made.id, IpPermissions: [ssh] }));
    assert.ok(await made.refresh());
    const program = {
      ...made.inputs,
      ingress: [{ protocol: "udp", fromPort: 53, toPort: 53, cidrBlocks: ["10.0.0.0/8"] }],
    };
    assert.deepEqual(
      made.diff(program).map(({ path, kind }) => [path, kind]),
      [["ingress[1]", "delete"]],
    );
    await made.update(program);
    assert.ok(await made.refresh());
    assert.deepEqual(made.diff(program), []);
    await runDeletion(made);
  });

  it("leaves a security group without the rule that AWS gives to a new one", async () => {
    const made = await new Managed("aws:ec2/securityGroup:SecurityGroup", account).create({ vpcId: vpc.id });
    const { SecurityGroups = [] } = await client().send(new DescribeSecurityGroupsCommand({ GroupIds: [made.id] }));
    assert.deepEqual(SecurityGroups[0]?.IpPermissionsEgress, []);
    await runDeletion(made);
  });

  it("keeps rules of security groups as resources of their own", async () => {
    const group = await new Managed("aws:ec2/securityGroup:SecurityGroup", account).create({ vpcId: vpc.id });
    const ingress = await runCourse(account, {
      token: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      inputs: { securityGroupId: group.id, ipProtocol: "udp", fromPort: 53, toPort: 53, cidrIpv4: "0.0.0.0/0" },
      changed: { toPort: 54 },
      changes: ["toPort"],
    });
    const egress = await runCourse(account, {
      token: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      inputs: { securityGroupId: group.id, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
      changed: { description: "all" },
      changes: ["description"],
    });
    assert.match(ingress.id, /^sgr-/);
    assert.ok(await group.refresh());
    assert.deepEqual(group.diff({ vpcId: vpc.id }), [], "a rule of its own is no drift of its group");
    for (const made of [ingress, egress, group]) await runDeletion(made);
  });

  it("takes the default security group over, and lets go of it", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      inputs: { vpcId: vpc.id },
      changed: { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] },
      changes: ["ingress"],
    });
    assert.equal(made.id, vpc.outputs.defaultSecurityGroupId);
    await made.delete();
    assert.ok(await made.refresh(), "the group of a VPC stays");
  });

  it("makes a version of a launch template for each change", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/launchTemplate:LaunchTemplate",
      inputs: {
        imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
        instanceType: "t3.medium",
        keyName: "ops",
        iamInstanceProfile: { arn: "arn:aws:iam::111122223333:instance-profile/edge" },
        networkInterfaces: [{ deviceIndex: 0, associateCarrierIpAddress: "true", securityGroups: ["sg-1", "sg-2"] }],
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          { deviceName: "/dev/xvda", ebs: { volumeSize: 20, volumeType: "gp3", encrypted: "true" } },
        ],
        tagSpecifications: [{ resourceType: "instance", tags: { Name: "edge" } }],
        monitoring: { enabled: true },
        instanceMarketOptions: { marketType: "spot", spotOptions: { maxPrice: "0.05" } },
        userData: Buffer.from("#!/bin/sh\n").toString("base64"),
        updateDefaultVersion: true,
      },
      changed: { instanceType: "t3.large" },
      changes: ["instanceType"],
    });
    assert.deepEqual([made.outputs.latestVersion, made.outputs.defaultVersion], [2, 2]);
    const question = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: made.id, Versions: ["1", "2"] });
    const { LaunchTemplateVersions = [] } = await client().send(question);
    assert.deepEqual(LaunchTemplateVersions.map((v) => [v.VersionNumber, v.LaunchTemplateData?.InstanceType]).sort(), [
      [1, "t3.medium"],
      [2, "t3.large"],
    ]);
    await runDeletion(made);
  });

  it("keeps VPC endpoints as the program says", async () => {
    const tables = [];
    for (const name of ["a", "b"]) {
      tables.push(await new Managed("aws:ec2/routeTable:RouteTable", account, name).create({ vpcId: vpc.id }));
    }
    const [one, two] = tables.map(({ id }) => id);
    const made = await runCourse(account, {
      token: "aws:ec2/vpcEndpoint:VpcEndpoint",
      inputs: { vpcId: vpc.id, serviceName: "com.amazonaws.us-east-1.s3", routeTableIds: [one ?? ""] },
      changed: { routeTableIds: [two ?? "", one ?? ""] },
      changes: ["routeTableIds[0]", "routeTableIds[1]"],
    });
    for (const resource of [made, ...tables]) await runDeletion(resource);
  });

  it("keeps addresses as the program says", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/eip:Eip",
      inputs: {},
      changed: { tags: { a: "b" } },
      changes: ["tags"],
    });
    assert.match(made.output("publicIp"), /^\d+\.\d+\.\d+\.\d+$/);
    await runDeletion(made);
    const carrier = await new Managed("aws:ec2/eip:Eip", account).create({
      networkBorderGroup: "us-east-1-wl1-bos-wlz-1",
    });
    assert.match(carrier.output("carrierIp"), /^\d+\.\d+\.\d+\.\d+$/);
    await runDeletion(carrier);
  });

  it("keeps flow logs as the program says", async () => {
    const made = await runCourse(account, {
      token: "aws:ec2/flowLog:FlowLog",
      inputs: {
        vpcId: vpc.id,
        tags: { a: "a" },
        trafficType: "REJECT",
        logDestinationType: "s3",
        logDestination: "arn:aws:s3:::flow-logs",
      },
      changed: { tags: { a: "b" } },
      changes: ["tags.a"],
    });
    assert.match(made.output("logFormat"), /^\$\{version\} \$\{account-id\} /);
    await runDeletion(made);
  });

  it("sees tags that somebody else changed", async () => {
    const made = await new Managed("aws:ec2/subnet:Subnet", account).create({
      vpcId: vpc.id,
      cidrBlock: "10.9.4.0/24",
      tags: { team: "edge" },
    });
    await client().send(new CreateTagsCommand({ Resources: [made.id], Tags: [{ Key: "team", Value: "other" }] }));
    assert.ok(await made.refresh());
    const program = { vpcId: vpc.id, cidrBlock: "10.9.4.0/24", tags: { team: "edge" } };
    assert.deepEqual(
      made.diff(program).map(({ path }) => path),
      ["tags.team"],
    );
    await made.update(program);
    assert.ok(await made.refresh());
    assert.deepEqual(made.diff(program), []);
    await runDeletion(made);
  });

  it("waits for what still depends on a thing that it deletes", async () => {
    const network = await new Managed("aws:ec2/vpc:Vpc", account).create({ cidrBlock: "10.3.0.0/16" });
    const subnet = await new Managed("aws:ec2/subnet:Subnet", account).create({
      vpcId: network.id,
      cidrBlock: "10.3.0.0/24",
    });
    const deletion = network.delete();
    setTimeout(() => void subnet.delete(), 300);
    await deletion;
    assert.equal(await network.refresh(), false);
    assert.equal(await subnet.refresh(), false);
  });

  it("looks networks and zones up", async () => {
    const subnet = await new Managed("aws:ec2/subnet:Subnet", account).create({
      vpcId: vpc.id,
      cidrBlock: "10.9.5.0/24",
      tags: { Name: "found" },
    });
    const found = await invoke(account, "aws:ec2/getVpc:getVpc", { id: vpc.id });
    assert.equal(found.cidrBlock, "10.9.0.0/16");
    assert.equal(found.mainRouteTableId, vpc.outputs.mainRouteTableId);
    const byTag = await invoke(account, "aws:ec2/getSubnet:getSubnet", { vpcId: vpc.id, tags: { Name: "found" } });
    assert.equal(byTag.id, subnet.id);
    const filter = { name: "vpc-id", values: [vpc.id] };
    assert.deepEqual((await invoke(account, "aws:ec2/getSubnets:getSubnets", { filters: [filter] })).ids, [subnet.id]);
    await assert.rejects(
      invoke(account, "aws:ec2/getVpc:getVpc", { cidrBlock: "10.77.0.0/16" }),
      /no matching EC2 VPC/,
    );
    const zones = await invoke(account, "aws:index/getAvailabilityZones:getAvailabilityZones", {
      filters: [{ name: "zone-type", values: ["wavelength-zone"] }],
    });
    assert.ok((zones.names as string[]).includes(ZONE));
    const zone = await invoke(account, "aws:index/getAvailabilityZone:getAvailabilityZone", { name: ZONE });
    assert.deepEqual(
      [zone.zoneType, zone.nameSuffix, zone.optInStatus],
      ["wavelength-zone", "wl1-bos-wlz-1", "opted-in"],
    );
    await runDeletion(subnet);
  });
});
