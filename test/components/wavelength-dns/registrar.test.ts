import * as assert from "node:assert/strict";
import { scheduledMessage } from "../../../handlers/wavelength-dns/event-patterns";
import { RELEASE_DELIVERIES } from "../../../handlers/wavelength-dns/settings";
import { WavelengthDns, type WavelengthDnsArgs } from "../../../components/wavelength-dns/wavelength-dns";
import { hookNameOf } from "../../../components/wavelength-dns/fleet";
import { capturedSettings } from "../../support/captured";
import { type EventPattern, matches } from "../../../components/event-pattern";
import { deploy, type DeployOptions, ofType, only, type Registered } from "../../support/mocks";
import { permissionsOf, type Statement } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const MINIMAL: WavelengthDnsArgs = {
  recordName: "media.example.com",
  hostedZone: { id: "Z123" },
  fleet: { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [{ protocol: "udp", from: 5004 }] },
};

async function create(args: Partial<WavelengthDnsArgs> = {}, options: DeployOptions = {}): Promise<Registered[]> {
  return (await deploy(() => new WavelengthDns("media", { ...MINIMAL, ...args }), options)).resources;
}

const short = ({ Action, Resource, Condition }: Statement): unknown[] =>
  Condition === undefined ? [Action, Resource] : [Action, Resource, Condition];

const ZONE = "arn:aws:route53:::hostedzone/Z123";
const TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/media-registrar-state";
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:111111111111:media-registrar-${name}-queue`;
const logs = (name: string): string =>
  `arn:aws:logs:us-east-1:111111111111:log-group:media-registrar-${name}-logs:log-stream:*`;
const OWN_LOGS = (name: string): unknown[][] => [
  [["logs:CreateLogStream", "logs:PutLogEvents"], [logs(name)]],
  [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
];
const READ = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

describe("the registrar of WavelengthDns", () => {
  let resources: Registered[];
  before(async () => {
    // Everything that must be there before an instance starts takes its time.
    resources = await create({}, { slow: ({ name }) => /-(mapping|target|schedule|policy)$/.test(name) });
  });

  it("may do exactly what its reconciling function does", () => {
    assert.deepEqual(permissionsOf(resources, "reconcile-role").map(short), [
      [READ, [queueArn("events")]],
      [["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeWarmPool", "ec2:DescribeInstances"], ["*"]],
      [["route53:ListResourceRecordSets"], [ZONE]],
      [
        ["route53:ChangeResourceRecordSets"],
        [ZONE],
        {
          "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["media.example.com"],
            "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
          },
        },
      ],
      [["dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:BatchWriteItem"], [TABLE]],
      [["sqs:SendMessage"], [queueArn("drain")]],
      ...OWN_LOGS("reconcile"),
    ]);
  });

  it("may do exactly what its releasing function does", () => {
    assert.deepEqual(permissionsOf(resources, "release-role").map(short), [
      [READ, [queueArn("drain")]],
      [["route53:ListResourceRecordSets"], [ZONE]],
      [["route53:GetChange"], ["arn:aws:route53:::change/*"]],
      [
        ["autoscaling:CompleteLifecycleAction"],
        ["arn:aws:autoscaling:us-east-1:111111111111:autoScalingGroup:*:autoScalingGroupName/aws-patterns-test-media"],
      ],
      [["dynamodb:GetItem", "dynamodb:UpdateItem"], [TABLE]],
      [["sqs:ChangeMessageVisibility"], [queueArn("drain")]],
      ...OWN_LOGS("release"),
    ]);
  });

  it("may do exactly what its withdrawing function does", () => {
    assert.deepEqual(permissionsOf(resources, "withdraw-role").map(short), [
      [["route53:ListResourceRecordSets"], [ZONE]],
      [
        ["route53:ChangeResourceRecordSets"],
        [ZONE],
        {
          "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["media.example.com"],
            "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
          },
        },
      ],
      [["dynamodb:UpdateItem"], [TABLE]],
      ...OWN_LOGS("withdraw"),
    ]);
  });

  it("tells the withdrawing function of every change of the name, before anything asks for reconciliation", async () => {
    const slow = await create({}, { slow: ({ name }) => name.endsWith("-withdraw-invocation") });
    const { inputs } = only(slow, "aws:lambda/invocation:Invocation");
    assert.equal(inputs.functionName, "media-registrar-withdraw-function");
    assert.equal(inputs.lifecycleScope, "CRUD");
    assert.deepEqual(JSON.parse(String(inputs.input)), { hostedZoneId: "Z123", recordName: "media.example.com" });
    const asking = slow.filter(({ type }) => /eventSourceMapping|scheduler\/schedule/.test(type));
    assert.equal(asking.length, 3);
    for (const { after } of asking) assert.ok(after.includes("media-registrar-withdraw-invocation"));
  });

  it("lets its schedule do nothing but send to the events queue, or its dead letters", () => {
    assert.deepEqual(permissionsOf(resources, "repair-role").map(short), [
      [["sqs:SendMessage"], [queueArn("events")]],
      [["sqs:SendMessage"], [queueArn("events-dead-letters")]],
    ]);
  });

  it("is all there before the first instance starts", () => {
    const group = only(resources, "aws:autoscaling/group:Group");
    const needed = resources.filter(
      ({ type, name }) =>
        name.startsWith("media-registrar-") &&
        /^aws:(lambda\/eventSourceMapping|cloudwatch\/eventTarget|scheduler\/schedule|lambda\/function|sqs\/queuePolicy|iam\/rolePolicy)/.test(
          type,
        ),
    );
    assert.ok(needed.length >= 15, `${needed.length}`);
    assert.deepEqual(
      needed.map(({ name }) => name).filter((name) => !group.after.includes(name)),
      [],
    );
  });

  it("is all there before an existing group's instances are held", async () => {
    const existing = await create(
      { fleet: { autoScalingGroupName: "mine" } },
      { slow: ({ name }) => /-(mapping|target|schedule)$/.test(name) },
    );
    const hook = only(existing, "aws:autoscaling/lifecycleHook:LifecycleHook");
    const needed = existing.filter(({ name }) => /-(mapping|target|schedule)$/.test(name)).map(({ name }) => name);
    assert.ok(needed.length >= 8);
    assert.deepEqual(
      needed.filter((name) => !hook.after.includes(name)),
      [],
    );
  });

  it("lets five deliveries of an event pass, and those of a hold with ten that fail, before they are dead letters", () => {
    const deliveries = (ending: string): unknown =>
      (
        JSON.parse(String(only(resources, "aws:sqs/queue:Queue", ending).inputs.redrivePolicy)) as {
          maxReceiveCount: number;
        }
      ).maxReceiveCount;
    assert.deepEqual(
      [deliveries("registrar-events-queue"), deliveries("registrar-drain-queue")],
      [5, RELEASE_DELIVERIES + 10],
    );
  });

  it("gathers events in a standard queue and holds instances in a FIFO queue, each with one function", () => {
    const queue = (ending: string): Record<string, unknown> => only(resources, "aws:sqs/queue:Queue", ending).inputs;
    assert.deepEqual([queue("events-queue").fifoQueue, queue("drain-queue").fifoQueue], [undefined, true]);
    assert.deepEqual(
      [queue("events-queue").visibilityTimeoutSeconds, queue("drain-queue").visibilityTimeoutSeconds],
      [362, 360],
    );
    const mappings = ofType(resources, "aws:lambda/eventSourceMapping:EventSourceMapping").map(({ inputs }) => [
      inputs.eventSourceArn,
      inputs.functionName,
      inputs.batchSize,
      inputs.maximumBatchingWindowInSeconds,
      inputs.scalingConfig,
    ]);
    const functionArn = (name: string): string =>
      `arn:aws:lambda:us-east-1:111111111111:function:media-registrar-${name}-function`;
    assert.deepEqual(mappings.sort(), [
      [queueArn("drain"), functionArn("release"), 10, undefined, { maximumConcurrency: 2 }],
      [queueArn("events"), functionArn("reconcile"), 1000, 2, { maximumConcurrency: 2 }],
    ]);
  });

  it("keeps its state in a table of its own, whose items expire", () => {
    const { inputs } = only(resources, "aws:dynamodb/table:Table");
    assert.deepEqual([inputs.hashKey, inputs.rangeKey, inputs.billingMode], ["pk", "sk", "PAY_PER_REQUEST"]);
    assert.deepEqual(inputs.ttl, { attributeName: "expiresAt", enabled: true });
  });

  it("asks itself for a repair in the words that its function knows", () => {
    const target = only(resources, "aws:scheduler/schedule:Schedule").inputs.target as { arn: string; input: string };
    assert.equal(target.arn, queueArn("events"));
    assert.deepEqual(JSON.parse(target.input), scheduledMessage);
  });

  const settingsOf = async (all: readonly Registered[], ending: string): Promise<Record<string, unknown>> =>
    (await capturedSettings(only(all, FUNCTION, ending))) as Record<string, unknown>;
  const SETTINGS = {
    recordName: "media.example.com",
    ttlSeconds: 30,
    drainSeconds: 90,
    weights: { kind: "equal" },
    autoScalingGroupName: "aws-patterns-test-media",
    lifecycleHookName: "drain-dns",
    owner: "aws-patterns/test/media-registrar",
    hostedZoneId: "Z123",
    tableName: "media-registrar-state",
    drainQueueUrl: "https://sqs.us-east-1.amazonaws.com/111111111111/media-registrar-drain-queue",
  };

  it("tells both functions where records, state and instances are", async () => {
    assert.deepEqual(await settingsOf(resources, "reconcile-function"), SETTINGS);
    assert.deepEqual(await settingsOf(resources, "release-function"), SETTINGS);
  });

  it("tells both functions what the arguments say, and delays the release as long", async () => {
    const weights = { kind: "instanceType", weights: { "t3.medium": 5, "t3.xlarge": 20 }, defaultWeight: 1 } as const;
    const changed = await create({
      ttlSeconds: 300,
      drainMarginSeconds: 0,
      weights,
      fleet: { autoScalingGroupName: "mine" },
    });
    for (const ending of ["reconcile-function", "release-function"]) {
      assert.deepEqual(await settingsOf(changed, ending), {
        ...SETTINGS,
        ttlSeconds: 300,
        drainSeconds: 300,
        weights,
        autoScalingGroupName: "mine",
        lifecycleHookName: hookNameOf("media", SETTINGS.owner),
      });
    }
    assert.equal(only(changed, "aws:sqs/queue:Queue", "registrar-drain-queue").inputs.delaySeconds, 300);
    const stored = ofType(changed, "aws:ssm/parameter:Parameter").map(({ inputs }) => [inputs.name, inputs.value]);
    assert.equal(
      Object.fromEntries(stored)["/wavelength-dns/aws-patterns/test/media/weights"],
      JSON.stringify(weights),
    );
  });

  describe("its rules", () => {
    const event = (source: string, type: string, detail: Record<string, unknown>): unknown => ({
      version: "0",
      id: "12345678-1234-1234-1234-123456789012",
      account: "111111111111",
      time: "2026-01-01T12:00:00Z",
      region: "us-east-1",
      resources: ["arn:aws:ec2:us-east-1:111111111111:instance/i-0123456789abcdef0"],
      source,
      "detail-type": type,
      detail,
    });
    const group = (type: string, name = "aws-patterns-test-media"): unknown =>
      event("aws.autoscaling", type, {
        AutoScalingGroupName: name,
        EC2InstanceId: "i-0123456789abcdef0",
        LifecycleHookName: "drain-dns",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        StatusCode: "InProgress",
      });
    const state = (value: string): unknown =>
      event("aws.ec2", "EC2 Instance State-change Notification", {
        "instance-id": "i-0123456789abcdef0",
        state: value,
      });
    const call = (eventName: string, eventSource = "ec2.amazonaws.com"): unknown =>
      event("aws.ec2", "AWS API Call via CloudTrail", { eventVersion: "1.08", eventSource, eventName });

    const WANTED: Record<string, unknown> = {
      "a launch": group("EC2 Instance Launch Successful"),
      "a termination": group("EC2 Instance Terminate Successful"),
      "an instance that waits for its termination": group("EC2 Instance-terminate Lifecycle Action"),
      "a start": state("running"),
      "a stop that begins": state("stopping"),
      "a stop": state("stopped"),
      "an instance that shuts down": state("shutting-down"),
      "an instance that died unannounced": state("terminated"),
      "a Spot interruption warning": event("aws.ec2", "EC2 Spot Instance Interruption Warning", {
        "instance-id": "i-0123456789abcdef0",
        "instance-action": "terminate",
      }),
      "another carrier IP": call("AssociateAddress"),
      "a carrier IP taken away": call("DisassociateAddress"),
      "a carrier IP given back": call("ReleaseAddress"),
    };
    const UNWANTED: Record<string, unknown> = {
      "another group's launch": group("EC2 Instance Launch Successful", "other"),
      "another group's termination": group("EC2 Instance-terminate Lifecycle Action", "other"),
      "a group with a longer name": group("EC2 Instance Launch Successful", "aws-patterns-test-media-2"),
      "a launch that failed": group("EC2 Instance Launch Unsuccessful"),
      "the hook of a launch": group("EC2 Instance-launch Lifecycle Action"),
      "an instance that only begins to start": state("pending"),
      "a call that moves no address": call("DescribeInstances"),
      "a call of another service": call("AssociateAddress", "directconnect.amazonaws.com"),
      "another service's event": event("aws.s3", "Object Created", { bucket: { name: "b" } }),
      "our own schedule's message": { ...scheduledMessage },
    };

    const patterns = (): Map<string, EventPattern> =>
      new Map(
        ofType(resources, "aws:cloudwatch/eventRule:EventRule").map(({ name, inputs }) => [
          name,
          JSON.parse(String(inputs.eventPattern)) as EventPattern,
        ]),
      );

    for (const [what, sample] of Object.entries(WANTED)) {
      it(`let ${what} through, once`, () => {
        const rules = [...patterns()].filter(([, pattern]) => matches(pattern, sample)).map(([name]) => name);
        assert.equal(rules.length, 1, rules.join());
      });
    }
    for (const [what, sample] of Object.entries(UNWANTED)) {
      it(`keep out ${what}`, () => {
        for (const [name, pattern] of patterns()) assert.equal(matches(pattern, sample), false, name);
      });
    }

    it("each have a target: the events queue, which lets just them send", () => {
      const targets = ofType(resources, "aws:cloudwatch/eventTarget:EventTarget");
      assert.deepEqual(targets.map(({ inputs }) => inputs.rule).sort(), [...patterns().keys()].sort());
      for (const { inputs } of targets) assert.equal(inputs.arn, queueArn("events"));
    });
  });
});
