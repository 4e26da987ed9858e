/** Whether a mail says what the raw answer of Cost Explorer says: every figure, worked out by other means. */
import type { CostReportArgs } from "../../../components/cost-report/cost-report";
import { dollars, Expected, label, readable } from "./expected";

export class Figures {
  private readonly lines: readonly string[];
  private compared = 0;

  constructor(
    html: string,
    private readonly expected: Expected,
    private readonly args: CostReportArgs,
  ) {
    this.lines = readable(html);
  }

  /** @returns how many figures were compared */
  compare(): number {
    const accounts = this.expected.accounts().filter((account) => this.hasCost(account));
    const [cost, previous] = [this.expected.day(0), this.expected.day(1)];
    this.find([dollars(cost)]);
    this.find([
      "Total",
      `${accounts.length} accounts`,
      dollars(cost),
      `from ${dollars(previous)}`,
      label(cost, previous),
    ]);
    this.month();
    for (const account of accounts) this.account(account);
    return this.compared;
  }

  private hasCost(account: string): boolean {
    return this.expected.trend({ account }).some((units) => units !== 0n);
  }

  private month(): void {
    const { toDate, sameDays, forecast, lastMonth } = this.expected.month();
    this.find([dollars(toDate), label(toDate, sameDays)]);
    this.find([dollars(sameDays)]);
    this.find([dollars(forecast), label(forecast, lastMonth)]);
  }

  private account(account: string): void {
    const [cost, previous] = [0, 1].map((back) => this.expected.day(back, { account })) as [bigint, bigint];
    const { owner } = this.args.knownAccounts?.[account] ?? {};
    const identity = owner === undefined ? [account] : [account, owner];
    this.find([...identity, dollars(cost), `from ${dollars(previous)}`, label(cost, previous)]);
    const services = this.expected.services(account).map((service) => {
      const of = (back: number): bigint => this.expected.day(back, { account, service });
      return { service, cost: of(0), previous: of(1), size: of(0) > of(1) ? of(0) - of(1) : of(1) - of(0) };
    });
    services.sort((a, b) => (a.size === b.size ? 0 : a.size < b.size ? 1 : -1));
    for (const each of services.slice(0, this.args.servicesInline ?? 8)) {
      this.find([each.service, dollars(each.cost), `from ${dollars(each.previous)}`, label(each.cost, each.previous)]);
    }
  }

  /** These lines, one after the other. */
  private find(run: readonly string[]): void {
    const found = this.lines.some((_, n) => run.every((text, m) => this.lines[n + m] === text));
    if (!found) throw new Error(`the mail does not say: ${run.join(" | ")}`);
    this.compared += run.filter((text) => /\d/.test(text)).length;
  }
}
