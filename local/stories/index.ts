import { costGuardrails } from "./cost-guardrails";
import { costReport } from "./cost-report";
import type { Story } from "./story";
import { eventPipes } from "./event-pipes";
import { snapstart } from "./snapstart";
import { wavelengthDns } from "./wavelength-dns";

/** The story of every pattern. A test keeps this in step with stacks/patterns.ts. */
export const STORIES: Readonly<Record<string, Story>> = {
  "cost-guardrails": costGuardrails,
  "cost-report": costReport,
  "event-pipes": eventPipes,
  snapstart,
  "wavelength-dns": wavelengthDns,
};
