import type { Sample } from "./sample";

const policy = (actions: string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: actions, Resource: "*" },
    ],
  });

export const kms: readonly Sample[] = [
  {
    token: "aws:kms/key:Key",
    program: () => ({
      inputs: { description: "signs", enableKeyRotation: true, deletionWindowInDays: 7, policy: policy(["kms:*"]) },
      changes: [
        { description: "seals" },
        { enableKeyRotation: false },
        { policy: policy(["kms:*", "kms:Decrypt"]), deletionWindowInDays: 8 },
      ],
      notRead: ["deletionWindowInDays"],
    }),
  },
];
