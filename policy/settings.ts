/**
 * The stack configuration's `aws-patterns:guardrails`, and what the policy pack knows of it:
 *
 * ```yaml
 * config:
 *   aws-patterns:guardrails:
 *     severities: { lambda-runtime: advisory }
 *     exemptions:
 *       - { rule: lambda-arm64, resource: "*-legacy-function", reason: Its native library exists for x86 only }
 *     regions: [us-east-1, us-west-2]
 * ```
 */
import { FORMATS } from "../components/internal/formats";
import { nearest } from "../components/internal/nearest-name";
import type { Declaration, Schema } from "../components/internal/schema";
import type { Exemption } from "./exemptions";
import type { RuleSettings } from "./rule";
import { REMEDIATIONS, RULE_IDS, RULES } from "./rules";
import { SCHEMA } from "./settings.schema";

/** What can be said of a rule; of a remediation, only whether it runs. */
export type RuleSeverity = "mandatory" | "advisory" | "disabled";

/** `aws-patterns:guardrails`; everything in it is optional. */
export interface GuardrailsSettings {
  /** Severity of rules by their ids, and remediations that are not wanted. @default as docs/guardrails.md says */
  severities?: Record<string, string>;
  /** Resources that a rule does not hold for. @default none */
  exemptions?: Exemption[];
  /** Regions where resources may be. @format region @minItems 1 @default all */
  regions?: string[];
  /** Zones where resources may be; `*` stands for any characters. @format zone-pattern @minItems 1 @default all */
  zones?: string[];
  /** Tags that everything has. @minLength 1 @default `owner`, `environment` and `cost-center` */
  requiredTags?: string[];
  /** Values for required tags that are missing. @propertyNames own-tag-key @format tag-value @default none */
  tags?: Record<string, string>;
  /** Whether the stack is one of production. @default whether its name is `prod` or `production` */
  production?: boolean;
  /**
   * Days that logs are kept where nothing is said.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   * @enum 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
   * @default 30
   */
  logRetentionDays?: number;
  /** Whether log groups need a key of the customer's. @default false */
  encryptLogs?: boolean;
}

const closed = (names: readonly string[], values: readonly RuleSeverity[] | readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { enum: values }]));

/** The rules that there are have names of their own. */
const severities: Schema = {
  type: "object",
  properties: {
    ...closed(RULE_IDS, ["mandatory", "advisory", "disabled"]),
    ...closed(
      REMEDIATIONS.map(({ id }) => id),
      ["remediate", "disabled"],
    ),
  },
  additionalProperties: false,
};

export const GUARDRAILS: Declaration = {
  schema: { ...SCHEMA, properties: { ...SCHEMA.properties, severities } },
  formats: {
    ...FORMATS,
    reason: {
      test: /^\s*\S.{8,}\S\s*$/s,
      allowed: "why the rule does not hold there, in at least 10 characters",
      fix: "Give the reason: every preview shows it.",
    },
    resource: {
      test: /[^*]/,
      allowed: "the name or URN of a resource; * stands for any characters",
      fix: "Name the resource; a rule that nothing has to keep is switched off under severities.",
    },
    rule: {
      test: (id) => RULE_IDS.includes(id),
      allowed: RULE_IDS.join(", "),
      fix: (id) => nearest(id, RULE_IDS),
    },
    "zone-pattern": {
      test: /^[a-z0-9*-]+$/,
      allowed: "a zone such as us-east-1a or us-east-1-wl1-bos-wlz-1; * stands for any characters",
      fix: "Give the zone's name.",
    },
  },
};

/** Configuration of one policy, as `pulumi preview --policy-pack-config` takes it. */
export type PolicyConfiguration = { enforcementLevel?: string } & Record<string, unknown>;

/**
 * The policy pack's configuration, by policy: the content of the file that `--policy-pack-config` names. Each policy is
 * given no more than it considers. A remediation is not run where the rule that it fixes is off, or does not hold.
 */
export function packConfiguration(settings: GuardrailsSettings): Record<string, PolicyConfiguration> {
  const { severities = {}, exemptions = [] } = settings;
  const levels: Readonly<Record<string, string | undefined>> = severities;
  const entries = [...RULES, ...REMEDIATIONS].map(({ id, parameters = [], ...policy }) => {
    const rule = "fixes" in policy ? policy.fixes : id;
    const level = levels[rule] === "disabled" ? "disabled" : levels[id];
    const configuration = {
      ...(level === undefined ? {} : { enforcementLevel: level }),
      ...only(parameters, settings),
      ...exemptionsOf(rule, exemptions),
    };
    return [id, configuration] as const;
  });
  const reported = entries.filter(([, configuration]) => Object.keys(configuration).length > 0);
  const all = exemptions.length === 0 ? [] : [["exemptions", { exemptions }] as const];
  return Object.fromEntries([...reported, ...all]);
}

function only(parameters: readonly (keyof RuleSettings)[], settings: GuardrailsSettings): Record<string, unknown> {
  const given = parameters.filter((parameter) => settings[parameter] !== undefined);
  return Object.fromEntries(given.map((parameter) => [parameter, settings[parameter]]));
}

function exemptionsOf(rule: string, exemptions: readonly Exemption[]): { exemptions?: Exemption[] } {
  const own = exemptions.filter((candidate) => candidate.rule === rule);
  return own.length === 0 ? {} : { exemptions: own };
}
