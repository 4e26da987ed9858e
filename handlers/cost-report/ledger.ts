/** Adds up the pages of an answer of Cost Explorer, as they come: memory depends on accounts and services, not days. */
import type { DimensionValuesWithAttributes, Group, ResultByTime } from "@aws-sdk/client-cost-explorer";
import { type Amount, parseAmount } from "./amounts";
import { type Day, daysBetween } from "../shared/days";
import { CostDataMalformedError, MixedCurrenciesError } from "./errors";
import type { Metric } from "./settings";

/** A service's cost on the day reported, and on the day before. */
export type DayPair = [cost: Amount, previous: Amount];

export interface LedgerOptions {
  readonly metric: Metric;
  readonly first: Day;
  /** The day reported. */
  readonly last: Day;
}

export class Ledger {
  readonly days: readonly Day[];
  /** By account: a sum for each of `days`. */
  readonly accounts = new Map<string, Amount[]>();
  /** By account and service. */
  readonly services = new Map<string, Map<string, DayPair>>();
  readonly estimated = new Set<Day>();
  /** Account names that came along. */
  readonly names = new Map<string, string>();
  private readonly indexes: ReadonlyMap<Day, number>;
  private readonly answered = new Set<Day>();
  private readonly withCosts = new Set<Day>();
  private readonly currencies = new Set<string>();

  constructor(private readonly options: LedgerOptions) {
    this.days = daysBetween(options.first, options.last);
    this.indexes = new Map(this.days.map((day, index) => [day, index]));
  }

  addPage(results: readonly ResultByTime[], attributes: readonly DimensionValuesWithAttributes[]): void {
    for (const { Value, Attributes } of attributes) {
      const name = Attributes?.["description"];
      if (Value !== undefined && name !== undefined && name !== "") this.names.set(Value, name);
    }
    for (const result of results) {
      const day = result.TimePeriod?.Start ?? "";
      const index = this.indexes.get(day);
      if (index === undefined) throw new CostDataMalformedError(`Cost Explorer answered for "${day}", unasked`);
      this.answered.add(day);
      if (result.Estimated === true) this.estimated.add(day);
      for (const group of result.Groups ?? []) this.addGroup(group, day, index);
    }
  }

  /** Whether there are costs at all. */
  get isEmpty(): boolean {
    return this.withCosts.size === 0;
  }

  hasCosts(day: Day): boolean {
    return this.withCosts.has(day);
  }

  /** The first day that the answer is about: an account has no figures of the time before Cost Explorer knew it. */
  get begins(): Day | undefined {
    return this.days.find((day) => this.answered.has(day));
  }

  /**
   * Throws where the answer is not all that was asked for, days before its first one excepted.
   *
   * @returns the currency, where there are costs
   */
  finish(): { readonly currency?: string } {
    const missing = this.days.find((day) => day > (this.begins ?? "") && !this.answered.has(day));
    if (!this.isEmpty && missing !== undefined) {
      throw new CostDataMalformedError(`Cost Explorer left ${missing} out of its answer`);
    }
    const [currency, ...others] = [...this.currencies].sort();
    if (currency === undefined) return {};
    if (others.length > 0) throw new MixedCurrenciesError([currency, ...others]);
    return { currency };
  }

  private addGroup({ Keys = [], Metrics }: Group, day: Day, index: number): void {
    const [account = "", service] = Keys;
    const { Amount: text = "", Unit = "" } = Metrics?.[this.options.metric] ?? {};
    const amount = parseAmount(text);
    if (account === "" || amount === undefined || !/^[A-Z]{3}$/.test(Unit)) {
      const what = JSON.stringify({ Keys, Metrics }).slice(0, 300);
      throw new CostDataMalformedError(`Cost Explorer answered for ${day} with something that is no cost: ${what}`);
    }
    this.withCosts.add(day);
    this.currencies.add(Unit);
    const sums = this.accounts.get(account) ?? this.days.map(() => 0n);
    sums[index] = (sums[index] ?? 0n) + amount;
    this.accounts.set(account, sums);
    const age = this.days.length - 1 - index;
    if (service !== undefined && age <= 1) this.addService(account, service, age, amount);
  }

  private addService(account: string, service: string, age: number, amount: Amount): void {
    const services = this.services.get(account) ?? new Map<string, DayPair>();
    this.services.set(account, services);
    const pair = services.get(service) ?? [0n, 0n];
    services.set(service, pair);
    if (age === 0) pair[0] += amount;
    else pair[1] += amount;
  }
}
