import * as assert from "node:assert/strict";
import { eventPatterns, scheduledMessage } from "../../../handlers/wavelength-dns/event-patterns";
import { parseEvent } from "../../../handlers/wavelength-dns/events";

const envelope = {
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  account: "123456789012",
  time: "2026-01-01T12:00:00Z",
  region: "us-east-1",
  resources: [],
};
const ec2 = (detailType: string, detail: object): object => ({
  ...envelope,
  source: "aws.ec2",
  "detail-type": detailType,
  detail,
});
const group = (detailType: string): object => ({
  ...envelope,
  source: "aws.autoscaling",
  "detail-type": detailType,
  detail: {
    LifecycleActionToken: "87654321-4321-4321-4321-210987654321",
    AutoScalingGroupName: "game-servers",
    LifecycleHookName: "drain",
    EC2InstanceId: "i-1234567890abcdef0",
    LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    Origin: "AutoScalingGroup",
    Destination: "EC2",
  },
});
const stateChange = ec2("EC2 Instance State-change Notification", { "instance-id": "i-1", state: "running" });
const interruption = ec2("EC2 Spot Instance Interruption Warning", {
  "instance-id": "i-1234567890abcdef0",
  "instance-action": "terminate",
});
const addressCall = ec2("AWS API Call via CloudTrail", {
  eventVersion: "1.08",
  eventSource: "ec2.amazonaws.com",
  eventName: "AssociateAddress",
  requestParameters: { allocationId: "eipalloc-1" },
});

/** Whether an EventBridge pattern lets an event through: lists of literals, nested. */
function matches(pattern: object, event: object): boolean {
  return Object.entries(pattern).every(([key, allowed]: [string, unknown]) => {
    const value = (event as Record<string, unknown>)[key];
    if (Array.isArray(allowed)) return allowed.includes(value);
    return typeof value === "object" && value !== null && matches(allowed as object, value);
  });
}

describe("parseEvent", () => {
  const changes = {
    "an instance's change of state": stateChange,
    "a launch": group("EC2 Instance Launch Successful"),
    "a termination": group("EC2 Instance Terminate Successful"),
    "a termination that waits": group("EC2 Instance-terminate Lifecycle Action"),
    "a call that may move an address": addressCall,
  };
  for (const [what, event] of Object.entries(changes)) {
    it(`takes ${what} as a hint that something changed`, () => {
      assert.deepEqual(parseEvent(JSON.stringify(event)), { kind: "change" });
    });
  }

  it("reads which instance Spot will take, and when it said so", () => {
    assert.deepEqual(parseEvent(JSON.stringify(interruption)), {
      kind: "interruption",
      instanceId: "i-1234567890abcdef0",
      warnedAt: Date.UTC(2026, 0, 1, 12),
    });
  });

  it("knows the schedule's own message", () => {
    assert.deepEqual(parseEvent(JSON.stringify(scheduledMessage)), { kind: "schedule" });
  });

  const malformed = {
    "no JSON": "{",
    "JSON that is no object": "[]",
    "an event of another kind": JSON.stringify({
      ...envelope,
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: {},
    }),
    "a known kind without its detail": JSON.stringify(ec2("EC2 Instance State-change Notification", {})),
    "a warning for no instance": JSON.stringify(
      ec2("EC2 Spot Instance Interruption Warning", { "instance-id": "", "instance-action": "terminate" }),
    ),
    "a warning from no known time": JSON.stringify({ ...interruption, time: "yesterday" }),
    "another service's call": JSON.stringify(
      ec2("AWS API Call via CloudTrail", { eventSource: "s3.amazonaws.com", eventName: "PutObject" }),
    ),
  };
  for (const [what, body] of Object.entries(malformed)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseEvent(body));
    });
  }
});

describe("eventPatterns", () => {
  const samples: [string, object][] = [
    ["state-change", stateChange],
    ["spot-interruption", interruption],
    ["address", addressCall],
    ["group-change", group("EC2 Instance Launch Successful")],
    ["group-change", group("EC2 Instance Terminate Successful")],
    ["terminate-hook", group("EC2 Instance-terminate Lifecycle Action")],
  ];

  it("lets each event through one rule, so that nothing arrives twice", () => {
    for (const [role, event] of samples) {
      const through = Object.entries(eventPatterns("game-servers")).filter(([, pattern]) => matches(pattern, event));
      assert.deepEqual(
        through.map(([name]) => name),
        [role],
      );
    }
  });

  it("lets no event of another group through", () => {
    const patterns = Object.values(eventPatterns("other"));
    assert.ok(patterns.every((pattern) => !matches(pattern, group("EC2 Instance Launch Successful"))));
  });
});
