import * as assert from "node:assert/strict";
import { type WavelengthDnsArgs, WavelengthDns } from "../../../components/wavelength-dns/wavelength-dns";
import { hookNameOf, TERMINATION_HOOK } from "../../../components/wavelength-dns/fleet";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { deploy, ofType, only, type Registered, valueOf } from "../../support/mocks";

const MINIMAL: WavelengthDnsArgs = {
  recordName: "media.example.com",
  hostedZone: { name: "example.com" },
  fleet: {
    zones: [{ name: "us-east-1-wl1-bos-wlz-1" }, { name: "us-east-1-wl1-nyc-wlz-1" }],
    ports: [{ protocol: "udp", from: 5004 }],
  },
};

/** What marks its records, and its metrics. */
const OWNER = "aws-patterns/test/media-registrar";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const GROUP = "aws:autoscaling/group:Group";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const QUEUE = "aws:sqs/queue:Queue";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

const create = (args: Partial<WavelengthDnsArgs> = {}) =>
  deploy(() => new WavelengthDns("media", { ...MINIMAL, ...args }));

/** Parameters by their names. */
function storedInputs(resources: readonly Registered[]): unknown {
  return Object.fromEntries(
    ofType(resources, "aws:ssm/parameter:Parameter").map(({ inputs }) => [inputs.name, inputs.value]),
  );
}

describe("WavelengthDns", () => {
  describe("by default", () => {
    let resources: Registered[];
    let component: WavelengthDns;
    before(async () => ({ resources, result: component } = await create()));

    it("looks the hosted zone up, and tells what it made", async () => {
      assert.equal(component.recordName, "media.example.com");
      assert.equal(await valueOf(component.hostedZoneId), "Z123EXAMPLE");
      assert.equal(await valueOf(component.autoScalingGroupName), "aws-patterns-test-media");
      assert.equal(await valueOf(component.dashboardName), "aws-patterns_test_media-observability");
      assert.ok(component.fleet);
    });

    it("makes a group in a VPC of its own, one to four instances in a subnet for each zone", () => {
      const { inputs } = only(resources, GROUP);
      assert.deepEqual([inputs.name, inputs.minSize, inputs.maxSize], ["aws-patterns-test-media", 1, 4]);
      assert.equal(only(resources, "aws:ec2/vpc:Vpc").inputs.cidrBlock, "10.0.0.0/16");
      assert.deepEqual(
        ofType(resources, "aws:ec2/subnet:Subnet").map(({ inputs: { availabilityZone, cidrBlock } }) => [
          availabilityZone,
          cidrBlock,
        ]),
        [
          ["us-east-1-wl1-bos-wlz-1", "10.0.128.0/24"],
          ["us-east-1-wl1-nyc-wlz-1", "10.0.48.0/24"],
        ],
      );
    });

    it("gives the instances a role that may do nothing", () => {
      const policies = ofType(resources, "aws:iam/rolePolicy:RolePolicy").filter(({ name }) => /fleet/.test(name));
      assert.deepEqual(policies, []);
    });

    it("lets instances that scale in go after TTL and margin, and after an hour at the latest", () => {
      const [hook, ...more] = only(resources, GROUP).inputs.initialLifecycleHooks as Record<string, unknown>[];
      assert.deepEqual(more, []);
      assert.deepEqual(hook, {
        name: "drain-dns",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: 3600,
        defaultResult: "CONTINUE",
      });
      assert.equal(only(resources, QUEUE, "registrar-drain-queue").inputs.delaySeconds, 90);
      assert.deepEqual(ofType(resources, "aws:autoscaling/lifecycleHook:LifecycleHook"), []);
    });

    it("keeps the user's inputs in Parameter Store", () => {
      assert.deepEqual(storedInputs(resources), {
        "/wavelength-dns/aws-patterns/test/media/record-name": "media.example.com",
        "/wavelength-dns/aws-patterns/test/media/hosted-zone-id": "Z123EXAMPLE",
        "/wavelength-dns/aws-patterns/test/media/ttl-seconds": "30",
        "/wavelength-dns/aws-patterns/test/media/weights": '{"kind":"equal"}',
        "/wavelength-dns/aws-patterns/test/media/auto-scaling-group": "aws-patterns-test-media",
      });
    });

    it("gathers events for 2 seconds, and repairs once a minute what they missed", () => {
      assert.equal(only(resources, MAPPING, "on-events-mapping").inputs.maximumBatchingWindowInSeconds, 2);
      assert.equal(only(resources, SCHEDULE).inputs.scheduleExpression, "rate(1 minute)");
    });

    it("watches that there are instances, that nothing drifts, waits or is given up", () => {
      const alarms = ofType(resources, ALARM).map(({ name, inputs }) => [
        name.replace("media-", ""),
        `${String(inputs.metricName)} ${String(inputs.comparisonOperator)} ${String(inputs.threshold)}`,
        inputs.treatMissingData,
      ]);
      assert.deepEqual(alarms.sort(), [
        ["observability-drift", "DriftRepaired GreaterThanThreshold 0", "notBreaching"],
        ["observability-no-instances", "RegisteredInstances LessThanThreshold 1", "breaching"],
        ["observability-shortened-holds", "ShortenedHolds GreaterThanThreshold 0", "notBreaching"],
        ["observability-unregistered", "UnregisteredInstances GreaterThanThreshold 0", "notBreaching"],
        [
          "registrar-drain-dead-letters-alarm",
          "ApproximateNumberOfMessagesVisible GreaterThanThreshold 0",
          "notBreaching",
        ],
        ["registrar-drain-oldest-message", "ApproximateAgeOfOldestMessage GreaterThanThreshold 1590", "notBreaching"],
        [
          "registrar-events-dead-letters-alarm",
          "ApproximateNumberOfMessagesVisible GreaterThanThreshold 0",
          "notBreaching",
        ],
        ["registrar-events-oldest-message", "ApproximateAgeOfOldestMessage GreaterThanThreshold 302", "notBreaching"],
      ]);
      for (const { inputs } of ofType(resources, ALARM).filter(
        ({ inputs: { namespace } }) => namespace !== "AWS/SQS",
      )) {
        assert.deepEqual(
          [inputs.namespace, inputs.dimensions, inputs.period],
          ["AwsPatterns/WavelengthDns", { Owner: OWNER, RecordName: "media.example.com" }, 300],
        );
      }
      for (const { inputs } of ofType(resources, ALARM)) assert.equal(inputs.alarmActions, undefined);
    });

    it("shows instances, changes, ages and dead letters on a dashboard", () => {
      const { dashboardBody, dashboardName } = only(resources, "aws:cloudwatch/dashboard:Dashboard").inputs;
      assert.equal(dashboardName, "aws-patterns_test_media-observability");
      const { widgets } = JSON.parse(String(dashboardBody)) as {
        widgets: { x: number; y: number; properties: { title: string; metrics: unknown[][]; region: string } }[];
      };
      assert.deepEqual(
        widgets.map(({ x, y, properties }) => [x, y, properties.title, properties.metrics.length, properties.region]),
        [
          [0, 0, "Registered instances", 1, "us-east-1"],
          [12, 0, "Records changed, and drift repaired", 2, "us-east-1"],
          [0, 6, "Age of the oldest event (s)", 2, "us-east-1"],
          [12, 6, "Dead letters", 2, "us-east-1"],
        ],
      );
      const queues = ofType(resources, QUEUE).map(({ name }) => name);
      for (const metric of widgets.flatMap(({ properties }) => properties.metrics)) {
        const [namespace, , dimension, value, ...more] = metric;
        if (namespace === "AWS/SQS") assert.ok(dimension === "QueueName" && queues.includes(String(value)));
        else
          assert.deepEqual(
            [namespace, dimension, value, ...more.slice(0, -1)],
            ["AwsPatterns/WavelengthDns", "Owner", OWNER, "RecordName", "media.example.com"],
          );
      }
    });
  });

  describe("with every argument", () => {
    let resources: Registered[];
    before(
      async () =>
        ({ resources } = await create({
          hostedZone: { id: "ZGIVEN" },
          fleet: {
            vpc: { id: "vpc-1", carrierGatewayId: "cagw-1" },
            zones: [
              { name: "us-east-1-wl1-bos-wlz-1", cidrBlock: "10.9.0.0/24" },
              { name: "us-east-1-wl1-nyc-wlz-1", subnetId: "subnet-1" },
            ],
            ports: [{ protocol: "tcp", from: 443 }],
            securityGroupIds: ["sg-1"],
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
          },
          ttlSeconds: 300,
          drainMarginSeconds: 100,
          gatherSeconds: 10,
          weights: { kind: "tag", key: "weight", defaultWeight: 7 },
          repairSchedule: "rate(5 minutes)",
          alarmTopicArns: ["arn:topic"],
        })),
    );

    it("uses the network that is there already", () => {
      for (const type of ["vpc:Vpc", "carrierGateway:CarrierGateway", "securityGroup:SecurityGroup"]) {
        assert.deepEqual(ofType(resources, `aws:ec2/${type}`), []);
      }
      assert.equal(only(resources, "aws:ec2/subnet:Subnet").inputs.cidrBlock, "10.9.0.0/24");
      assert.deepEqual(only(resources, GROUP).inputs.vpcZoneIdentifiers, [
        "media-fleet-network-subnet-us-east-1-wl1-bos-wlz-1-id",
        "subnet-1",
      ]);
    });

    it("launches the instances asked for, as many as asked for", () => {
      const { inputs } = only(resources, TEMPLATE);
      assert.deepEqual(
        [inputs.instanceType, inputs.imageId, inputs.keyName],
        ["g4dn.2xlarge", "resolve:ssm:/images/media", "operators"],
      );
      assert.equal(Buffer.from(String(inputs.userData), "base64").toString(), "#!/bin/sh\necho hello");
      assert.deepEqual(inputs.instanceMarketOptions, { marketType: "spot" });
      assert.deepEqual(inputs.tagSpecifications, [
        { resourceType: "instance", tags: { Name: "media-fleet", weight: "20" } },
      ]);
      assert.match(
        String(only(resources, "aws:iam/rolePolicy:RolePolicy", "fleet-policy").inputs.policy),
        /s3:GetObject/,
      );
      const { minSize, maxSize } = only(resources, GROUP).inputs;
      assert.deepEqual([minSize, maxSize], [2, 9]);
    });

    it("holds instances as long as TTL and margin say, with time for retries", () => {
      assert.equal(only(resources, QUEUE, "registrar-drain-queue").inputs.delaySeconds, 400);
      assert.equal(only(resources, ALARM, "registrar-drain-oldest-message").inputs.threshold, 1900);
      // Another hook would make the provider replace the group, with every instance.
      assert.deepEqual(only(resources, GROUP).inputs.initialLifecycleHooks, [TERMINATION_HOOK]);
    });

    it("gathers and repairs as asked, and tells the topics of every alarm", () => {
      assert.equal(only(resources, MAPPING, "on-events-mapping").inputs.maximumBatchingWindowInSeconds, 10);
      assert.equal(only(resources, SCHEDULE).inputs.scheduleExpression, "rate(5 minutes)");
      assert.equal(ofType(resources, ALARM).length, 8);
      // A run may come as much later as events are gathered, and another one takes.
      assert.equal(only(resources, ALARM, "no-instances").inputs.period, 600);
      for (const { inputs } of ofType(resources, ALARM)) {
        assert.deepEqual([inputs.alarmActions, inputs.okActions], [["arn:topic"], ["arn:topic"]]);
      }
      assert.deepEqual(unguardedPaths(resources), []);
    });

    it("writes into the hosted zone that is given, and keeps what was asked for", () => {
      const policy = String(only(resources, "aws:iam/rolePolicy:RolePolicy", "reconcile-policy").inputs.policy);
      assert.match(policy, /hostedzone\/ZGIVEN/);
      assert.deepEqual(storedInputs(resources), {
        "/wavelength-dns/aws-patterns/test/media/record-name": "media.example.com",
        "/wavelength-dns/aws-patterns/test/media/hosted-zone-id": "ZGIVEN",
        "/wavelength-dns/aws-patterns/test/media/ttl-seconds": "300",
        "/wavelength-dns/aws-patterns/test/media/weights": '{"kind":"tag","key":"weight","defaultWeight":7}',
        "/wavelength-dns/aws-patterns/test/media/auto-scaling-group": "aws-patterns-test-media",
      });
    });
  });

  it("registers an Auto Scaling group that is there already, and adds no more than its hook", async () => {
    const { result, resources } = await create({ fleet: { autoScalingGroupName: "mine" } });
    assert.equal(result.fleet, undefined);
    assert.equal(await valueOf(result.autoScalingGroupName), "mine");
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("aws:ec2/") || type === GROUP),
      [],
    );
    assert.deepEqual(only(resources, "aws:autoscaling/lifecycleHook:LifecycleHook").inputs, {
      name: hookNameOf("media", OWNER),
      autoscalingGroupName: "mine",
      lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
      heartbeatTimeout: 3600,
      defaultResult: "CONTINUE",
    });
    const pattern = (role: string): string =>
      String(only(resources, "aws:cloudwatch/eventRule:EventRule", `${role}-rule`).inputs.eventPattern);
    for (const role of ["group-change", "terminate-hook"])
      assert.match(pattern(role), /"AutoScalingGroupName":\["mine"\]/);
    assert.deepEqual(unguardedPaths(resources), []);
  });

  it("holds instances for less than an hour when TTL and margin are the longest", async () => {
    const { resources } = await create({ ttlSeconds: 840, drainMarginSeconds: 60 });
    // Two passes through the queue, and a third where a change takes its time.
    assert.ok(3 * 900 < TERMINATION_HOOK.heartbeatTimeout);
    assert.equal(only(resources, QUEUE, "registrar-drain-queue").inputs.delaySeconds, 900);
    assert.equal(only(resources, QUEUE, "registrar-drain-queue").inputs.visibilityTimeoutSeconds, 900);
  });

  describe("where another instance could have the same names", () => {
    const TYPES = [
      "aws:autoscaling/lifecycleHook:LifecycleHook",
      "aws:cloudwatch/dashboard:Dashboard",
      "aws:ssm/parameter:Parameter",
    ];
    /** What an instance on the group `mine` calls itself, where Pulumi does not make the name up. */
    async function namesOf(stack: string, name: string): Promise<string[]> {
      const args: WavelengthDnsArgs = { ...MINIMAL, fleet: { autoScalingGroupName: "mine" } };
      const { resources } = await deploy(() => new WavelengthDns(name, args), { stack });
      const named = resources.flatMap(({ type, inputs }) => {
        const physical = [inputs.name, inputs.dashboardName].filter((value) => typeof value === "string");
        if (physical.length > 0) assert.ok(TYPES.includes(type), `${type} ${physical.join()}`);
        return physical.map((value) => `${type} ${value}`);
      });
      const metrics = resources
        .filter(({ inputs }) => inputs.namespace === "AwsPatterns/WavelengthDns")
        .map(({ inputs }) => JSON.stringify(inputs.dimensions));
      assert.equal(named.length, 7);
      assert.ok(metrics.length >= 3);
      return [...named, ...new Set(metrics)];
    }

    it("shares none with another component, another stack's of the same name, or one whose names add up alike", async () => {
      const all = [
        ...(await namesOf("test", "media")),
        ...(await namesOf("test", "second")),
        ...(await namesOf("prod", "media")),
        ...(await namesOf("test-media", "x")),
        ...(await namesOf("test", "media-x")),
      ];
      assert.deepEqual(
        all.filter((name, i) => all.indexOf(name) !== i),
        [],
      );
    });

    it("has a hook that Auto Scaling takes the name of, whatever stack and project are called", async () => {
      const args: WavelengthDnsArgs = { ...MINIMAL, fleet: { autoScalingGroupName: "mine" } };
      const name = "a-name-as-long-as-can";
      const { resources } = await deploy(() => new WavelengthDns(name, args), { stack: "my.stack_1" });
      const hook = String(only(resources, TYPES[0] ?? "").inputs.name);
      assert.match(hook, /^[A-Za-z0-9\-_/]{1,255}$/);
    });
  });

  it("lets an event wait as long as events are gathered, before the alarm on the oldest one goes off", async () => {
    const { resources } = await create({ gatherSeconds: 300 });
    assert.equal(only(resources, ALARM, "events-oldest-message").inputs.threshold, 600);
    // Lambda hides a message while it gathers the batch, and while the batch is worked on.
    assert.equal(only(resources, QUEUE, "registrar-events-queue").inputs.visibilityTimeoutSeconds, 660);
  });

  for (const [repairSchedule, seconds] of [
    ["rate(1 minute)", 300],
    ["rate(15 minutes)", 1200],
    ["cron(0/10 * * * ? *)", 900],
  ] as const) {
    it(`has alarms in whose periods ${repairSchedule} reports at least once`, async () => {
      const { resources } = await create({ repairSchedule });
      for (const ending of ["no-instances", "drift", "unregistered"]) {
        assert.equal(only(resources, ALARM, `observability-${ending}`).inputs.period, seconds);
      }
    });
  }

  it("takes ids as AWS prints them", async () => {
    const { resources } = await create({
      hostedZone: { id: "/hostedzone/ZGIVEN" },
      fleet: {
        vpc: { id: "arn:aws:ec2:us-east-1:111111111111:vpc/vpc-1", carrierGatewayId: "cagw-1" },
        zones: [{ name: "us-east-1-wl1-bos-wlz-1", subnetId: "arn:aws:ec2:us-east-1:111111111111:subnet/subnet-1" }],
        ports: [],
        securityGroupIds: ["arn:aws:ec2:us-east-1:111111111111:security-group/sg-1"],
        launchTemplate: { id: "arn:aws:ec2:us-east-1:111111111111:launch-template/lt-1", version: "1" },
      },
    });
    assert.match(
      String(only(resources, "aws:iam/rolePolicy:RolePolicy", "reconcile-policy").inputs.policy),
      /:hostedzone\/ZGIVEN"/,
    );
    assert.equal(
      (storedInputs(resources) as Record<string, unknown>)["/wavelength-dns/aws-patterns/test/media/hosted-zone-id"],
      "ZGIVEN",
    );
    const { vpcZoneIdentifiers, launchTemplate } = only(resources, GROUP).inputs;
    assert.deepEqual([vpcZoneIdentifiers, launchTemplate], [["subnet-1"], { id: "lt-1", version: "1" }]);
  });
});
