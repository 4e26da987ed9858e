import { cloudwatch } from "./cloudwatch";
import { ec2 } from "./ec2";
import { iam } from "./iam";
import { kms } from "./kms";
import type { Sample } from "./sample";
import { scheduler } from "./scheduler";
import { sqs } from "./sqs";

export const SAMPLES: readonly Sample[] = [...cloudwatch, ...ec2, ...iam, ...kms, ...scheduler, ...sqs];
