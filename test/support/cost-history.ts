/**
 * A cost history as organizations have them: accounts of very different size that grow, a weekly rhythm, tax on the first
 * of a month, and on the last day a spike, a new account, a vanished one and a credit. The same options give the same
 * history. Rows come one at a time, since a large organization has millions.
 */

export const METRICS = [
  "UnblendedCost",
  "BlendedCost",
  "AmortizedCost",
  "NetUnblendedCost",
  "NetAmortizedCost",
] as const;
export type HistoryMetric = (typeof METRICS)[number];

export interface CostRow {
  /** Account id. */
  readonly account: string;
  readonly service: string;
  /** "2026-11-01". */
  readonly day: string;
  /** As Cost Explorer's dimension RECORD_TYPE has it. */
  readonly recordType: "Usage" | "Tax" | "Credit" | "Refund" | "Support";
  /** Exact decimals, for each metric asked for. */
  readonly amounts: Readonly<Partial<Record<HistoryMetric, string>>>;
  readonly estimated: boolean;
}

export interface HistoryAccount {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
}

export interface HistoryOptions {
  /** First and last day, both included. */
  readonly first: string;
  readonly last: string;
  /** Default: 6. */
  readonly accounts?: number;
  /** Services of each account. Default: 9. */
  readonly services?: number;
  /** Default: 1. */
  readonly seed?: number;
  /** Days from here on are estimated. Default: the first of the last day's month. */
  readonly estimatedFrom?: string;
  /** Default: all five. */
  readonly metrics?: readonly HistoryMetric[];
  /** Whether the last day has the spike, the new account, the vanished one and the credit. Default: true. */
  readonly events?: boolean;
}

export interface CostHistory {
  readonly accounts: readonly HistoryAccount[];
  /** Day by day. */
  rows(): Generator<CostRow>;
}

const SERVICES = [
  "Amazon Elastic Compute Cloud - Compute",
  "Amazon Relational Database Service",
  "Amazon Simple Storage Service",
  "EC2 - Other",
  "AWS Lambda",
  "Amazon DynamoDB",
  "AmazonCloudWatch",
  "Amazon CloudFront",
  "AWS Key Management Service",
  "Amazon Elastic Container Service for Kubernetes",
  "Amazon ElastiCache",
  "Amazon OpenSearch Service",
  "Amazon Virtual Private Cloud",
  "Amazon Route 53",
  "AWS WAF",
  "Amazon Bedrock",
] as const;

const NAMES = ["production", "staging", "data-platform", "machine-learning", "shared-services", "sandbox"] as const;
const OWNERS = ["Payments", "Platform", "Data", "Research", "Security", "Growth"] as const;
const FACTORS = {
  UnblendedCost: 1,
  BlendedCost: 0.97,
  AmortizedCost: 1.02,
  NetUnblendedCost: 0.93,
  NetAmortizedCost: 0.95,
};
const TAX_SERVICE = "Tax";
const MS_PER_DAY = 86_400_000;

export function serviceName(index: number): string {
  return SERVICES[index] ?? `AWS Service ${String(index + 1).padStart(2, "0")}`;
}

export function costHistory(options: HistoryOptions): CostHistory {
  const { accounts: count = 6, services = 9, seed = 1, events = true, last } = options;
  const accounts = Array.from({ length: count }, (_, n) => ({
    id: String(111_111_111_111 + n * 1_010_101),
    name: count <= NAMES.length ? (NAMES[n] ?? "") : `${NAMES[n % NAMES.length]}-${n + 1}`,
    owner: OWNERS[n % OWNERS.length] ?? "",
  }));
  const shapes = accounts.map((_, n) => shapeOf(n, services, seed * 7919 + n));
  return {
    accounts,
    *rows() {
      for (const day of daysOf(options.first, last)) {
        for (const [n, shape] of shapes.entries()) {
          const account = accounts[n]?.id ?? "";
          if (events && isAbsent(n, count, day === last)) continue;
          yield* accountRows(account, n, day, shape, options);
        }
      }
    },
  };
}

interface Shape {
  /** Dollars a day at the beginning, by service. */
  readonly bases: readonly number[];
  readonly dailyGrowth: number;
  /** What a weekend day costs, against a weekday. */
  readonly weekend: number;
  readonly seed: number;
}

/** Sizes fall off as they do: a few accounts cost most of the money, and so do a few services. */
function shapeOf(index: number, services: number, seed: number): Shape {
  const random = chance(seed);
  const size = (2400 / (1 + index) ** 1.1) * (0.7 + 0.6 * random());
  return {
    bases: Array.from({ length: services }, (_, n) => (size / (1 + n) ** 1.5) * (0.5 + random())),
    dailyGrowth: (random() - 0.35) * 0.004,
    weekend: 0.62 + 0.3 * random(),
    seed,
  };
}

/** The last account is new on the last day, the one before it is gone. Small organizations have neither. */
function isAbsent(index: number, count: number, isLast: boolean): boolean {
  if (count < 4) return false;
  if (index === count - 1) return !isLast;
  return index === count - 2 && isLast;
}

function* accountRows(
  account: string,
  index: number,
  day: string,
  shape: Shape,
  options: HistoryOptions,
): Generator<CostRow> {
  const { first, last, events = true, metrics = METRICS } = options;
  const age = Math.round((Date.parse(day) - Date.parse(first)) / MS_PER_DAY);
  const weekday = new Date(day).getUTCDay();
  const rhythm = weekday === 0 || weekday === 6 ? shape.weekend : 1;
  const base = { account, day, estimated: day >= (options.estimatedFrom ?? `${last.slice(0, 7)}-01`) };
  let total = 0;
  for (const [n, dollars] of shape.bases.entries()) {
    const noise = chance(shape.seed + age * 104_729 + n * 15_485_863)();
    const spike = events && day === last && index === 1 && n === 0 ? 2.6 : 1;
    const cost = dollars * (1 + shape.dailyGrowth) ** age * rhythm * (0.97 + 0.06 * noise) * spike;
    total += cost;
    yield { ...base, service: serviceName(n), recordType: "Usage", amounts: amountsOf(cost, metrics) };
  }
  if (day.endsWith("-01")) {
    yield { ...base, service: TAX_SERVICE, recordType: "Tax", amounts: amountsOf(total * 0.2, metrics) };
  }
  // Larger than the day's costs, so that the day is negative.
  if (events && day === last && index === 2) {
    yield { ...base, service: serviceName(0), recordType: "Credit", amounts: amountsOf(total * -1.4, metrics) };
  }
  if (events && index === 0 && day.endsWith("-03")) {
    yield { ...base, service: serviceName(1), recordType: "Refund", amounts: amountsOf(total * -0.05, metrics) };
  }
}

function amountsOf(cost: number, metrics: readonly HistoryMetric[]): CostRow["amounts"] {
  return Object.fromEntries(metrics.map((metric) => [metric, (cost * FACTORS[metric]).toFixed(10)]));
}

function daysOf(first: string, last: string): string[] {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / MS_PER_DAY) + 1;
  return Array.from({ length: count }, (_, n) =>
    new Date(Date.parse(first) + n * MS_PER_DAY).toISOString().slice(0, 10),
  );
}

/** mulberry32. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
