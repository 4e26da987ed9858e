/**
 * What arrives on the events queue: events as EventBridge sends them, and the schedule's own message. They are hints
 * that something may have changed; only a Spot interruption warning says something that no service can be asked later.
 */
import * as z from "zod/mini";

const envelope = { time: z.string(), id: z.optional(z.string()) };

const stateChange = z.object({
  ...envelope,
  source: z.literal("aws.ec2"),
  "detail-type": z.literal("EC2 Instance State-change Notification"),
  detail: z.object({ "instance-id": z.string(), state: z.string() }),
});

const spotInterruption = z.object({
  ...envelope,
  source: z.literal("aws.ec2"),
  "detail-type": z.literal("EC2 Spot Instance Interruption Warning"),
  detail: z.object({ "instance-id": z.string().check(z.startsWith("i-")), "instance-action": z.string() }),
  time: z.iso.datetime({ offset: true }),
});

const addressCall = z.object({
  ...envelope,
  source: z.literal("aws.ec2"),
  "detail-type": z.literal("AWS API Call via CloudTrail"),
  detail: z.object({ eventSource: z.literal("ec2.amazonaws.com"), eventName: z.string() }),
});

const groupChange = z.object({
  ...envelope,
  source: z.literal("aws.autoscaling"),
  "detail-type": z.enum([
    "EC2 Instance Launch Successful",
    "EC2 Instance Terminate Successful",
    "EC2 Instance-terminate Lifecycle Action",
  ]),
  detail: z.object({ AutoScalingGroupName: z.string(), EC2InstanceId: z.string() }),
});

const SCHEDULE_SOURCE = "aws-patterns.wavelength-dns";
const SCHEDULE_DETAIL_TYPE = "Scheduled Reconciliation";

const scheduled = z.object({
  source: z.literal(SCHEDULE_SOURCE),
  "detail-type": z.literal(SCHEDULE_DETAIL_TYPE),
});

const eventSchema = z.union([stateChange, groupChange, addressCall, spotInterruption, scheduled]);

/** The input that the component gives the EventBridge Scheduler schedule, as JSON. */
export const scheduledMessage: Readonly<z.infer<typeof scheduled>> = {
  source: SCHEDULE_SOURCE,
  "detail-type": SCHEDULE_DETAIL_TYPE,
};

/** EC2 calls after which an instance may have another carrier IP. */
const ADDRESS_CALLS = [
  "AssociateAddress",
  "DisassociateAddress",
  "ReleaseAddress",
  "AttachNetworkInterface",
  "DetachNetworkInterface",
];

/**
 * The patterns of the EventBridge rules that feed the events queue, by role. Everything they let through, and nothing
 * else, is accepted by `parseEvent`.
 */
export function eventPatterns(autoScalingGroupName: string): Record<EventRole, object> {
  const group = { AutoScalingGroupName: [autoScalingGroupName] };
  return {
    "state-change": {
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["running", "stopping", "stopped", "shutting-down", "terminated"] },
    },
    "spot-interruption": { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
    address: {
      source: ["aws.ec2"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventSource: ["ec2.amazonaws.com"], eventName: ADDRESS_CALLS },
    },
    "group-change": {
      source: ["aws.autoscaling"],
      "detail-type": ["EC2 Instance Launch Successful", "EC2 Instance Terminate Successful"],
      detail: group,
    },
    "terminate-hook": {
      source: ["aws.autoscaling"],
      "detail-type": ["EC2 Instance-terminate Lifecycle Action"],
      detail: group,
    },
  };
}

export const EVENT_ROLES = ["state-change", "spot-interruption", "address", "group-change", "terminate-hook"] as const;

export type EventRole = (typeof EVENT_ROLES)[number];

/** What a message means to the reconciler. */
export type Hint =
  | { readonly kind: "change" }
  | { readonly kind: "schedule" }
  | { readonly kind: "interruption"; readonly instanceId: string; readonly warnedAt: number };

/** Reads one message body. Throws where it is not JSON or no known event: such a message must not look handled. */
export function parseEvent(body: string): Hint {
  const event = eventSchema.parse(JSON.parse(body));
  switch (event["detail-type"]) {
    case SCHEDULE_DETAIL_TYPE:
      return { kind: "schedule" };
    case "EC2 Spot Instance Interruption Warning":
      return { kind: "interruption", instanceId: event.detail["instance-id"], warnedAt: Date.parse(event.time) };
    default:
      return { kind: "change" };
  }
}
