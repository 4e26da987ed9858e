/** Forms that texts among the arguments of several components have; a declaration names them with `@format`. */
import { bareId } from "./aws-id";
import { parseCidr } from "./cidr";
import { isHostName, plainDomainName } from "./domain-name";
import { isEmailAddress } from "./email-address";
import { isRoleArn, partitionOf, regionFix } from "./partitions";
import {
  ALLOWED_SCHEDULES,
  isTimeZone,
  recurringScheduleFault,
  scheduleFault,
  timeZoneFix,
} from "./schedule-expression";
import type { Format } from "./schema";
import { LIMITS_AS_OF, runtimeFault } from "./snap-start-limits";

/** The id of a resource, with or without what AWS prints before it. */
function id(kind: string, form: RegExp, example: string): Format {
  return {
    test: (text) => form.test(bareId(text)),
    allowed: `the id of a ${kind}, such as ${example}`,
    fix: `Copy the ${kind}'s id.`,
  };
}

/** Whether it says something, within a length and without line breaks. */
function line(most: number): Format {
  return {
    test: new RegExp(`^(?=.*\\S)[^\\p{Cc}\\p{Zl}\\p{Zp}]{1,${most}}$`, "u"),
    allowed: `1 to ${most} characters in one line`,
    fix: "Shorten it.",
  };
}

export const FORMATS = {
  /** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
  "alias-name": {
    test: /^(?!\d+$)[\w-]{1,128}$/,
    allowed: "1 to 128 letters, digits, hyphens and underscores, not digits alone",
    fix: "Choose a name such as live.",
  },
  "account-id": {
    test: /^\d{12}$/,
    allowed: "an AWS account id: 12 digits, in quotation marks",
    fix: 'Copy all 12 digits, and quote them ("012345678901"): YAML drops leading zeros of numbers.',
  },
  "carrier-gateway-id": id("carrier gateway", /^cagw-[\w-]+$/, "cagw-0123456789abcdef0"),
  cidr: {
    test: (text) => parseCidr(text) !== undefined,
    allowed: "an IPv4 CIDR block without host bits, such as 10.0.0.0/16",
    fix: "Give the first address of the block and the length of its prefix; for one address write a.b.c.d/32.",
  },
  "domain-name": {
    test: (text) => isHostName(plainDomainName(text)),
    allowed: "a domain name such as example.com",
    fix: "Give the full name of the domain.",
  },
  email: {
    test: isEmailAddress,
    allowed: "an e-mail address such as platform@example.com",
    fix: "Give one address, without a display name.",
  },
  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
  "event-bus": {
    test: /^[\w.:/-]{1,1600}$/,
    allowed: "the name or ARN of an event bus",
    fix: "Give the bus's name, or leave it out for the account's default bus.",
  },
  /** https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html */
  "environment-variable": {
    test: /^[A-Za-z][A-Za-z0-9_]+$/,
    allowed: "names of two or more letters, digits and underscores, beginning with a letter",
    fix: "Rename the variable.",
  },
  "external-id": {
    test: /^[\w+=,.@:/-]{2,1224}$/,
    allowed: "2 to 1,224 letters, digits and _+=,.@:/-",
    fix: "Use the external id that the role's trust policy asks for.",
  },
  "host-name": {
    test: isHostName,
    allowed: "a host name in lower case, such as media.example.com",
    fix: "Give the full name, without a final dot.",
  },
  "hosted-zone-id": id("hosted zone", /^Z[A-Z0-9]{1,31}$/, "Z0123456789ABCDEFGHIJ"),
  /** Lambda's limit of length, and IAM's of characters: a function's role has the same description. */
  "latin-1-of-256": {
    test: /^[\t\n\r\x20-\x7e\xa1-\xff]{0,256}$/,
    allowed: "at most 256 characters of Latin-1",
    fix: "Shorten it, or write its other characters in another way.",
  },
  instant: {
    test: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text)),
    allowed: "a time in UTC, such as 2027-01-01T00:00:00Z",
    fix: "Write date and time of day like that, to the second, ending in Z.",
  },
  "launch-template-id": id("launch template", /^lt-[\w-]+$/, "lt-0123456789abcdef0"),
  "line-of-100": line(100),
  "line-of-128": line(128),
  "own-tag-key": {
    test: /^(?!aws:)(?=.*[^\p{Z}])[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
    allowed: "tag names of at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
    fix: "Rename the tag.",
  },
  /** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
  "parameter-path": {
    test: /^(?!\/(aws|ssm)(\/|$))(\/[\w.-]+){1,15}$/i,
    allowed: "a parameter's path such as /records/key",
    fix: "Copy the parameter's name, which begins with a slash.",
  },
  "recurring-schedule": {
    test: (text) => recurringScheduleFault(text) === undefined,
    allowed: ALLOWED_SCHEDULES,
    fix: (text) => `Correct the expression: ${recurringScheduleFault(text)}.`,
  },
  region: {
    test: (text) => partitionOf(text) !== undefined,
    allowed: "an AWS region such as us-east-1",
    fix: regionFix,
  },
  "role-arn": {
    test: isRoleArn,
    allowed: "an IAM role's ARN such as arn:aws:iam::111111111111:role/aws-patterns-deployer",
    fix: "Copy the ARN from the role's page.",
  },
  schedule: {
    test: (text) => scheduleFault(text) === undefined,
    allowed: ALLOWED_SCHEDULES,
    fix: (text) => `Correct the expression: ${scheduleFault(text)}.`,
  },
  "security-group-id": id("security group", /^sg-[\w-]+$/, "sg-0123456789abcdef0"),
  "snap-start-runtime": {
    test: (text) => runtimeFault(text) === undefined,
    allowed: `java11, python3.12, dotnet8 or later (Lambda's documentation as of ${LIMITS_AS_OF})`,
    fix: (text) => `Choose another runtime: ${runtimeFault(text)}.`,
  },
  /** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
  "stage-name": {
    test: /^[\w-]{1,128}$/,
    allowed: "1 to 128 letters, digits, hyphens and underscores",
    fix: "Choose a name such as prod.",
  },
  "subnet-id": id("subnet", /^subnet-[\w-]+$/, "subnet-0123456789abcdef0"),
  "tag-key": {
    test: /^(?=.*[^\p{Z}])[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    allowed: "a tag's key: 1 to 128 letters, digits, spaces and _.:/=+-@",
    fix: "Copy the key from a resource that has the tag.",
  },
  "tag-value": {
    test: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
    allowed: "at most 256 letters, digits, spaces and _.:/=+-@",
    fix: "Shorten the value, or remove other characters.",
  },
  "time-zone": { test: isTimeZone, allowed: "an IANA time zone such as Europe/Berlin", fix: timeZoneFix },
  "topic-arn": {
    test: /^arn:\S+$/,
    allowed: "the ARN of an SNS topic: arn:<partition>:sns:<region>:<account id>:<name>",
    fix: "Copy the topic's ARN.",
  },
  "vpc-id": id("VPC", /^vpc-[\w-]+$/, "vpc-0123456789abcdef0"),
} as const satisfies Readonly<Record<string, Format>>;
