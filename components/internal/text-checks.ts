/** Texts that AWS takes in one form only; an empty one in none. Outputs are known too late to be checked. */
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "./argument-errors";
import type { ObservabilityArgs } from "../building-blocks/component";

export interface TextRule {
  readonly form: RegExp;
  readonly allowed: string;
  readonly fix: string;
}

/** Checks a text, unless it is left out or an Output. */
export function checkText(
  checks: ArgumentChecks,
  property: string,
  value: pulumi.Input<string> | undefined,
  { form, allowed, fix }: TextRule,
): void {
  checks.require(typeof value !== "string" || form.test(value), { property, received: value, allowed, fix });
}

export const TAG_KEY: TextRule = {
  form: /^(?=.*[^\p{Z}])[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
  allowed: "a tag's key: 1 to 128 letters, digits, spaces and _.:/=+-@",
  fix: "Copy the key from a resource that has the tag.",
};

const OWN_TAG_KEY: TextRule = {
  form: /^(?!aws:)(?=.*[^\p{Z}])[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
  allowed: "a key of 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
  fix: "Rename the tag.",
};

const TAG_VALUE: TextRule = {
  form: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
  allowed: "at most 256 letters, digits, spaces and _.:/=+-@",
  fix: "Shorten the value, or remove other characters.",
};

/** Checks tags that resources get. */
export function checkTags(
  checks: ArgumentChecks,
  property: string,
  tags: Readonly<Record<string, pulumi.Input<string>>> = {},
): void {
  for (const [key, value] of Object.entries(tags)) {
    const at = `${property}[${JSON.stringify(key)}]`;
    checkText(checks, at, key, OWN_TAG_KEY);
    checkText(checks, at, value, TAG_VALUE);
  }
}

/** An alarm takes five actions of a kind: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const MAXIMUM_ALARM_TOPICS = 5;

/** Checks the topics that alarms tell. */
export function checkAlarmTopics(checks: ArgumentChecks, { alarmTopicArns }: ObservabilityArgs): void {
  if (!Array.isArray(alarmTopicArns)) return;
  checks.require(alarmTopicArns.length <= MAXIMUM_ALARM_TOPICS, {
    property: "alarmTopicArns",
    received: alarmTopicArns.length,
    allowed: `at most ${MAXIMUM_ALARM_TOPICS} topics, as an alarm takes no more`,
    fix: "Subscribe several people to one topic.",
  });
  alarmTopicArns.forEach((arn: pulumi.Input<string>, i) =>
    checkText(checks, `alarmTopicArns[${i}]`, arn, {
      form: /^arn:\S+$/,
      allowed: "the ARN of an SNS topic: arn:<partition>:sns:<region>:<account id>:<name>",
      fix: "Copy the topic's ARN.",
    }),
  );
}
