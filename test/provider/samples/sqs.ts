import { allowAll } from "./documents";
import type { Sample } from "./sample";

const QUEUE = "aws:sqs/queue:Queue";

export const sqs: readonly Sample[] = [
  {
    token: QUEUE,
    program: async (make) => {
      const dead = await make(QUEUE, {});
      return {
        inputs: { visibilityTimeoutSeconds: 60 },
        changes: [
          { visibilityTimeoutSeconds: 90 },
          { messageRetentionSeconds: 1_209_600, delaySeconds: 5 },
          { redrivePolicy: { deadLetterTargetArn: dead.output("arn"), maxReceiveCount: 3 } },
          { sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/aws/sqs" },
        ],
      };
    },
  },
  {
    token: QUEUE,
    variant: "FIFO",
    program: () => ({ inputs: { fifoQueue: true }, changes: [{ contentBasedDeduplication: true }] }),
  },
  {
    token: "aws:sqs/queuePolicy:QueuePolicy",
    program: async (make) => ({
      inputs: { queueUrl: (await make(QUEUE, {})).id, policy: allowAll("sqs:SendMessage") },
      changes: [{ policy: allowAll("sqs:ReceiveMessage") }],
    }),
  },
];
