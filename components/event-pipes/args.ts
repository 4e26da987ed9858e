import type { ObservabilityArgs } from "../building-blocks/component";

/** An order is taken that fits one of these; without any, every order is. */
export interface TakenOrders {
  /** Ends of customers' addresses, such as `@example.com`. @minItems 1 @uniqueItems @minLength 1 @default none */
  emailSuffixes?: string[];
  /** Customers' tiers, in upper or lower case. @minItems 1 @uniqueItems @minLength 1 @default none */
  tiers?: string[];
}

/** When days are summed up. */
export interface SummarySchedule {
  /** `cron(...)` or `rate(...)`. @format recurring-schedule @default "cron(0 7 * * ? *)" */
  expression?: string;
  /** IANA time zone of the expression, and of the days. @format time-zone @default "UTC" */
  timeZone?: string;
  /** Time within which it may begin. @integer @minimum 0 @maximum 1440 @unit minutes @default 15 */
  flexibleMinutes?: number;
}

export interface EventPipesArgs extends ObservabilityArgs {
  /** Which new orders are worked off; the others just stay in the table. @default every order */
  taken?: TakenOrders;
  /**
   * Time after which an order that is still open is reminded of.
   *
   * @integer @minimum 60 @maximum 31536000 @unit seconds
   * @default 86400
   */
  reminderAfterSeconds?: number;
  /** When the day before is summed up. @default { expression: cron(0 7 * * ? *) } */
  summary?: SummarySchedule;
  /** Orders of a batch at most. @integer @minimum 1 @maximum 100 @unit orders @default 10 */
  batchSize?: number;
  /**
   * Retries of a batch that fails. It is split in two, until the order that fails is alone.
   *
   * @integer @minimum 0 @maximum 100 @unit retries
   * @default 5
   */
  maximumRetryAttempts?: number;
  /** How long orders that were worked off are remembered. @integer @minimum 1 @maximum 3650 @unit days @default 90 */
  rememberedDays?: number;
}
