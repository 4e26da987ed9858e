import { costGuardrails } from "./cost-guardrails";
import { costReport } from "./cost-report";
import { distributedMap } from "./distributed-map";
import { eventPipes } from "./event-pipes";
import { inspectorScanning } from "./inspector";
import { nextjsSite } from "./nextjs-site";
import { securedFunctionUrl } from "./secured-function";
import { snapstart } from "./snapstart";
import type { Story } from "./story";
import { wavelengthDns } from "./wavelength-dns";
import { widgetApi } from "./widget-api";

/** The story of every pattern. A test keeps this in step with stacks/patterns.ts. */
export const STORIES: Readonly<Record<string, Story>> = {
  "cost-guardrails": costGuardrails,
  "cost-report": costReport,
  "distributed-map": distributedMap,
  "event-pipes": eventPipes,
  inspector: inspectorScanning,
  "nextjs-site": nextjsSite,
  "secured-function": securedFunctionUrl,
  snapstart,
  "wavelength-dns": wavelengthDns,
  "widget-api": widgetApi,
};
