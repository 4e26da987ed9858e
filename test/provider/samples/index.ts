import { cloudwatch } from "./cloudwatch";
import { coming } from "./coming";
import { costs } from "./costs";
import { data } from "./data";
import { ec2 } from "./ec2";
import { iam } from "./iam";
import { inspector } from "./inspector";
import { kms } from "./kms";
import { lambda } from "./lambda";
import type { Sample } from "./sample";
import { scheduler } from "./scheduler";
import { sesv2 } from "./sesv2";
import { sqs } from "./sqs";

export const SAMPLES: readonly Sample[] = [
  ...cloudwatch,
  ...coming,
  ...costs,
  ...data,
  ...ec2,
  ...iam,
  ...inspector,
  ...kms,
  ...lambda,
  ...scheduler,
  ...sesv2,
  ...sqs,
];
