import { cloudwatch } from "./cloudwatch";
import { iam } from "./iam";
import { kms } from "./kms";
import type { Sample } from "./sample";
import { sqs } from "./sqs";

export const SAMPLES: readonly Sample[] = [...cloudwatch, ...iam, ...kms, ...sqs];
