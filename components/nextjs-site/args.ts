import type { ObservabilityArgs } from "../building-blocks/component";

export interface NextjsSiteArgs extends ObservabilityArgs {
  /** When it runs: `rate(...)` or `cron(...)`. @format recurring-schedule @default "rate(1 hour)" */
  schedule?: string;
}
