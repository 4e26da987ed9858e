import * as assert from "node:assert/strict";
import { WavelengthDns, type NewFleetArgs, type WavelengthDnsArgs } from "../../components/wavelength-dns";
import { deploy, ofType, only, type Registered } from "../support/mocks";

const FLEET: NewFleetArgs = {
  zones: [{ name: "us-east-1-wl1-bos-wlz-1" }, { name: "us-east-1-wl1-nyc-wlz-1" }],
  ports: [{ protocol: "udp", from: 5004 }],
};

const MINIMAL: WavelengthDnsArgs = {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: FLEET,
};

async function create(args: Partial<WavelengthDnsArgs> = {}): Promise<Registered[]> {
  return (await deploy(() => new WavelengthDns("media", { ...MINIMAL, ...args }))).resources;
}

const withFleet = (fleet: Partial<NewFleetArgs>): Promise<Registered[]> => create({ fleet: { ...FLEET, ...fleet } });

describe("WavelengthDns", () => {
  describe("by default", () => {
    let resources: Registered[];
    before(async () => (resources = await create()));

    it("makes a VPC with a subnet for each zone, and their default route to a carrier gateway", () => {
      assert.equal(only(resources, "aws:ec2/vpc:Vpc").inputs.cidrBlock, "10.0.0.0/16");
      const subnets = ofType(resources, "aws:ec2/subnet:Subnet").map(({ inputs }) => [
        inputs.availabilityZone,
        inputs.cidrBlock,
      ]);
      assert.deepEqual(subnets, [
        ["us-east-1-wl1-bos-wlz-1", "10.0.0.0/24"],
        ["us-east-1-wl1-nyc-wlz-1", "10.0.1.0/24"],
      ]);
      const route = only(resources, "aws:ec2/route:Route").inputs;
      assert.deepEqual(
        [route.destinationCidrBlock, route.carrierGatewayId],
        ["0.0.0.0/0", "media-fleet-network-gateway-id"],
      );
      assert.equal(ofType(resources, "aws:ec2/routeTableAssociation:RouteTableAssociation").length, 2);
    });

    it("opens the ports asked for to everybody, and nothing else", () => {
      const { ingress } = only(resources, "aws:ec2/securityGroup:SecurityGroup").inputs;
      assert.deepEqual(ingress, [{ protocol: "udp", fromPort: 5004, toPort: 5004, cidrBlocks: ["0.0.0.0/0"] }]);
    });

    it("launches instances with a carrier IP, IMDSv2 only, from the newest Amazon Linux", () => {
      const { inputs } = only(resources, "aws:ec2/launchTemplate:LaunchTemplate");
      const [network] = inputs.networkInterfaces as { associateCarrierIpAddress: string }[];
      assert.equal(network?.associateCarrierIpAddress, "true");
      assert.deepEqual(inputs.metadataOptions, {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
      assert.match(String(inputs.imageId), /^resolve:ssm:\/aws\/service\/ami-amazon-linux-latest\/al2023/);
      assert.equal(inputs.instanceType, "t3.medium");
      assert.equal(inputs.keyName, undefined);
      assert.equal(inputs.instanceMarketOptions, undefined);
    });

    it("gives the instances a role that may do nothing", () => {
      assert.deepEqual(
        ofType(resources, "aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name.includes("fleet")),
        [],
      );
    });

    it("holds instances that scale in, from the group's first instance to its last", () => {
      const { inputs } = only(resources, "aws:autoscaling/group:Group");
      assert.deepEqual(inputs.initialLifecycleHooks, [
        {
          name: "drain-dns",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
          heartbeatTimeout: 900,
          defaultResult: "CONTINUE",
        },
      ]);
      assert.deepEqual([inputs.minSize, inputs.maxSize, inputs.desiredCapacity], [1, 4, undefined]);
      assert.equal(inputs.name, "aws-patterns-test-media");
    });

    it("starts the first instance only when everything that registers it is there", () => {
      const position = (type: string, ending: string): number => resources.indexOf(only(resources, type, ending));
      const group = position("aws:autoscaling/group:Group", "group");
      assert.ok(position("aws:lambda/eventSourceMapping:EventSourceMapping", "on-events-mapping") < group);
      assert.ok(position("aws:lambda/eventSourceMapping:EventSourceMapping", "on-drain-mapping") < group);
      assert.ok(position("aws:scheduler/schedule:Schedule", "repair-schedule") < group);
      for (const target of ofType(resources, "aws:cloudwatch/eventTarget:EventTarget")) {
        assert.ok(resources.indexOf(target) < group);
      }
    });

    it("keeps the user's inputs in Parameter Store", () => {
      const stored = ofType(resources, "aws:ssm/parameter:Parameter").map(({ inputs }) => [inputs.name, inputs.value]);
      assert.deepEqual(Object.fromEntries(stored), {
        "/wavelength-dns/test/media/record-name": "media.example.com",
        "/wavelength-dns/test/media/hosted-zone-id": "Z123EXAMPLE",
        "/wavelength-dns/test/media/ttl-seconds": "30",
        "/wavelength-dns/test/media/weights": '{"kind":"equal"}',
        "/wavelength-dns/test/media/auto-scaling-group": "aws-patterns-test-media",
      });
    });

    it("gathers events for 2 seconds, in at most two invocations at a time", () => {
      const { inputs } = only(resources, "aws:lambda/eventSourceMapping:EventSourceMapping", "on-events-mapping");
      assert.deepEqual(
        [inputs.batchSize, inputs.maximumBatchingWindowInSeconds, inputs.scalingConfig],
        [1000, 2, { maximumConcurrency: 2 }],
      );
    });

    it("delays the release of an instance by the TTL and the margin", () => {
      assert.equal(only(resources, "aws:sqs/queue:Queue", "drain-queue").inputs.delaySeconds, 90);
    });

    it("repairs once a minute what events missed, through the same queue", () => {
      const { inputs } = only(resources, "aws:scheduler/schedule:Schedule");
      assert.equal(inputs.scheduleExpression, "rate(1 minute)");
      assert.match(JSON.stringify(inputs.target), /events-queue/);
    });

    it("ends every queue in dead letters with an alarm, and watches drift and emptiness", () => {
      const alarms = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs.metricName);
      assert.deepEqual(alarms.sort(), [
        "ApproximateAgeOfOldestMessage",
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
        "ApproximateNumberOfMessagesVisible",
        "DriftRepaired",
        "RegisteredInstances",
      ]);
      const body = JSON.parse(String(only(resources, "aws:cloudwatch/dashboard:Dashboard").inputs.dashboardBody)) as {
        widgets: { properties: { title: string } }[];
      };
      assert.equal(body.widgets.length, 4);
    });

    it("names every action, and `*` only where AWS offers no resource", () => {
      const statements = ofType(resources, "aws:iam/rolePolicy:RolePolicy").flatMap(
        ({ inputs }) =>
          (JSON.parse(String(inputs.policy)) as { Statement: { Action: string[]; Resource: string[] }[] }).Statement,
      );
      for (const { Action, Resource } of statements) {
        for (const action of Action) assert.match(action, /^[a-z0-9]+:[A-Za-z]+$/);
        if (Resource.includes("*")) {
          assert.ok(
            Action.every((action) => /^(xray:Put|ec2:Describe|autoscaling:Describe)/.test(action)),
            Action.join(),
          );
        }
      }
    });

    it("may change A records of its own name only", () => {
      const { policy } = only(resources, "aws:iam/rolePolicy:RolePolicy", "reconcile-policy").inputs;
      const { Statement } = JSON.parse(String(policy)) as { Statement: { Action: string[]; Condition?: unknown }[] };
      const change = Statement.find(({ Action }) => Action.includes("route53:ChangeResourceRecordSets"));
      assert.deepEqual(change?.Condition, {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["media.example.com"],
          "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
        },
      });
    });
  });

  it("uses a VPC, subnets, a carrier gateway and security groups that are there already", async () => {
    const resources = await withFleet({
      vpc: { id: "vpc-1", carrierGatewayId: "cagw-1" },
      zones: [
        { name: "us-east-1-wl1-bos-wlz-1", cidrBlock: "10.9.0.0/24" },
        { name: "us-east-1-wl1-nyc-wlz-1", subnetId: "subnet-1" },
      ],
      securityGroupIds: ["sg-1"],
    });
    assert.deepEqual(ofType(resources, "aws:ec2/vpc:Vpc"), []);
    assert.deepEqual(ofType(resources, "aws:ec2/carrierGateway:CarrierGateway"), []);
    assert.deepEqual(ofType(resources, "aws:ec2/securityGroup:SecurityGroup"), []);
    assert.equal(only(resources, "aws:ec2/subnet:Subnet").inputs.cidrBlock, "10.9.0.0/24");
    assert.equal(only(resources, "aws:ec2/route:Route").inputs.carrierGatewayId, "cagw-1");
    assert.deepEqual(only(resources, "aws:autoscaling/group:Group").inputs.vpcZoneIdentifiers, [
      "media-fleet-network-subnet-us-east-1-wl1-bos-wlz-1-id",
      "subnet-1",
    ]);
  });

  it("makes no route table when every subnet is given", async () => {
    const resources = await withFleet({
      zones: [{ name: "us-east-1-wl1-bos-wlz-1", subnetId: "subnet-1" }],
      vpc: { id: "vpc-1" },
    });
    assert.deepEqual(ofType(resources, "aws:ec2/routeTable:RouteTable"), []);
    assert.deepEqual(ofType(resources, "aws:ec2/carrierGateway:CarrierGateway"), []);
  });

  it("uses a launch template that is there already", async () => {
    const resources = await withFleet({ launchTemplate: { id: "lt-1", version: "7" } });
    assert.deepEqual(ofType(resources, "aws:ec2/launchTemplate:LaunchTemplate"), []);
    assert.deepEqual(only(resources, "aws:autoscaling/group:Group").inputs.launchTemplate, {
      id: "lt-1",
      version: "7",
    });
  });

  it("registers an Auto Scaling group that is there already", async () => {
    const resources = await create({ fleet: { autoScalingGroupName: "mine" } });
    assert.deepEqual(ofType(resources, "aws:autoscaling/group:Group"), []);
    const hook = only(resources, "aws:autoscaling/lifecycleHook:LifecycleHook").inputs;
    assert.deepEqual([hook.autoscalingGroupName, hook.heartbeatTimeout], ["mine", 900]);
    assert.match(
      String(only(resources, "aws:cloudwatch/eventRule:EventRule", "group-change-rule").inputs.eventPattern),
      /"mine"/,
    );
  });

  it("takes key pair, user data, image, type, tags, policies and Spot for its instances", async () => {
    const resources = await withFleet({
      instances: {
        instanceType: "g4dn.2xlarge",
        imageParameter: "/images/media",
        keyName: "operators",
        userData: "#!/bin/sh\necho hello",
        tags: { weight: "20" },
        spot: true,
        policies: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::media/*"] }],
      },
      minimum: 2,
      maximum: 9,
    });
    const { inputs } = only(resources, "aws:ec2/launchTemplate:LaunchTemplate");
    assert.equal(inputs.instanceType, "g4dn.2xlarge");
    assert.equal(inputs.imageId, "resolve:ssm:/images/media");
    assert.equal(inputs.keyName, "operators");
    assert.equal(Buffer.from(String(inputs.userData), "base64").toString(), "#!/bin/sh\necho hello");
    assert.deepEqual(inputs.instanceMarketOptions, { marketType: "spot" });
    assert.deepEqual(inputs.tagSpecifications, [
      { resourceType: "instance", tags: { Name: "media-fleet", weight: "20" } },
    ]);
    assert.match(
      String(only(resources, "aws:iam/rolePolicy:RolePolicy", "fleet-policy").inputs.policy),
      /s3:GetObject/,
    );
    const group = only(resources, "aws:autoscaling/group:Group").inputs;
    assert.deepEqual([group.minSize, group.maxSize], [2, 9]);
  });

  it("takes TTL, margin, gathering time, schedule and alarm topics", async () => {
    const resources = await create({
      ttlSeconds: 300,
      drainMarginSeconds: 100,
      gatherSeconds: 10,
      repairSchedule: "rate(5 minutes)",
      alarmTopicArns: ["arn:topic"],
    });
    assert.equal(only(resources, "aws:sqs/queue:Queue", "drain-queue").inputs.delaySeconds, 400);
    assert.equal(only(resources, "aws:scheduler/schedule:Schedule").inputs.scheduleExpression, "rate(5 minutes)");
    const mapping = only(resources, "aws:lambda/eventSourceMapping:EventSourceMapping", "on-events-mapping").inputs;
    assert.equal(mapping.maximumBatchingWindowInSeconds, 10);
    const [hook] = only(resources, "aws:autoscaling/group:Group").inputs.initialLifecycleHooks as {
      heartbeatTimeout: number;
    }[];
    assert.equal(hook?.heartbeatTimeout, 1900);
    for (const { inputs } of ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm")) {
      assert.deepEqual(inputs.alarmActions, ["arn:topic"]);
    }
  });

  it("takes a hosted zone by its id", async () => {
    const resources = await create({ hostedZone: { id: "ZGIVEN" } });
    assert.match(
      String(only(resources, "aws:iam/rolePolicy:RolePolicy", "reconcile-policy").inputs.policy),
      /hostedzone\/ZGIVEN/,
    );
  });
});
