/** Forms of texts among the arguments of CostGuardrails. */
import { bareId } from "../internal/aws-id";
import { FORMATS as COMMON } from "../internal/formats";
import type { Format } from "../internal/schema";
import { isRolePattern, roleFix } from "./roles";
import { ACTION, SERVICE } from "./service-rules";
import { isUnitPath } from "./units";

/** A name that becomes part of resource names. */
function name(longest: number): Format {
  return {
    test: new RegExp(`^(?=.{1,${longest}}$)[a-z]([a-z0-9-]*[a-z0-9])?$`),
    allowed: `at most ${longest} lower-case letters, digits and hyphens, beginning with a letter`,
    fix: "Rename it; resource names are built from it.",
  };
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html */
const TARGET_ID = /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/;

export const FORMATS: Readonly<Record<string, Format>> = {
  ...COMMON,
  action: ACTION,
  /** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html */
  "monitor-arn": {
    test: /^arn:[\w-]+:ce::\d+:anomalymonitor\/[\w-]+$/,
    allowed: "the ARN of a monitor, which ends with :ce::<account>:anomalymonitor/<id>",
    fix: "Copy it from the answer of aws ce get-anomaly-monitors.",
  },
  "name-of-20": name(20),
  "name-of-30": name(30),
  "policy-target": {
    test: (target) => TARGET_ID.test(bareId(target)) || isUnitPath(bareId(target)),
    allowed:
      "an organizational unit (/Workloads/Web or ou-abcd-12345678), a member account (12 digits) or the root (/)",
    fix: "Write the unit's path from the root, or copy the id from the organization's tree; quote account ids.",
  },
  "role-pattern": {
    test: isRolePattern,
    allowed: "a role's name, such as aws-patterns-deployer, with its path and with wildcards where needed",
    fix: roleFix,
  },
  "service-or-action": SERVICE,
  "type-family": {
    test: /^[a-z][a-z0-9-]*$/,
    allowed: "an instance family such as m7g",
    fix: "Give the part of the type before its point.",
  },
};
