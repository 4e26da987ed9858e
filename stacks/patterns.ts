/** The patterns that a stack configuration may name: their schema, their checks, and the component they become. */
import type { z } from "zod";
import type { Pattern } from "./pattern";
import { costGuardrails } from "./patterns/cost-guardrails";
import { costReport } from "./patterns/cost-report";
import { wavelengthDns } from "./patterns/wavelength-dns";

function pattern<Schema extends z.ZodType>(definition: Pattern<Schema>): Pattern {
  // The schema has parsed `args` before `check` and `deploy` see them.
  return definition as unknown as Pattern;
}

export const PATTERNS: Readonly<Record<string, Pattern>> = {
  "cost-guardrails": pattern(costGuardrails),
  "cost-report": pattern(costReport),
  "wavelength-dns": pattern(wavelengthDns),
};
