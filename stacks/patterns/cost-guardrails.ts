import { z } from "zod";
import type { ArgumentChecks } from "../../components/internal/argument-errors";
import { arnLike } from "../../components/internal/arn-pattern";
import { CostGuardrails } from "../../components/cost-guardrails/cost-guardrails";
import type { CostGuardrailsArgs, Guardrail } from "../../components/cost-guardrails/cost-guardrails";
import { ACCOUNT_KINDS, FREQUENCIES, INFERENCE_PROFILES, MONITORS } from "../../components/cost-guardrails/args";
import { checkCostGuardrails } from "../../components/cost-guardrails/checks";
import { roleArns } from "../../components/cost-guardrails/roles";
import type { Account } from "../account";
import { strict } from "../faults";
import type { Pattern } from "../pattern";

const texts = z.array(z.string());

const limits = strict({
  families: texts.exactOptional(),
  sizes: texts.exactOptional(),
  otherFamilies: texts.exactOptional(),
});

const guardrail = strict({
  name: z.string(),
  targets: texts,
  protectedRoles: texts,
  regions: texts.exactOptional(),
  withoutUsEast1: z.boolean().exactOptional(),
  globalActions: texts.exactOptional(),
  inferenceProfiles: z.array(z.enum(INFERENCE_PROFILES)).exactOptional(),
  instances: limits.exactOptional(),
  databases: limits.exactOptional(),
  caches: limits.exactOptional(),
  gravitonOnly: z.boolean().exactOptional(),
  deniedServices: texts.exactOptional(),
  denyLeaving: z.boolean().exactOptional(),
});

const budget = strict({
  name: z.string(),
  accountId: z.string().exactOptional(),
  monthlyUsd: z.number(),
  actualPercents: z.array(z.number()).exactOptional(),
  forecastPercents: z.array(z.number()).exactOptional(),
  emails: texts.exactOptional(),
});

const subscription = strict({
  frequency: z.enum(FREQUENCIES),
  impactUsd: z.number().exactOptional(),
  impactPercent: z.number().exactOptional(),
  emails: texts.exactOptional(),
});

const anomalies = strict({
  monitors: z.array(z.enum(MONITORS)).exactOptional(),
  existingMonitorArns: texts.exactOptional(),
  subscriptions: z.array(subscription).exactOptional(),
});

const schema = strict({
  accountKind: z.enum(ACCOUNT_KINDS).exactOptional(),
  guardrails: z.array(guardrail).exactOptional(),
  otherPolicies: z.number().exactOptional(),
  budgets: z.array(budget).exactOptional(),
  anomalies: anomalies.exactOptional(),
  costAllocationTags: texts.exactOptional(),
  emails: texts.exactOptional(),
}) satisfies z.ZodType<CostGuardrailsArgs>;

/** What an account's own settings say about a guardrail: its deployer is not locked out, nor its region forbidden. */
function checkDeployer(checks: ArgumentChecks, at: string, guardrail: Guardrail, account: Account): void {
  const { protectedRoles, regions, targets } = guardrail;
  const role = account.roleArn.replace(/^.*?:role\//, "");
  checks.require(
    roleArns(protectedRoles).some((pattern) => arnLike(pattern, account.roleArn)),
    {
      property: `${at}.protectedRoles`,
      received: protectedRoles,
      allowed: `a list with a pattern that fits the deploying role ${role}`,
      fix: `Add ${role}: the guardrail would lock out the role that deploys, in every account that it is attached to.`,
    },
  );
  checks.require(regions === undefined || regions.includes(account.region), {
    property: `${at}.regions`,
    received: regions,
    allowed: `${account.region} among others, the region of the account`,
    fix: "Add it, or deploy to a region that may be used.",
  });
  targets.forEach((target, i) =>
    checks.require(target !== account.id, {
      property: `${at}.targets[${i}]`,
      received: target,
      allowed: "another account than the management account, which no service control policy affects",
      fix: "Name the unit or the accounts that are to be limited.",
    }),
  );
}

export const costGuardrails: Pattern<typeof schema> = {
  schema,
  check(args, account) {
    const checks = checkCostGuardrails(args);
    if (account === undefined) return checks.found();
    args.guardrails?.forEach((guardrail, i) => checkDeployer(checks, `guardrails[${i}]`, guardrail, account));
    return checks.found();
  },
  deploy(name, args, opts) {
    const component = new CostGuardrails(name, args, opts);
    return {
      policyIds: component.policyIds,
      budgetNames: component.budgetNames,
      monitorArns: component.monitorArns,
      ...(component.alerts === undefined ? {} : { topicArn: component.alerts.topic.arn }),
    };
  },
};
