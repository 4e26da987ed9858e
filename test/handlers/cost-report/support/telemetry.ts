import type { MetricName } from "../../../../handlers/cost-report/settings";
import type { Telemetry } from "../../../../handlers/shared/telemetry";

/** Keeps what was logged and counted. */
export class RecordingTelemetry implements Telemetry<MetricName> {
  readonly lines: { level: "info" | "warn" | "error"; message: string; fields?: object; error?: string }[] = [];
  readonly metrics = new Map<MetricName, number>();
  flushed = 0;

  info(message: string, fields: object = {}): void {
    this.lines.push({ level: "info", message, fields });
  }

  warn(message: string, fields: object = {}): void {
    this.lines.push({ level: "warn", message, fields });
  }

  error(message: string, error: unknown): void {
    this.lines.push({ level: "error", message, error: error instanceof Error ? error.name : String(error) });
  }

  count(metric: MetricName, value: number): void {
    this.metrics.set(metric, this.sum(metric) + value);
  }

  flush(): void {
    this.flushed += 1;
  }

  sum(metric: MetricName): number {
    return this.metrics.get(metric) ?? 0;
  }

  warnings(): string[] {
    return this.lines.filter(({ level }) => level === "warn").map(({ message }) => message);
  }
}
