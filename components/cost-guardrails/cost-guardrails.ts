import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { bareId } from "../internal/aws-id";
import { checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { AlertTopic } from "./alert-topic";
import type { AnomalySubscriptionSettings, CostBudget, CostGuardrailsArgs, Guardrail } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkCostGuardrails, monitorsOf } from "./checks";
import { type GuardrailPolicy, policiesOf } from "./policies";
import { OrganizationTree } from "./units";

export type * from "./args";
export { AlertTopic } from "./alert-topic";

/**
 * Keeps costs within bounds: service control policies that say which regions, instance types and services accounts may
 * use, budgets that tell before they are exceeded, Cost Anomaly Detection, and tags by which costs are distinguished.
 *
 * ```ts
 * new CostGuardrails("costs", {
 *   budgets: [{ name: "all", monthlyUsd: 1000 }],
 *   anomalies: {},
 *   emails: ["platform@example.com"],
 * });
 * ```
 *
 * Follows the AWS Architecture Blog post "Let's Architect! Optimizing the cost of your architecture"; how it differs and
 * why is described in docs/cost-guardrails.md. Arguments win over defaults. Invariants: protected roles are never limited
 * and cannot be made by others, policies keep within AWS's limits, the SNS topic is encrypted and takes messages only
 * from AWS Budgets and Cost Anomaly Detection.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 */
export class CostGuardrails extends Component {
  /** Ids of the service control policies, by guardrail and part, such as `workloads-all`. */
  readonly policyIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Names of the budgets in AWS, by their names here. */
  readonly budgetNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** The monitors of Cost Anomaly Detection that were made, by what they look at. */
  readonly monitorArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where budgets, and anomalies as they are found, are announced; undefined where neither is. */
  readonly alerts: AlertTopic | undefined;

  constructor(name: string, args: CostGuardrailsArgs, opts?: ComponentOptions) {
    const checks = checkCostGuardrails(args);
    checkName(checks, name);
    checks.finish(`CostGuardrails "${name}"`);
    super("cost", name, opts, { ...args });
    const tree = new OrganizationTree(this.child);
    this.policyIds = Object.fromEntries(
      (args.guardrails ?? []).flatMap((guardrail) => this.createPolicies(guardrail, tree)),
    );
    this.alerts = this.createAlerts(args);
    this.budgetNames = Object.fromEntries(
      (args.budgets ?? []).map((budget) => [budget.name, this.createBudget(budget, args)]),
    );
    this.monitorArns = this.createMonitors(args);
    this.createSubscriptions(args);
    this.activateTags(args);
    this.registerOutputs({ policyIds: this.policyIds, budgetNames: this.budgetNames, monitorArns: this.monitorArns });
  }

  private createPolicies(guardrail: Guardrail, tree: OrganizationTree): [string, pulumi.Output<string>][] {
    return policiesOf(guardrail).policies.map(({ part, content }: GuardrailPolicy) => {
      const role = `${guardrail.name}-${part}`;
      const policy = new aws.organizations.Policy(
        this.named(role),
        {
          type: "SERVICE_CONTROL_POLICY",
          description: `${this.componentName}: ${part === "all" ? "everything" : part} that ${guardrail.name} denies`,
          content,
        },
        this.child,
      );
      for (const target of guardrail.targets.map(bareId)) {
        new aws.organizations.PolicyAttachment(
          this.named(`${role}-on-${target}`),
          { policyId: policy.id, targetId: tree.idOf(target) },
          this.child,
        );
      }
      return [role, policy.id];
    });
  }

  private createAlerts({ budgets = [], anomalies }: CostGuardrailsArgs): AlertTopic | undefined {
    const subscriptions =
      anomalies === undefined ? [] : (anomalies.subscriptions ?? DEFAULTS.AnomalyDetection.subscriptions);
    const isNeeded = budgets.length > 0 || subscriptions.some(({ frequency }) => frequency === "immediate");
    return isNeeded ? new AlertTopic(this.named("alerts"), this.child) : undefined;
  }

  /** Options of what publishes to the topic. */
  private afterAlerts(): pulumi.CustomResourceOptions {
    return { ...this.child, dependsOn: this.alerts?.ready ?? [] };
  }

  private createBudget(budget: CostBudget, args: CostGuardrailsArgs): pulumi.Output<string> {
    const emails = budget.emails ?? args.emails ?? [];
    const notify = (notificationType: "ACTUAL" | "FORECASTED") => (threshold: number) => ({
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
      subscriberSnsTopicArns: this.alerts === undefined ? [] : [this.alerts.topic.arn],
      ...(emails.length === 0 ? {} : { subscriberEmailAddresses: emails }),
    });
    const { name } = new aws.budgets.Budget(
      this.named(`budget-${budget.name}`),
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(budget.monthlyUsd),
        limitUnit: "USD",
        ...(budget.accountId === undefined
          ? {}
          : { costFilters: [{ name: "LinkedAccount", values: [budget.accountId] }] }),
        notifications: [
          ...(budget.actualPercents ?? DEFAULTS.CostBudget.actualPercents).map(notify("ACTUAL")),
          ...(budget.forecastPercents ?? DEFAULTS.CostBudget.forecastPercents).map(notify("FORECASTED")),
        ],
      },
      this.afterAlerts(),
    );
    return name;
  }

  private createMonitors(args: CostGuardrailsArgs): Record<string, pulumi.Output<string>> {
    const roles = {
      service: { role: "services", monitorDimension: "SERVICE" },
      linkedAccount: { role: "accounts", monitorDimension: "LINKED_ACCOUNT" },
    };
    return Object.fromEntries(
      monitorsOf(args).map((monitor) => {
        const { role, monitorDimension } = roles[monitor];
        const { arn } = new aws.costexplorer.AnomalyMonitor(
          this.named(role),
          { monitorType: "DIMENSIONAL", monitorDimension },
          this.child,
        );
        return [monitor, arn];
      }),
    );
  }

  private createSubscriptions({ anomalies, emails }: CostGuardrailsArgs): void {
    if (anomalies === undefined) return;
    const monitors = [...Object.values(this.monitorArns), ...(anomalies.existingMonitorArns ?? [])];
    for (const subscription of anomalies.subscriptions ?? DEFAULTS.AnomalyDetection.subscriptions) {
      const { frequency } = subscription;
      new aws.costexplorer.AnomalySubscription(
        this.named(`anomalies-${frequency}`),
        {
          frequency: frequency.toUpperCase(),
          monitorArnLists: monitors,
          subscribers: this.subscribersOf(subscription, emails ?? []),
          thresholdExpression: threshold(subscription),
        },
        this.afterAlerts(),
      );
    }
  }

  /** AWS sends anomalies immediately to SNS only, and summaries by mail only. */
  private subscribersOf({ frequency, emails }: AnomalySubscriptionSettings, others: readonly string[]) {
    if (frequency === "immediate")
      return this.alerts === undefined ? [] : [{ type: "SNS", address: this.alerts.topic.arn }];
    return (emails ?? others).map((address) => ({ type: "EMAIL", address }));
  }

  private activateTags({ costAllocationTags = [] }: CostGuardrailsArgs): void {
    for (const tagKey of costAllocationTags) {
      new aws.costexplorer.CostAllocationTag(this.named(`tag-${tagKey}`), { tagKey, status: "Active" }, this.child);
    }
  }
}

/** Both impacts must be reached. */
function threshold({ impactUsd, impactPercent }: AnomalySubscriptionSettings) {
  const atLeast = (key: string, value: number) => ({
    dimension: { key, matchOptions: ["GREATER_THAN_OR_EQUAL"], values: [String(value)] },
  });
  return {
    ands: [
      atLeast("ANOMALY_TOTAL_IMPACT_ABSOLUTE", impactUsd ?? DEFAULTS.AnomalySubscriptionSettings.impactUsd),
      atLeast("ANOMALY_TOTAL_IMPACT_PERCENTAGE", impactPercent ?? DEFAULTS.AnomalySubscriptionSettings.impactPercent),
    ],
  };
}
