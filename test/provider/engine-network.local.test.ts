import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type EngineEvent, LocalWorkspace, type OpMap, type Stack } from "@pulumi/pulumi/automation";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeAddressesCommand,
  DescribeCarrierGatewaysCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyAvailabilityZoneGroupCommand,
} from "@aws-sdk/client-ec2";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bootstrapAccount, rootCredentials } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { EVERYTHING } from "../support/policies";

const ACCOUNT = "100000000001";
const ZONE = "us-east-1-wl1-bos-wlz-1";

interface Settings {
  instanceType: string;
  ports: number[];
  weight: number;
  retention: string;
  cidr: string;
}

const BASE: Settings = { instanceType: "t3.medium", ports: [53], weight: 1, retention: "30", cidr: "10.20.1.0/24" };

function network(settings: Settings, opts: pulumi.CustomResourceOptions) {
  const invoke = { provider: opts.provider as aws.Provider };
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.20.0.0/16", tags: { Name: "edge" } }, opts);
  const carrier = new aws.ec2.CarrierGateway("carrier", { vpcId: vpc.id }, opts);
  const internet = new aws.ec2.InternetGateway("internet", { vpcId: vpc.id }, opts);
  const zones = aws.getAvailabilityZonesOutput({ filters: [{ name: "zone-name", values: [ZONE] }] }, invoke);
  const edge = new aws.ec2.Subnet(
    "edge",
    { vpcId: vpc.id, cidrBlock: settings.cidr, availabilityZone: zones.names.apply(([name = ""]) => name) },
    opts,
  );
  const core = new aws.ec2.Subnet("core", { vpcId: vpc.id, cidrBlock: "10.20.2.0/24" }, opts);
  const edgeTable = new aws.ec2.RouteTable("edge", { vpcId: vpc.id }, opts);
  const route = { routeTableId: edgeTable.id, destinationCidrBlock: "0.0.0.0/0", carrierGatewayId: carrier.id };
  new aws.ec2.Route("edge", route, opts);
  new aws.ec2.RouteTableAssociation("edge", { routeTableId: edgeTable.id, subnetId: edge.id }, opts);
  const routes = [{ cidrBlock: "0.0.0.0/0", gatewayId: internet.id }];
  const coreTable = new aws.ec2.RouteTable("core", { vpcId: vpc.id, routes }, opts);
  new aws.ec2.RouteTableAssociation("core", { routeTableId: coreTable.id, subnetId: core.id }, opts);
  new aws.ec2.DefaultSecurityGroup("default", { vpcId: vpc.id }, opts);
  const serviceName = "com.amazonaws.us-east-1.s3";
  new aws.ec2.VpcEndpoint("s3", { vpcId: vpc.id, serviceName, routeTableIds: [coreTable.id] }, opts);
  new aws.ec2.Eip("address", { networkBorderGroup: "us-east-1-wl1-bos-wlz-1" }, opts);
  new aws.ec2.FlowLog(
    "traffic",
    { vpcId: vpc.id, trafficType: "REJECT", logDestinationType: "s3", logDestination: "arn:aws:s3:::flow-logs" },
    opts,
  );
  return { vpc, edge };
}

function servers(settings: Settings, vpc: aws.ec2.Vpc, subnet: aws.ec2.Subnet, opts: pulumi.CustomResourceOptions) {
  const ingress = settings.ports.map((port) => ({
    protocol: "udp",
    fromPort: port,
    toPort: port,
    cidrBlocks: ["0.0.0.0/0"],
  }));
  const group = new aws.ec2.SecurityGroup("servers", { vpcId: vpc.id, ingress }, opts);
  const other = new aws.ec2.SecurityGroup("clients", { vpcId: vpc.id }, opts);
  const rule = { securityGroupId: other.id, ipProtocol: "udp", fromPort: 53, toPort: 53 };
  new aws.vpc.SecurityGroupIngressRule("clients", { ...rule, cidrIpv4: "10.20.0.0/16" }, opts);
  new aws.vpc.SecurityGroupEgressRule("clients", { ...rule, referencedSecurityGroupId: group.id }, opts);
  const template = new aws.ec2.LaunchTemplate(
    "server",
    {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      instanceType: settings.instanceType,
      networkInterfaces: [{ deviceIndex: 0, associateCarrierIpAddress: "true", securityGroups: [group.id] }],
      metadataOptions: { httpTokens: "required" },
      tagSpecifications: [{ resourceType: "instance", tags: { Name: "server" } }],
    },
    opts,
  );
  const scaling = new aws.autoscaling.Group(
    "servers",
    {
      minSize: 0,
      maxSize: 3,
      desiredCapacity: 1,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      vpcZoneIdentifiers: [subnet.id],
      tags: [{ key: "service", value: "dns", propagateAtLaunch: true }],
    },
    opts,
  );
  const lifecycleTransition = "autoscaling:EC2_INSTANCE_TERMINATING";
  new aws.autoscaling.LifecycleHook("leaves", { autoscalingGroupName: scaling.name, lifecycleTransition }, opts);
  new aws.autoscaling.Policy(
    "load",
    {
      autoscalingGroupName: scaling.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: 50,
      },
    },
    opts,
  );
  return { scaling };
}

/** Every resource type of these services at once, each depending on others. */
function program(settings: Settings) {
  return async (): Promise<Record<string, unknown>> => {
    const provider = new aws.Provider("account", {
      region: "us-east-1",
      assumeRoles: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer` }],
      defaultTags: { tags: { owner: "edge@example.com" } },
    });
    const opts = { provider };
    const { vpc, edge } = network(settings, opts);
    const { scaling } = servers(settings, vpc, edge, opts);
    const zone = new aws.route53.Zone("zone", { name: "edge.example.com", forceDestroy: true }, opts);
    const record = new aws.route53.Record(
      "app",
      {
        zoneId: zone.zoneId,
        name: "app",
        type: "A",
        ttl: 30,
        records: ["192.0.2.1"],
        setIdentifier: "one",
        weightedRoutingPolicies: [{ weight: settings.weight }],
      },
      opts,
    );
    const table = new aws.dynamodb.Table(
      "leases",
      { attributes: [{ name: "id", type: "S" }], hashKey: "id", billingMode: "PAY_PER_REQUEST" },
      opts,
    );
    new aws.ssm.Parameter("ttl", { name: "/edge/ttl", type: "String", value: settings.retention }, opts);
    const secret = new aws.ssm.Parameter(
      "key",
      { name: "/edge/key", type: "SecureString", value: "hunter2-4711" },
      opts,
    );
    const found = aws.ssm.getParameterOutput({ name: secret.name }, { provider });
    const zoneFound = aws.route53.getZoneOutput({ zoneId: zone.zoneId }, { provider });
    return {
      group: scaling.name,
      fqdn: record.fqdn,
      tableArn: table.arn,
      secret: found.value,
      zoneName: zoneFound.name,
      vpcId: aws.ec2.getVpcOutput({ id: vpc.id }, { provider }).id,
    };
  };
}

/** The provider, and everything above but the stack itself. */
const RESOURCES = 29;

describe("networks, groups, zones, tables and parameters under the real engine", () => {
  let run: LocalRun | undefined;
  let stack: Stack;
  let current = BASE;

  function settingsOfClient() {
    return { region: "us-east-1", endpoint: run?.cloud.endpoint ?? "", credentials: rootCredentials(ACCOUNT) };
  }

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT, EVERYTHING);
    const optIn = new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-east-1-wl1", OptInStatus: "opted-in" });
    await new EC2Client(settingsOfClient()).send(optIn);
    stack = await LocalWorkspace.createStack(
      { stackName: "network", projectName: "network-test", program: program(BASE) },
      await workspaceOptions(run),
    );
  });
  after(() => run?.stop());

  async function preview(settings: Settings): Promise<{ changes: OpMap; changed: string[] }> {
    const events: EngineEvent[] = [];
    stack.workspace.program = program(settings);
    const { changeSummary } = await stack.preview({ onEvent: (event) => events.push(event) });
    const changed = events.flatMap(({ resourcePreEvent }) => {
      const { op, urn } = resourcePreEvent?.metadata ?? { op: "same", urn: "" };
      return op === "same" ? [] : [`${op} ${urn.split("::").slice(2).join(" ").replace(/^.*\$/, "")}`];
    });
    return { changes: changeSummary, changed: changed.sort() };
  }

  async function up(settings: Settings): Promise<Partial<Record<string, number>>> {
    stack.workspace.program = program(settings);
    return (await stack.up()).summary.resourceChanges ?? {};
  }

  it("plans all of it with values that are not known yet", async () => {
    assert.deepEqual((await preview(BASE)).changes, { create: RESOURCES });
  });

  it("makes all of it, and waits for the instance", async () => {
    assert.deepEqual(await up(BASE), { create: RESOURCES });
    const outputs = await stack.outputs();
    assert.equal(outputs.fqdn?.value, "app.edge.example.com");
    assert.equal(outputs.zoneName?.value, "edge.example.com");
    assert.deepEqual(outputs.secret, { value: "hunter2-4711", secret: true });
    const { AutoScalingGroups } = await new AutoScalingClient(settingsOfClient()).send(
      new DescribeAutoScalingGroupsCommand({}),
    );
    assert.equal(AutoScalingGroups?.[0]?.Instances?.[0]?.LifecycleState, "InService");
  });

  it("keeps a secure parameter out of the state that is stored", async () => {
    const backend = join(run?.folder ?? "", "backend");
    const files = (await readdir(backend, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const stored = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")));
    assert.ok(stored.some((text) => text.includes("/edge/key")));
    assert.deepEqual(
      stored.filter((text) => text.includes("hunter2-4711")),
      [],
    );
  });

  it("changes nothing the second time, and finds no drift", async () => {
    assert.deepEqual(await up(BASE), { same: RESOURCES });
    stack.workspace.program = program(BASE);
    assert.deepEqual((await stack.refresh()).summary.resourceChanges, { same: RESOURCES });
    assert.deepEqual(await up(BASE), { same: RESOURCES });
  });

  it("changes only what an argument belongs to", async () => {
    const cases: [Partial<Settings>, string[]][] = [
      [{ ports: [53, 853] }, ["update aws:ec2/securityGroup:SecurityGroup servers"]],
      [{ weight: 200 }, ["update aws:route53/record:Record app"]],
      [{ retention: "60" }, ["update aws:ssm/parameter:Parameter ttl"]],
    ];
    for (const [change, expected] of cases) {
      current = { ...current, ...change };
      assert.deepEqual((await preview(current)).changed, expected);
      assert.deepEqual(await up(current), { same: RESOURCES - 1, update: 1 });
    }
  });

  it("takes a new version of the launch template into the group", async () => {
    current = { ...current, instanceType: "t3.large" };
    assert.deepEqual(await up(current), { same: RESOURCES - 2, update: 2 });
    assert.deepEqual(await up(current), { same: RESOURCES });
  });

  it("replaces a subnet, and brings all that hangs on it along", async () => {
    const { changed } = await preview({ ...current, cidr: "10.20.3.0/24" });
    assert.ok(changed.includes("replace aws:ec2/subnet:Subnet edge"), changed.join());
    assert.ok(changed.includes("replace aws:ec2/routeTableAssociation:RouteTableAssociation edge"), changed.join());
  });

  it("mends a capacity that somebody else changed", async () => {
    const group = (await stack.outputs()).group?.value as string;
    const request = new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: 2 });
    await new AutoScalingClient(settingsOfClient()).send(request);
    assert.equal((await stack.refresh()).summary.resourceChanges?.update, 1);
    assert.deepEqual(await up(current), { same: RESOURCES - 1, update: 1 });
  });

  it("leaves nothing after destroy", async () => {
    stack.workspace.program = program(current);
    await stack.destroy();
    const ec2 = new EC2Client(settingsOfClient());
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const own = Vpcs.filter(({ IsDefault }) => IsDefault !== true).map(({ VpcId = "" }) => VpcId);
    assert.deepEqual(own, []);
    const ofDefault = Vpcs.map(({ VpcId = "" }) => VpcId);
    const isOwn = ({ VpcId = "" }: { VpcId?: string | undefined }): boolean => !ofDefault.includes(VpcId);
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const left = {
      subnets: (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.filter(isOwn),
      groups: (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups?.filter(isOwn),
      tables: (await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables?.filter(isOwn),
      carriers: (await ec2.send(new DescribeCarrierGatewaysCommand({}))).CarrierGateways,
      gateways: (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways?.filter(
        ({ Attachments = [] }) => !Attachments.some(({ VpcId = "" }) => ofDefault.includes(VpcId)),
      ),
      templates: (await ec2.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates,
      endpoints: (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints,
      addresses: (await ec2.send(new DescribeAddressesCommand({}))).Addresses,
      instances: Reservations.flatMap(({ Instances = [] }) => Instances).filter(
        ({ State }) => State?.Name !== "terminated",
      ),
      scaling: (await new AutoScalingClient(settingsOfClient()).send(new DescribeAutoScalingGroupsCommand({})))
        .AutoScalingGroups,
      zones: (await new Route53Client(settingsOfClient()).send(new ListHostedZonesCommand({}))).HostedZones,
      dynamodb: (await new DynamoDBClient(settingsOfClient()).send(new ListTablesCommand({}))).TableNames,
      parameters: (await new SSMClient(settingsOfClient()).send(new DescribeParametersCommand({}))).Parameters,
    };
    assert.deepEqual(
      Object.entries(left).filter(([, found]) => (found ?? []).length > 0),
      [],
    );
  });
});
