import type { ArgumentChecks, Rule } from "../../components/internal/argument-checks";
import { arnLike } from "../../components/internal/arn-pattern";
import { checkCostGuardrails } from "../../components/cost-guardrails/checks";
import { FORMATS } from "../../components/cost-guardrails/formats";
import {
  CostGuardrails,
  type CostGuardrailsArgs,
  type Guardrail,
} from "../../components/cost-guardrails/cost-guardrails";
import { roleArns } from "../../components/cost-guardrails/roles";
import type { Account } from "../account";
import type { Pattern } from "../pattern";

/** What an account's own settings say about a guardrail: its deployer is not locked out, nor its region forbidden. */
function checkDeployer(checks: ArgumentChecks, at: string, guardrail: Guardrail, account: Account): void {
  const { protectedRoles, regions, targets } = guardrail;
  const role = account.roleArn.replace(/^.*?:role\//, "");
  checks.require(
    roleArns(protectedRoles).some((pattern) => arnLike(pattern, account.roleArn)),
    {
      path: `${at}.protectedRoles`,
      received: protectedRoles,
      allowed: `a list with a pattern that fits the deploying role ${role}`,
      fix: `Add ${role}: the guardrail would lock out the role that deploys, in every account that it is attached to.`,
    },
  );
  checks.require(regions === undefined || regions.includes(account.region), {
    path: `${at}.regions`,
    received: regions,
    allowed: `${account.region} among others, the region of the account`,
    fix: "Add it, or deploy to a region that may be used.",
  });
  targets.forEach((target, i) =>
    checks.require(target !== account.id, {
      path: `${at}.targets[${i}]`,
      received: target,
      allowed: "another account than the management account, which no service control policy affects",
      fix: "Name the unit or the accounts that are to be limited.",
    }),
  );
}

/** Every guardrail lets the account go on. */
function deployerOf(account: Account): Rule<CostGuardrailsArgs> {
  return (checks, { guardrails }) =>
    checks.each(guardrails, (guardrail, i) => checkDeployer(checks, `guardrails[${i}]`, guardrail, account));
}

export const costGuardrails: Pattern<CostGuardrailsArgs> = {
  formats: FORMATS,
  check: (args, account) => checkCostGuardrails(args, ...(account === undefined ? [] : [deployerOf(account)])).found(),
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
