import * as assert from "node:assert/strict";
import * as lifecycle from "../../local/provider/lifecycle";
import type { Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import { withUnknown } from "./support";

/** Inputs that are right, with as many properties as go together. */
const SAMPLES: Readonly<Record<string, readonly Values[]>> = {
  "aws:ec2/vpc:Vpc": [{ cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: true }],
  "aws:ec2/subnet:Subnet": [
    {
      vpcId: "vpc-1",
      cidrBlock: "10.0.1.0/24",
      availabilityZone: "us-east-1a",
      privateDnsHostnameTypeOnLaunch: "ip-name",
      mapPublicIpOnLaunch: true,
    },
  ],
  "aws:ec2/carrierGateway:CarrierGateway": [{ vpcId: "vpc-1", tags: { a: "b" } }],
  "aws:ec2/internetGateway:InternetGateway": [{ vpcId: "vpc-1" }],
  "aws:ec2/routeTable:RouteTable": [{ vpcId: "vpc-1", routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] }],
  "aws:ec2/route:Route": [{ routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0", carrierGatewayId: "cagw-1" }],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [{ routeTableId: "rtb-1", subnetId: "subnet-1" }],
  "aws:ec2/securityGroup:SecurityGroup": [
    {
      vpcId: "vpc-1",
      ingress: [{ protocol: "udp", fromPort: 53, toPort: 54, cidrBlocks: ["0.0.0.0/0"], description: "DNS" }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
    },
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    { vpcId: "vpc-1", ingress: [{ protocol: "tcp", fromPort: 1, toPort: 2, securityGroups: ["sg-1"] }] },
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 1, toPort: 2, cidrIpv4: "10.0.0.0/8" },
    { securityGroupId: "sg-1", ipProtocol: "-1", referencedSecurityGroupId: "sg-2" },
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    { securityGroupId: "sg-1", ipProtocol: "udp", fromPort: 1, toPort: 2, cidrIpv6: "::/0" },
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    {
      imageId: "resolve:ssm:/image",
      instanceType: "t3.medium",
      iamInstanceProfile: { arn: "arn" },
      networkInterfaces: [{ deviceIndex: 0, associateCarrierIpAddress: "true", securityGroups: ["sg-1"] }],
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1, httpEndpoint: "enabled" },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 8, encrypted: "true" } }],
      tagSpecifications: [{ resourceType: "instance", tags: { a: "b" } }],
      instanceMarketOptions: { marketType: "spot", spotOptions: { validUntil: "2030-01-01T00:00:00Z" } },
      userData: "IyEvYmluL3NoCg==",
      updateDefaultVersion: true,
    },
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    { vpcId: "vpc-1", serviceName: "s3", routeTableIds: ["rtb-1"], policy: "{}" },
    {
      vpcId: "vpc-1",
      serviceName: "sqs",
      vpcEndpointType: "Interface",
      subnetIds: ["subnet-1"],
      privateDnsEnabled: true,
    },
  ],
  "aws:ec2/eip:Eip": [{ instance: "i-1", networkBorderGroup: "us-east-1-wl1", domain: "vpc" }],
  "aws:ec2/flowLog:FlowLog": [
    { vpcId: "vpc-1", trafficType: "ALL", logDestinationType: "s3", maxAggregationInterval: 60 },
  ],
  "aws:autoscaling/group:Group": [
    {
      minSize: 1,
      maxSize: 3,
      desiredCapacity: 2,
      launchTemplate: { id: "lt-1", version: "1" },
      vpcZoneIdentifiers: ["subnet-1"],
      healthCheckType: "EC2",
      waitForCapacityTimeout: "5m",
      initialLifecycleHooks: [
        {
          name: "a",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          defaultResult: "ABANDON",
          heartbeatTimeout: 60,
        },
      ],
      tags: [{ key: "a", value: "b", propagateAtLaunch: true }],
    },
  ],
  "aws:autoscaling/lifecycleHook:LifecycleHook": [
    { autoscalingGroupName: "a", lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 60 },
  ],
  "aws:autoscaling/policy:Policy": [
    {
      autoscalingGroupName: "a",
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: { targetValue: 50 },
    },
    { autoscalingGroupName: "a", adjustmentType: "ChangeInCapacity", scalingAdjustment: 1 },
  ],
  "aws:route53/zone:Zone": [{ name: "example.com" }, { name: "example.com", vpcs: [{ vpcId: "vpc-1" }] }],
  "aws:route53/record:Record": [
    {
      zoneId: "Z1",
      name: "a",
      type: "A",
      ttl: 30,
      records: ["192.0.2.1"],
      setIdentifier: "i-1",
      weightedRoutingPolicies: [{ weight: 1 }],
    },
    { zoneId: "Z1", name: "a", type: "A", aliases: [{ name: "b", zoneId: "Z2", evaluateTargetHealth: true }] },
  ],
  "aws:dynamodb/table:Table": [
    {
      attributes: [
        { name: "id", type: "S" },
        { name: "at", type: "N" },
      ],
      hashKey: "id",
      rangeKey: "at",
      billingMode: "PROVISIONED",
      readCapacity: 1,
      writeCapacity: 1,
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      ttl: { enabled: true, attributeName: "expires" },
      globalSecondaryIndexes: [
        {
          name: "i",
          hashKey: "at",
          projectionType: "INCLUDE",
          nonKeyAttributes: ["ip"],
          readCapacity: 1,
          writeCapacity: 1,
        },
      ],
    },
  ],
  "aws:ssm/parameter:Parameter": [{ name: "/a", type: "SecureString", value: "x", tier: "Standard", dataType: "text" }],
};

function failures(token: string, inputs: Values): unknown[] {
  const type = RESOURCES.get(token);
  assert.ok(type, token);
  const urn = `urn:pulumi:dev::patterns::${token}::it`;
  return lifecycle.check(type, urn, {}, inputs, new Uint8Array([1])).failures;
}

describe("Plan-time checks", () => {
  it("are tried for every type of these services", () => {
    const types = [...RESOURCES.keys()].filter((token) =>
      /^aws:(ec2|vpc|autoscaling|route53|dynamodb|ssm)\//.test(token),
    );
    assert.deepEqual(
      types.filter((token) => !(token in SAMPLES)),
      [],
    );
  });

  for (const [token, samples] of Object.entries(SAMPLES)) {
    it(`of ${token} pass right inputs, and whatever of them is not known yet`, () => {
      for (const sample of samples) {
        assert.deepEqual(failures(token, sample), []);
        for (const [property, value] of Object.entries(sample)) {
          for (const changed of withUnknown(value)) {
            const inputs = { ...sample, [property]: changed };
            assert.deepEqual(failures(token, inputs), [], JSON.stringify(inputs));
          }
        }
      }
    });
  }
});
