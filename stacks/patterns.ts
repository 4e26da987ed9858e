/** The patterns that a stack configuration may name: their checks, and the component they become. */
import type { Pattern } from "./pattern";
import { costGuardrails } from "./patterns/cost-guardrails";
import { costReport } from "./patterns/cost-report";
import { distributedMap } from "./patterns/distributed-map";
import { eventPipes } from "./patterns/event-pipes";
import { inspectorScanning } from "./patterns/inspector";
import { nextjsSite } from "./patterns/nextjs-site";
import { securedFunctionUrl } from "./patterns/secured-function";
import { snapstart } from "./patterns/snapstart";
import { wavelengthDns } from "./patterns/wavelength-dns";
import { widgetApi } from "./patterns/widget-api";

function pattern<Args>(definition: Pattern<Args>): Pattern {
  // `check` judges what it is given by the declaration of the arguments, and `deploy` gets what it found right.
  return definition as Pattern;
}

export const PATTERNS: Readonly<Record<string, Pattern>> = {
  "cost-guardrails": pattern(costGuardrails),
  "cost-report": pattern(costReport),
  "distributed-map": pattern(distributedMap),
  "event-pipes": pattern(eventPipes),
  inspector: pattern(inspectorScanning),
  "nextjs-site": pattern(nextjsSite),
  "secured-function": pattern(securedFunctionUrl),
  snapstart: pattern(snapstart),
  "wavelength-dns": pattern(wavelengthDns),
  "widget-api": pattern(widgetApi),
};
