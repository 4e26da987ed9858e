/** What budgets, anomaly detection and cost allocation tags are, as AWS tells it. */
import {
  BudgetsClient,
  DescribeBudgetsCommand,
  DescribeNotificationsForBudgetCommand,
  DescribeSubscribersForNotificationCommand,
  type Notification,
} from "@aws-sdk/client-budgets";
import {
  CostExplorerClient,
  GetAnomalyMonitorsCommand,
  GetAnomalySubscriptionsCommand,
  ListCostAllocationTagsCommand,
} from "@aws-sdk/client-cost-explorer";
import type { CostBudget, CostGuardrailsArgs } from "../../../components/cost-guardrails/cost-guardrails";
import { monitorsOf } from "../../../components/cost-guardrails/checks";
import { DEFAULTS } from "../../../components/cost-guardrails/args.schema";
import type { PlayedContext } from "../story";

export class Alerts {
  private readonly args: CostGuardrailsArgs;
  private readonly accountId: string;
  private readonly client: BudgetsClient;
  private readonly explorer: CostExplorerClient;

  constructor(private readonly context: PlayedContext) {
    this.args = context.deployment.args as CostGuardrailsArgs;
    this.accountId = context.deployment.account.id;
    this.client = new BudgetsClient(context.client);
    this.explorer = new CostExplorerClient(context.client);
  }

  async budgets(): Promise<string> {
    const names = this.context.outputs.budgetNames as Record<string, string>;
    const reported = await Promise.all(
      (this.args.budgets ?? []).map(async (budget) => {
        const found = await this.notifications(names[budget.name] ?? "");
        const expected = this.expected(budget);
        if (JSON.stringify(found) !== JSON.stringify(expected)) {
          throw new Error(`${budget.name}: ${found.join(", ")}; asked for: ${expected.join(", ")}`);
        }
        return `${budget.name} at ${budget.monthlyUsd} USD: ${found.length} thresholds`;
      }),
    );
    return reported.join("; ");
  }

  private expected({ actualPercents, forecastPercents, emails }: CostBudget): string[] {
    const addresses = [...(emails ?? this.args.emails ?? []), String(this.context.outputs.topicArn)].sort().join(" ");
    const line = (type: string) => (percent: number) => `${type} ${percent} % → ${addresses}`;
    return [
      ...(actualPercents ?? DEFAULTS.CostBudget.actualPercents).map(line("ACTUAL")),
      ...(forecastPercents ?? DEFAULTS.CostBudget.forecastPercents).map(line("FORECASTED")),
    ].sort();
  }

  private async notifications(BudgetName: string): Promise<string[]> {
    const budget = { AccountId: this.accountId, BudgetName };
    const { Notifications = [] } = await this.client.send(new DescribeNotificationsForBudgetCommand(budget));
    const lines = Notifications.map(async (notification: Notification) => {
      const { Subscribers = [] } = await this.client.send(
        new DescribeSubscribersForNotificationCommand({ ...budget, Notification: notification }),
      );
      const addresses = Subscribers.map(({ Address }) => Address).sort();
      return `${notification.NotificationType} ${notification.Threshold} % → ${addresses.join(" ")}`;
    });
    return (await Promise.all(lines)).sort();
  }

  async anomalies(): Promise<string> {
    const { AnomalyMonitors = [] } = await this.explorer.send(new GetAnomalyMonitorsCommand({}));
    const { AnomalySubscriptions = [] } = await this.explorer.send(new GetAnomalySubscriptionsCommand({}));
    const wanted = this.args.anomalies?.subscriptions ?? DEFAULTS.AnomalyDetection.subscriptions;
    const monitors = AnomalyMonitors.map(({ MonitorDimension }) => MonitorDimension);
    const frequencies = AnomalySubscriptions.map(({ Frequency = "" }) => Frequency.toLowerCase()).sort();
    if (monitors.length !== monitorsOf(this.args).length) throw new Error(`monitors: ${monitors.join(", ")}`);
    if (
      frequencies.join() !==
      wanted
        .map(({ frequency }) => frequency)
        .sort()
        .join()
    ) {
      throw new Error(`subscriptions: ${frequencies.join(", ")}`);
    }
    return `${monitors.join(" and ")} watched, reported ${frequencies.join(" and ")}`;
  }

  async tags(): Promise<string> {
    const { CostAllocationTags = [] } = await this.explorer.send(
      new ListCostAllocationTagsCommand({ Status: "Active" }),
    );
    const active = CostAllocationTags.map(({ TagKey = "" }) => TagKey).sort();
    const missing = (this.args.costAllocationTags ?? []).filter((key) => !active.includes(key));
    if (missing.length > 0) throw new Error(`not active: ${missing.join(", ")}`);
    return active.join(", ");
  }

  /** What of ours is left in the account, by name. */
  async leftovers(): Promise<string[]> {
    const { Budgets = [] } = await this.client.send(new DescribeBudgetsCommand({ AccountId: this.accountId }));
    const { AnomalyMonitors = [] } = await this.explorer.send(new GetAnomalyMonitorsCommand({}));
    const { AnomalySubscriptions = [] } = await this.explorer.send(new GetAnomalySubscriptionsCommand({}));
    return [
      ...Budgets.map(({ BudgetName = "" }) => `budget ${BudgetName}`),
      ...AnomalyMonitors.map(({ MonitorName = "" }) => `monitor ${MonitorName}`),
      ...AnomalySubscriptions.map(({ SubscriptionName = "" }) => `subscription ${SubscriptionName}`),
    ];
  }
}
