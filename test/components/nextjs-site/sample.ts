import type { PatternSample } from "../../support/sample";

export const SAMPLE: PatternSample = {
  minimal: {},
  policy: { args: {}, protectedTables: ["media-runs"] },
  scenarios: {
    "run-function": [
      { event: {}, answers: { PutItem: "{}" }, calls: ["PutItem"], answer: { noted: 1 } },
      { event: {}, answers: {}, calls: ["PutItem"], error: /AccessDenied/ },
    ],
  },
};
