/** The parts of a stack configuration that all patterns share. */
import { z } from "zod";
import { parseCidr } from "../components/internal/cidr";
import { MAXIMUM_NAME_LENGTH } from "../components/building-blocks/component";
import { isHostName, plainDomainName } from "../components/internal/domain-name";
import { isEmailAddress } from "../components/internal/email-address";
import { isRoleArn, partitionOf, regionFix } from "../components/internal/partitions";
import { ALLOWED_SCHEDULES, recurringScheduleFault, scheduleFault } from "../components/internal/schedule-expression";
import { meaning, strict } from "./faults";

export const accountId = meaning(
  (text) => /^\d{12}$/.test(text),
  "an AWS account id: 12 digits, in quotation marks",
  'Copy all 12 digits, and quote them ("012345678901"): YAML drops leading zeros of numbers.',
);

export const region = meaning((text) => partitionOf(text) !== undefined, "an AWS region such as us-east-1", regionFix);

export const roleArn = meaning(
  isRoleArn,
  "an IAM role's ARN such as arn:aws:iam::111111111111:role/aws-patterns-deployer",
  "Copy the ARN from the role's page.",
);

export const emailAddress = meaning(
  isEmailAddress,
  "an e-mail address such as platform@example.com",
  "Give one address, without a display name.",
);

export const hostName = meaning(
  isHostName,
  "a host name in lower case, such as media.example.com",
  "Give the full name, without a final dot.",
);

export const domainName = meaning(
  (text) => isHostName(plainDomainName(text)),
  "a domain name such as example.com",
  "Give the full name of the domain.",
);

export const cidrBlock = meaning(
  (text) => parseCidr(text) !== undefined,
  "an IPv4 CIDR block without host bits, such as 10.0.0.0/16",
  "Give the first address of the block and the length of its prefix; for one address write a.b.c.d/32.",
);

/** A schedule of EventBridge Scheduler; `at(...)` too. */
export const schedule = meaning(
  (text) => scheduleFault(text) === undefined,
  ALLOWED_SCHEDULES,
  (text) => `Mend the expression: ${scheduleFault(text)}.`,
);

/** A schedule for something that happens again and again. */
export const recurringSchedule = meaning(
  (text) => recurringScheduleFault(text) === undefined,
  ALLOWED_SCHEDULES,
  (text) => `Mend the expression: ${recurringScheduleFault(text)}.`,
);

const tagValue = meaning(
  (text) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(text),
  "at most 256 letters, digits, spaces and _.:/=+-@",
  "Shorten the value, or remove other characters.",
);

/** `owner` tells people whom to write to. */
export const tags = z.record(
  meaning(
    (text) => /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu.test(text),
    "tag names of at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
    "Rename the tag.",
  ),
  tagValue,
);

export const account = strict({
  id: accountId,
  region: region.optional(),
  roleArn: roleArn.optional(),
  externalId: meaning(
    (text) => /^[\w+=,.@:/-]{2,1224}$/.test(text),
    "2 to 1,224 letters, digits and _+=,.@:/-",
    "Use the external id that the role's trust policy asks for.",
  ).optional(),
  tags: tags.optional(),
});

export type AccountInput = z.infer<typeof account>;

/** Names of accounts, and of the entries under `patterns`. */
export const instanceName = new RegExp(`^(?=.{1,${MAXIMUM_NAME_LENGTH}}$)[a-z]([a-z0-9-]*[a-z0-9])?$`);
