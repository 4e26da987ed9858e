/**
 * What the component hands to the Lambdas: plain JSON, so that the inline callbacks can capture it.
 * `ReconcileSettings` belong to the Lambda on the events queue, `ReleaseSettings` to the one on the drain queue.
 */

/**
 * How the weight of an instance's record is found. Route 53 takes 0 to 255; 0 sends no traffic while another record
 * at the name has a weight above 0.
 *
 * - `equal`: every instance has weight 100, so that records of others at the same name (a canary, say) can be given
 *   both more and much less than one instance.
 * - `tag`: the whole number in the instance's tag `key`; `defaultWeight` where the tag is missing, or is not a whole
 *   number from 0 to 255 (that is logged, and counted in the metric `InvalidWeights`).
 * - `instanceType`: by instance type ("t3.medium"), `defaultWeight` for types that the map does not name.
 */
export type WeightPolicy =
  | { readonly kind: "equal" }
  | { readonly kind: "tag"; readonly key: string; readonly defaultWeight: number }
  | {
      readonly kind: "instanceType";
      readonly weights: Readonly<Record<string, number>>;
      readonly defaultWeight: number;
    };

/** Where the records, the group and the state are; what both Lambdas need. */
export interface CommonSettings {
  /** Hosted zone id, with or without the prefix `/hostedzone/`. */
  readonly hostedZoneId: string;
  /** Name that clients resolve, with or without the final dot; `*.example.com` is allowed. */
  readonly recordName: string;
  /**
   * Who owns the records, unique among everything that may write into the hosted zone: `project/stack/name`.
   * A changed owner makes the records of the old one foreign: they are then never touched again.
   */
  readonly owner: string;
  /** TTL of the records, in seconds. */
  readonly ttlSeconds: number;
  /** DynamoDB table with string keys `pk` and `sk`; TTL attribute `expiresAt`. */
  readonly tableName: string;
  /** URL of the FIFO queue whose queue-level delay is `drainSeconds`. */
  readonly drainQueueUrl: string;
  /**
   * Queue-level delay of the drain queue: TTL plus a margin of a few seconds, at most 900. A terminating instance is
   * held for about twice this: once until its record has left every name server, once until every cache forgot it.
   */
  readonly drainSeconds: number;
}

/** Settings of the Lambda that makes the records match the instances. */
export interface ReconcileSettings extends CommonSettings {
  readonly weights: WeightPolicy;
  readonly autoScalingGroupName: string;
  /** Lifecycle hook on `autoscaling:EC2_INSTANCE_TERMINATING` that holds the instances. */
  readonly lifecycleHookName: string;
  /**
   * Records that may exist at the name, those of others included. Default 100, which is what Route 53 allows for
   * weighted records of one name and type. Instances above it stay without a record (metric `UnregisteredInstances`)
   * and do not spoil the change batch of the others.
   */
  readonly maxRecords?: number;
}

/** Settings of the Lambda that takes the records away; the name and zone come with its event. */
export type WithdrawSettings = Pick<CommonSettings, "owner" | "tableName">;

/** Settings of the Lambda that lets drained instances go. */
export type ReleaseSettings = CommonSettings;

/**
 * Seconds: the longest TTL that the component gives to records. One that is longer was made by hand, and prolongs a
 * hold by no more than this.
 */
export const MAX_TTL_SECONDS = 840;

/**
 * Deliveries that one message on the drain queue needs at most while nothing fails, so that its redrive policy must
 * leave room for more.
 */
export const RELEASE_DELIVERIES = 11;

/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = "AwsPatterns/WavelengthDns";

/** The dimensions of each: two components may look after one name, and neither's numbers stand for the other's. */
export function metricDimensions({ owner, recordName }: Pick<CommonSettings, "owner" | "recordName">) {
  return { Owner: owner, RecordName: recordName };
}

/**
 * - `RegisteredInstances`: instances with a record after a run.
 * - `UnregisteredInstances`: instances that got none because `maxRecords` was reached.
 * - `ChangesApplied`: created, changed and deleted records.
 * - `DriftRepaired`: the same, when only the schedule asked for the run: what events had missed.
 * - `MalformedEvents`: messages that no schema knows; they end in the dead-letter queue.
 * - `InvalidWeights`: instances whose weight tag is no whole number from 0 to 255.
 * - `ReleasedInstances`: lifecycle actions completed after the hold.
 * - `ShortenedHolds`: those among them whose record somebody had given a TTL above `MAX_TTL_SECONDS`, so that caches may
 *   still have it.
 */
export type MetricName =
  | "RegisteredInstances"
  | "UnregisteredInstances"
  | "ChangesApplied"
  | "DriftRepaired"
  | "MalformedEvents"
  | "InvalidWeights"
  | "ReleasedInstances"
  | "ShortenedHolds";
