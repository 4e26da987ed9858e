type Fields = Record<string, unknown>;

/** Structured logs and counted metrics: what the handlers use of Powertools. */
export interface Telemetry<MetricName extends string> {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, error: unknown, fields?: Fields): void;
  /** Adds `value` to a metric of unit Count. */
  count(metric: MetricName, value: number): void;
  /** Writes what was counted; call it once at the end of an invocation. */
  flush(): void;
}
