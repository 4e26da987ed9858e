import type { ReconcileSettings } from "../../handlers/wavelength-dns/settings";

/** Names that the HTTP stub of the handlers' tests answers to. */
export const settings: ReconcileSettings = {
  hostedZoneId: "Z0123456789",
  recordName: "media.example.com",
  owner: "project/stack/media",
  ttlSeconds: 30,
  tableName: "state",
  drainQueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/drain.fifo",
  drainSeconds: 90,
  weights: { kind: "equal" },
  autoScalingGroupName: "game-servers",
  lifecycleHookName: "drain",
};
