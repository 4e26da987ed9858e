import type { Telemetry } from "../../handlers/shared/telemetry";
import type { MetricName } from "../../handlers/wavelength-dns/settings";

/** Keeps what was logged and counted. */
export class RecordingTelemetry implements Telemetry<MetricName> {
  readonly lines: {
    level: "info" | "warn" | "error";
    message: string;
    error?: string;
    text?: string;
    fields?: object;
  }[] = [];
  readonly metrics = new Map<MetricName, number[]>();
  flushed = 0;

  info(message: string, fields: object = {}): void {
    this.lines.push({ level: "info", message, fields });
  }

  warn(message: string): void {
    this.lines.push({ level: "warn", message });
  }

  error(message: string, error: unknown): void {
    const { name, message: text } = error instanceof Error ? error : { name: String(error), message: "" };
    this.lines.push({ level: "error", message, error: name, text });
  }

  count(metric: MetricName, value: number): void {
    this.metrics.set(metric, [...(this.metrics.get(metric) ?? []), value]);
  }

  flush(): void {
    this.flushed += 1;
  }

  sum(metric: MetricName): number {
    return (this.metrics.get(metric) ?? []).reduce((sum, value) => sum + value, 0);
  }

  last(metric: MetricName): number | undefined {
    return this.metrics.get(metric)?.at(-1);
  }

  /** How many invocations relied on another to do their work. */
  leftToTheHolder(): number {
    return this.lines.filter(({ fields }) => fields && "outcome" in fields && fields.outcome === "left to the holder")
      .length;
  }

  /** Names of the errors that were logged, in order. */
  errors(): string[] {
    return this.lines.flatMap(({ error }) => error ?? []);
  }
}
