import type { Managed } from "../support";
import type { Make, Sample } from "./sample";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const GATEWAY = "aws:ec2/carrierGateway:CarrierGateway";
const INTERNET = "aws:ec2/internetGateway:InternetGateway";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";

const madeVpc = (make: Make): Promise<Managed> => make(VPC, { cidrBlock: "10.7.0.0/16" });
const zone = "us-east-1a";

async function madeSubnets(make: Make): Promise<[Managed, Managed]> {
  const vpcId = (await madeVpc(make)).id;
  const subnet = (n: number): Promise<Managed> =>
    make(SUBNET, { vpcId, cidrBlock: `10.7.${n}.0/24`, availabilityZone: zone });
  return [await subnet(1), await subnet(2)];
}

const madeTemplate = (make: Make): Promise<Managed> =>
  make(TEMPLATE, { imageId: "ami-0123456789abcdef0", instanceType: "t3.medium" });

const HOOK = { lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 60 };

const https = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0", "10.0.0.0/8"] };
const everything = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

export const ec2: readonly Sample[] = [
  {
    token: VPC,
    program: () => ({
      inputs: { cidrBlock: "10.7.0.0/16", enableDnsHostnames: true },
      changes: [{ enableDnsHostnames: false }, { enableDnsSupport: false }],
    }),
  },
  {
    token: SUBNET,
    program: async (make) => ({
      inputs: { vpcId: (await madeVpc(make)).id, cidrBlock: "10.7.1.0/24", availabilityZone: zone },
      changes: [{ mapPublicIpOnLaunch: true }],
    }),
  },
  { token: GATEWAY, program: async (make) => ({ inputs: { vpcId: (await madeVpc(make)).id } }) },
  {
    token: INTERNET,
    program: async (make) => ({
      inputs: { vpcId: (await madeVpc(make)).id },
      changes: [{ vpcId: (await madeVpc(make)).id }],
    }),
  },
  { token: TABLE, program: async (make) => ({ inputs: { vpcId: (await madeVpc(make)).id } }) },
  {
    token: "aws:ec2/route:Route",
    program: async (make) => {
      const vpcId = (await madeVpc(make)).id;
      const table = await make(TABLE, { vpcId });
      const [carrier, internet] = [await make(GATEWAY, { vpcId }), await make(INTERNET, { vpcId })];
      return {
        inputs: { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", carrierGatewayId: carrier.id },
        importId: `${table.id}_0.0.0.0/0`,
        changes: [{ carrierGatewayId: null, gatewayId: internet.id }],
      };
    },
  },
  {
    token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    program: async (make) => {
      const vpcId = (await madeVpc(make)).id;
      const [one, other] = [await make(TABLE, { vpcId }), await make(TABLE, { vpcId })];
      const subnet = await make(SUBNET, { vpcId, cidrBlock: "10.7.1.0/24", availabilityZone: zone });
      return {
        inputs: { subnetId: subnet.id, routeTableId: one.id },
        importId: `${subnet.id}/${one.id}`,
        changes: [{ routeTableId: other.id }],
      };
    },
  },
  {
    token: "aws:ec2/securityGroup:SecurityGroup",
    program: async (make) => ({
      inputs: { vpcId: (await madeVpc(make)).id, description: "clients", ingress: [https], egress: [everything] },
      changes: [
        { ingress: [https, { ...https, fromPort: 80, toPort: 80 }] },
        { egress: [{ ...https, cidrBlocks: ["10.7.0.0/16"] }] },
      ],
    }),
  },
  {
    token: TEMPLATE,
    program: () => ({
      inputs: {
        imageId: "ami-0123456789abcdef0",
        instanceType: "t3.medium",
        networkInterfaces: [{ associateCarrierIpAddress: "true", deviceIndex: 0, securityGroups: ["sg-1"] }],
        tagSpecifications: [{ resourceType: "instance", tags: { Name: "edge" } }],
        updateDefaultVersion: true,
      },
      notRead: ["updateDefaultVersion"],
      changes: [
        { imageId: "ami-0123456789abcdef1", instanceType: "c5.large", keyName: "operators" },
        { networkInterfaces: [{ deviceIndex: 0, deleteOnTermination: "true", securityGroups: ["sg-2"] }] },
        { tagSpecifications: [{ resourceType: "instance", tags: { Name: "edge", weight: "2" } }] },
        { description: "third", userData: Buffer.from("#!/bin/sh\n").toString("base64"), ebsOptimized: "true" },
        { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 20 } }] },
        { iamInstanceProfile: { arn: "arn:aws:iam::111122223333:instance-profile/edge" } },
        { instanceMarketOptions: { marketType: "spot" }, monitoring: { enabled: true } },
        { metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 } },
        { networkInterfaces: null, vpcSecurityGroupIds: ["sg-3"] },
      ],
    }),
  },
  {
    token: GROUP,
    program: async (make) => {
      const [one, other] = await madeSubnets(make);
      const [template, second] = [await madeTemplate(make), await madeTemplate(make)];
      return {
        inputs: { minSize: 0, maxSize: 2, vpcZoneIdentifiers: [one.id], launchTemplate: { id: template.id } },
        changes: [
          { maxSize: 3 },
          { vpcZoneIdentifiers: [other.id, one.id] },
          { launchTemplate: { id: second.id, version: "1" } },
          { healthCheckType: "EC2", healthCheckGracePeriod: 60 },
          { tags: [{ key: "Name", value: "edge", propagateAtLaunch: true }] },
          { minSize: 1, desiredCapacity: 1 },
        ],
      };
    },
  },
  {
    token: GROUP,
    variant: "with a lifecycle hook from the beginning",
    program: async (make) => ({
      inputs: {
        minSize: 0,
        maxSize: 1,
        vpcZoneIdentifiers: [(await madeSubnets(make))[0].id],
        launchTemplate: { id: (await madeTemplate(make)).id },
        initialLifecycleHooks: [{ name: "drain", ...HOOK }],
      },
      notRead: ["initialLifecycleHooks"],
    }),
  },
  {
    token: "aws:autoscaling/lifecycleHook:LifecycleHook",
    program: async (make) => {
      const [subnet] = await madeSubnets(make);
      const launchTemplate = { id: (await madeTemplate(make)).id };
      const group = await make(GROUP, { minSize: 0, maxSize: 1, vpcZoneIdentifiers: [subnet.id], launchTemplate });
      return {
        inputs: { autoscalingGroupName: group.id, name: "drain", ...HOOK },
        importId: `${group.id}/drain`,
        changes: [
          { heartbeatTimeout: 90 },
          { defaultResult: "CONTINUE" },
          { lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING" },
        ],
      };
    },
  },
];
