/**
 * What arrives on the events queue: events as EventBridge sends them, and the schedule's own message. They are hints
 * that something may have changed; only a Spot interruption warning says something that no service can be asked later.
 */
import * as z from "zod/mini";
import { scheduledMessage } from "./event-patterns";

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

const scheduled = z.object({
  source: z.literal(scheduledMessage.source),
  "detail-type": z.literal(scheduledMessage["detail-type"]),
});

const eventSchema = z.union([stateChange, groupChange, addressCall, spotInterruption, scheduled]);

/** What a message means to the reconciler. */
export type Hint =
  | { readonly kind: "change" }
  | { readonly kind: "schedule" }
  | { readonly kind: "interruption"; readonly instanceId: string; readonly warnedAt: number };

/** Reads one message body. Throws where it is not JSON or no known event: such a message must not look handled. */
export function parseEvent(body: string): Hint {
  const event = eventSchema.parse(JSON.parse(body));
  switch (event["detail-type"]) {
    case scheduledMessage["detail-type"]:
      return { kind: "schedule" };
    case "EC2 Spot Instance Interruption Warning":
      return { kind: "interruption", instanceId: event.detail["instance-id"], warnedAt: Date.parse(event.time) };
    default:
      return { kind: "change" };
  }
}
