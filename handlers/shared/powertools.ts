import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Telemetry } from "./telemetry";

export interface PowertoolsOptions {
  /** In every log line. */
  readonly service: string;
  /** CloudWatch namespace of the metrics. */
  readonly namespace: string;
  /** The metrics' only dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Logs as JSON lines, metrics in CloudWatch's embedded metric format; both on stdout. */
export function powertoolsTelemetry<MetricName extends string>(options: PowertoolsOptions): Telemetry<MetricName> {
  const logger = new Logger({ serviceName: options.service, persistentKeys: { ...options.dimensions } });
  const metrics = new Metrics({ namespace: options.namespace, serviceName: options.service, logger });
  // Powertools adds a dimension "service", which alarms would then have to name too.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ ...options.dimensions });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, error, fields = {}) =>
      logger.error(message, { ...fields, error: error instanceof Error ? error : new Error(String(error)) }),
    count: (metric, value) => metrics.addMetric(metric, MetricUnit.Count, value),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
