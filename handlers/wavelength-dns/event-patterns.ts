/** What is sent to the events queue; apart from its parsing, for which components have no use. */

/** The input that the component gives the EventBridge Scheduler schedule, as JSON. */
export const scheduledMessage = {
  source: "aws-patterns.wavelength-dns",
  "detail-type": "Scheduled Reconciliation",
} as const;

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
