import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { contains, overlap, parseCidr } from "../../../components/internal/cidr";
import { type NewFleetArgs, WavelengthFleet } from "../../../components/wavelength-dns/wavelength-dns";
import { deletionTimeout } from "../../../components/wavelength-dns/fleet";
import { checkWavelengthDns, zoneCidrBlocks } from "../../../components/wavelength-dns/checks";
import { deploy, type DeployOptions, ofType, only, type Registered, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const [BOSTON, NEW_YORK, WASHINGTON] = ["bos", "nyc", "was"].map((city) => ({
  name: `us-east-1-wl1-${city}-wlz-1`,
})) as [{ name: string }, { name: string }, { name: string }];
const FLEET: NewFleetArgs = { zones: [BOSTON, NEW_YORK], ports: [{ protocol: "udp", from: 5004 }] };
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const SUBNET = "aws:ec2/subnet:Subnet";

function createFleet(args: Partial<NewFleetArgs>, options: DeployOptions = {}) {
  return deploy(
    () =>
      new WavelengthFleet("fleet", {
        ...FLEET,
        ...args,
        groupName: "group",
        drainSeconds: 90,
      }),
    options,
  );
}

const create = async (args: Partial<NewFleetArgs> = {}): Promise<Registered[]> => (await createFleet(args)).resources;

describe("the network of a fleet", () => {
  it("is a VPC with a subnet and a route for each zone by default", async () => {
    const { result, resources } = await createFleet({});
    const { tags, ...vpc } = only(resources, "aws:ec2/vpc:Vpc").inputs;
    assert.deepEqual(tags, { Name: "fleet-network" });
    assert.deepEqual(vpc, { cidrBlock: "10.0.0.0/16", enableDnsSupport: true, enableDnsHostnames: true });
    assert.equal(only(resources, "aws:ec2/carrierGateway:CarrierGateway").inputs.vpcId, "fleet-network-vpc-id");
    assert.deepEqual(
      ofType(resources, "aws:ec2/routeTableAssociation:RouteTableAssociation").map(({ inputs }) => inputs.subnetId),
      ofType(resources, SUBNET).map(({ name }) => `${name}-id`),
    );
    assert.equal(await valueOf(result.network.vpcId), "fleet-network-vpc-id");
    assert.equal((await valueOf(result.network.subnetIds)).length, 2);
  });

  it("takes another block, and cuts /24s out of it, or all of it when it is smaller", async () => {
    const subnets = async (cidrBlock: string, zones = [BOSTON]): Promise<unknown[]> =>
      ofType(await create({ vpc: { cidrBlock }, zones }), SUBNET).map(({ inputs }) => inputs.cidrBlock);
    for (const block of await subnets("10.20.0.0/16", [BOSTON, NEW_YORK]))
      assert.match(String(block), /^10\.20\.\d+\.0\/24$/);
    assert.deepEqual(await subnets("10.20.0.0/28"), ["10.20.0.0/28"]);
  });

  describe("the /24 of a zone without a given block", () => {
    const blocks = (zones: NewFleetArgs["zones"], cidrBlock = "10.0.0.0/16"): (string | undefined)[] =>
      zoneCidrBlocks({ ...FLEET, vpc: { cidrBlock }, zones });

    it("stays the same whichever other zones there are, in whatever order", () => {
      const [boston, newYork, washington] = blocks([BOSTON, NEW_YORK, WASHINGTON]);
      assert.deepEqual(blocks([WASHINGTON, BOSTON]), [washington, boston]);
      assert.deepEqual(blocks([{ ...BOSTON, subnetId: "subnet-1" }, NEW_YORK]), [undefined, newYork]);
    });

    it("avoids blocks that are given", () => {
      const [boston = ""] = blocks([BOSTON]);
      const [moved = "", given] = blocks([BOSTON, { ...NEW_YORK, cidrBlock: boston }]);
      assert.equal(given, boston);
      assert.notEqual(moved, boston);
      assert.match(moved, /^10\.0\.\d+\.0\/24$/);
    });

    it("is the next one where two names decide for the same, until none is left", () => {
      const zones = [BOSTON, NEW_YORK, WASHINGTON, { name: "us-east-1-wl1-atl-wlz-1" }];
      assert.deepEqual(
        [...blocks(zones, "10.0.0.0/22")].sort(),
        [0, 1, 2, 3].map((i) => `10.0.${i}.0/24`),
      );
      assert.deepEqual(blocks([BOSTON, NEW_YORK], "10.0.0.0/24"), ["10.0.0.0/24", undefined]);
    });
  });

  it("gives any number of zones blocks of their own", () => {
    const given = fc.option(
      fc.nat(63).map((i) => `10.0.${4 * i}.0/22`),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.uniqueArray(given, { minLength: 1, maxLength: 20, selector: (text) => text ?? {} }), (blocks) => {
        const zones = blocks.map((cidrBlock, i) => ({
          name: `us-east-1-wl1-${String.fromCharCode(97 + i)}aa-wlz-1`,
          ...(cidrBlock === undefined ? {} : { cidrBlock }),
        }));
        const fleet = { ...FLEET, zones };
        const made = zoneCidrBlocks(fleet).map((text = "") => parseCidr(text));
        const vpc = parseCidr("10.0.0.0/16");
        assert.ok(vpc);
        made.forEach((block, i) => {
          assert.ok(block !== undefined && contains(vpc, block));
          made.slice(0, i).forEach((other) => assert.ok(other !== undefined && !overlap(block, other)));
        });
        const args = { recordName: "a.example.com", hostedZone: { id: "Z1" }, fleet };
        assert.deepEqual(checkWavelengthDns(args).found(), []);
      }),
    );
  });

  it("makes the route to the carrier gateway before the instances that need it", async () => {
    const { resources } = await createFleet({}, { slow: ({ type }) => /^aws:ec2\/route/.test(type) });
    const { after } = only(resources, GROUP);
    const routes = resources.filter(({ type }) => /^aws:ec2\/route/.test(type)).map(({ name }) => name);
    assert.equal(routes.length, 4);
    assert.deepEqual(
      routes.filter((name) => !after.includes(name)),
      [],
    );
  });

  it("makes a carrier gateway in a VPC that is there already, unless it has one", async () => {
    const zones = [{ ...BOSTON, cidrBlock: "172.16.0.0/24" }];
    const made = await create({ vpc: { id: "vpc-1" }, zones });
    assert.equal(only(made, "aws:ec2/carrierGateway:CarrierGateway").inputs.vpcId, "vpc-1");
    assert.equal(only(made, SUBNET).inputs.vpcId, "vpc-1");
    assert.equal(only(made, SECURITY_GROUP).inputs.vpcId, "vpc-1");
    const given = await create({
      vpc: { id: pulumi.output("vpc-1"), carrierGatewayId: pulumi.output("cagw-1") },
      zones,
    });
    assert.deepEqual(ofType(given, "aws:ec2/carrierGateway:CarrierGateway"), []);
    assert.equal(only(given, "aws:ec2/route:Route").inputs.carrierGatewayId, "cagw-1");
  });

  it("opens each range of ports to whom it is for", async () => {
    const { ingress, egress } = only(
      await create({
        ports: [
          { protocol: "udp", from: 5004, to: 5005 },
          { protocol: "tcp", from: 22, cidrBlocks: ["203.0.113.0/24", "198.51.100.7/32"] },
        ],
      }),
      SECURITY_GROUP,
    ).inputs;
    assert.deepEqual(ingress, [
      { protocol: "udp", fromPort: 5004, toPort: 5005, cidrBlocks: ["0.0.0.0/0"] },
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["203.0.113.0/24", "198.51.100.7/32"] },
    ]);
    assert.deepEqual(egress, [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }]);
    assert.deepEqual(only(await create({ ports: [] }), SECURITY_GROUP).inputs.ingress, []);
  });

  it("uses security groups that are there already, and makes none", async () => {
    const resources = await create({ securityGroupIds: ["sg-1", pulumi.output("sg-2")] });
    assert.deepEqual(ofType(resources, SECURITY_GROUP), []);
    const [network] = only(resources, TEMPLATE).inputs.networkInterfaces as { securityGroups: string[] }[];
    assert.deepEqual(network?.securityGroups, ["sg-1", "sg-2"]);
  });
});

describe("the instances of a fleet", () => {
  it("are launched as the defaults and the invariants say", async () => {
    const { inputs } = only(await create(), TEMPLATE);
    assert.deepEqual(inputs, {
      description: "Instances with a carrier IP in a Wavelength zone",
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      instanceType: "t3.medium",
      iamInstanceProfile: { arn: "arn:aws:iam::111111111111:instance-profile/fleet-profile" },
      networkInterfaces: [
        {
          deviceIndex: 0,
          associateCarrierIpAddress: "true",
          deleteOnTermination: "true",
          securityGroups: ["fleet-network-clients-id"],
        },
      ],
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeType: "gp2", encrypted: "true", deleteOnTermination: "true" } },
      ],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      tagSpecifications: [{ resourceType: "instance", tags: { Name: "fleet" } }],
      updateDefaultVersion: true,
    });
  });

  it("keep carrier IPs and IMDSv2 whatever the arguments say", async () => {
    const resources = await create({
      instances: {
        instanceType: "r5.2xlarge",
        imageParameter: "/i",
        keyName: "k",
        userData: "u",
        spot: true,
        tags: { a: "b" },
      },
    });
    const { inputs } = only(resources, TEMPLATE);
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    const [network] = inputs.networkInterfaces as { associateCarrierIpAddress: string }[];
    assert.equal(network?.associateCarrierIpAddress, "true");
  });

  it("start from another volume, which is encrypted all the same", async () => {
    const rootVolume = { deviceName: "/dev/sda1", type: "gp3", gibibytes: 50 } as const;
    const { inputs } = only(await create({ instances: { rootVolume } }), TEMPLATE);
    assert.deepEqual(inputs.blockDeviceMappings, [
      {
        deviceName: "/dev/sda1",
        ebs: { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true", volumeSize: 50 },
      },
    ]);
  });

  it("take Outputs for key pair and user data, and a name of their own", async () => {
    const { inputs } = only(
      await create({
        instances: {
          keyName: pulumi.output("key"),
          userData: pulumi.output("größe"),
          tags: { Name: "edge" },
          spot: false,
        },
      }),
      TEMPLATE,
    );
    assert.equal(inputs.keyName, "key");
    assert.equal(Buffer.from(String(inputs.userData), "base64").toString(), "größe");
    assert.deepEqual(inputs.tagSpecifications, [{ resourceType: "instance", tags: { Name: "edge" } }]);
    assert.equal(inputs.instanceMarketOptions, undefined);
  });

  it("may do exactly what their policies say, and are the only ones that get their role", async () => {
    const policies = [
      {
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::media/*"],
        conditions: { Bool: { "aws:SecureTransport": "true" } },
      },
    ];
    const resources = await create({ instances: { policies } });
    assert.deepEqual(statementsOf(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy), [
      {
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::media/*"],
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
    ]);
    const [trust] = statementsOf(only(resources, "aws:iam/role:Role").inputs.assumeRolePolicy);
    assert.deepEqual(trust?.Principal, { Service: "ec2.amazonaws.com" });
    assert.equal(only(resources, "aws:iam/instanceProfile:InstanceProfile").inputs.role, "fleet-role");
    assert.deepEqual(ofType(await create({ instances: { policies: [] } }), "aws:iam/rolePolicy:RolePolicy"), []);
  });

  it("need neither role nor template when a launch template is given", async () => {
    const resources = await create({ launchTemplate: { id: pulumi.output("lt-1"), version: "$Latest" } });
    for (const type of [TEMPLATE, "aws:iam/role:Role", "aws:iam/instanceProfile:InstanceProfile"]) {
      assert.deepEqual(ofType(resources, type), []);
    }
    assert.deepEqual(only(resources, GROUP).inputs.launchTemplate, { id: "lt-1", version: "$Latest" });
  });
});

describe("the group of a fleet", () => {
  it("spans the zones, and holds instances that leave it from its first one on", async () => {
    assert.deepEqual(only(await create(), GROUP).inputs, {
      name: "group",
      launchTemplate: { id: "fleet-template-id", version: "1" },
      vpcZoneIdentifiers: FLEET.zones.map(({ name }) => `fleet-network-subnet-${name}-id`),
      minSize: 1,
      maxSize: 4,
      healthCheckType: "EC2",
      initialLifecycleHooks: [
        {
          name: "drain-dns",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
          heartbeatTimeout: 3600,
          defaultResult: "CONTINUE",
        },
      ],
    });
  });

  it("has time to drain when it is destroyed", () => {
    assert.deepEqual([90, 900].map(deletionTimeout), ["18m", "45m"]);
  });

  it("may be empty, or large", async () => {
    const { minSize, maxSize } = only(await create({ minimum: 0, maximum: 100 }), GROUP).inputs;
    assert.deepEqual([minSize, maxSize], [0, 100]);
  });
});
