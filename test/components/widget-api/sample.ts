import type { PatternSample } from "../../support/sample";

export const SAMPLE: PatternSample = { minimal: {}, scenarios: {} };
