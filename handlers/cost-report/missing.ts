/** What a report goes out without: readers, the log and a metric say so, and the report goes on. */
import type { Telemetry } from "../shared/telemetry";
import type { MetricName } from "./settings";

export class Missing {
  private readonly sentences = new Set<string>();

  constructor(private readonly telemetry: Telemetry<MetricName>) {}

  get notes(): readonly string[] {
    return [...this.sentences];
  }

  /**
   * Something that is as it is: nobody has to act.
   *
   * @param sentence for readers, without names of what not all of them may see
   */
  note(sentence: string, fields: Record<string, unknown> = {}): void {
    this.sentences.add(`${sentence}.`);
    this.telemetry.warn(sentence, fields);
  }

  /** Something that failed. */
  failed(sentence: string, error: unknown): void {
    this.telemetry.count("PartsMissing", 1);
    this.note(`${sentence} (${nameOf(error)})`, { reason: String(error) });
  }

  /** What the attempt gives; where it fails, that is said, and the report goes on with nothing. */
  async attempt<T>(sentence: string, attempt: () => Promise<T>): Promise<T | undefined> {
    try {
      return await attempt();
    } catch (error) {
      this.failed(sentence, error);
      return undefined;
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
