/**
 * The stack configuration's `aws-patterns:guardrails`, and what the policy pack is told of it:
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
import { z } from "zod";
import { meaning, otherwise, strict } from "../stacks/faults";
import { region, tags } from "../stacks/shared-schema";
import type { Exemption } from "./exemptions";
import type { RuleSettings } from "./rule";
import { REMEDIATIONS, RULE_IDS, RULES } from "./rules";

/** What can be said of a rule; of a remediation, only whether it runs. */
export type RuleSeverity = "mandatory" | "advisory" | "disabled";

const severities = strict({
  ...Object.fromEntries(RULE_IDS.map((id) => [id, z.enum(["mandatory", "advisory", "disabled"]).optional()])),
  ...Object.fromEntries(REMEDIATIONS.map(({ id }) => [id, z.enum(["remediate", "disabled"]).optional()])),
});

const exemption = strict({
  rule: z.enum(RULE_IDS),
  resource: meaning(
    (text) => text.replaceAll("*", "") !== "",
    "the name or URN of a resource; * stands for any characters",
    "Name the resource; a rule that nothing has to keep is switched off under severities.",
  ),
  reason: meaning(
    (text) => text.trim().length >= 10,
    "why the rule does not hold there, in at least 10 characters",
    "Give the reason: every preview shows it.",
  ),
});

const zonePattern = meaning(
  (text) => /^[a-z0-9*-]+$/.test(text),
  "a zone such as us-east-1a or us-east-1-wl1-bos-wlz-1; * stands for any characters",
  "Give the zone's name.",
);

/** Days that CloudWatch Logs can keep logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Schema of `aws-patterns:guardrails`; everything in it is optional. */
export const guardrailsSettings = strict({
  /** Severity of rules by their ids (default: as docs/guardrails.md says), and remediations that are not wanted. */
  severities: severities.optional(),
  exemptions: z.array(exemption, otherwise("a list of exemptions", "Write it as a list: [ ... ].")).optional(),
  regions: z.array(region).min(1).optional(),
  zones: z.array(zonePattern).min(1).optional(),
  requiredTags: z.array(z.string().min(1)).optional(),
  tags: tags.optional(),
  production: z.boolean().optional(),
  logRetentionDays: z
    .number()
    .refine((days) => RETENTIONS.includes(days), { error: `one of ${RETENTIONS.join(", ")}` })
    .optional(),
  encryptLogs: z.boolean().optional(),
});

export type GuardrailsSettings = z.infer<typeof guardrailsSettings>;

/** Configuration of one policy, as `pulumi preview --policy-pack-config` takes it. */
export type PolicyConfiguration = { enforcementLevel?: string } & Record<string, unknown>;

/**
 * The policy pack's configuration, by policy: the content of the file that `--policy-pack-config` names. Each policy is
 * told no more than it heeds. A remediation is not run where the rule that it mends is off, or does not hold.
 */
export function packConfiguration(settings: GuardrailsSettings): Record<string, PolicyConfiguration> {
  const { severities = {}, exemptions = [] } = settings;
  const levels: Readonly<Record<string, string | undefined>> = severities;
  const entries = [...RULES, ...REMEDIATIONS].map(({ id, parameters = [], ...policy }) => {
    const rule = "mends" in policy ? policy.mends : id;
    const level = levels[rule] === "disabled" ? "disabled" : levels[id];
    const configuration = {
      ...(level === undefined ? {} : { enforcementLevel: level }),
      ...only(parameters, settings),
      ...exemptionsOf(rule, exemptions),
    };
    return [id, configuration] as const;
  });
  const told = entries.filter(([, configuration]) => Object.keys(configuration).length > 0);
  const all = exemptions.length === 0 ? [] : [["exemptions", { exemptions }] as const];
  return Object.fromEntries([...told, ...all]);
}

function only(parameters: readonly (keyof RuleSettings)[], settings: GuardrailsSettings): Record<string, unknown> {
  const given = parameters.filter((parameter) => settings[parameter] !== undefined);
  return Object.fromEntries(given.map((parameter) => [parameter, settings[parameter]]));
}

function exemptionsOf(rule: string, exemptions: readonly Exemption[]): { exemptions?: Exemption[] } {
  const own = exemptions.filter((candidate) => candidate.rule === rule);
  return own.length === 0 ? {} : { exemptions: own };
}
