import { kms } from "./kms";
import type { Sample } from "./sample";
import { sqs } from "./sqs";

export const SAMPLES: readonly Sample[] = [...kms, ...sqs];
