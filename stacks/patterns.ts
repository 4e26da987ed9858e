/** The patterns that a stack configuration may name: their checks, and the component they become. */
import type { Pattern } from "./pattern";
import { costGuardrails } from "./patterns/cost-guardrails";
import { costReport } from "./patterns/cost-report";
import { eventPipes } from "./patterns/event-pipes";
import { snapstart } from "./patterns/snapstart";
import { wavelengthDns } from "./patterns/wavelength-dns";

function pattern<Args>(definition: Pattern<Args>): Pattern {
  // `check` judges what it is given by the declaration of the arguments, and `deploy` gets what it found right.
  return definition as Pattern;
}

export const PATTERNS: Readonly<Record<string, Pattern>> = {
  "cost-guardrails": pattern(costGuardrails),
  "cost-report": pattern(costReport),
  "event-pipes": pattern(eventPipes),
  snapstart: pattern(snapstart),
  "wavelength-dns": pattern(wavelengthDns),
};
