import type { PatternSample } from "../../support/sample";

const VERSION = { functionName: "records", version: "3" };
const answering = (State: string, OptimizationStatus: string) => ({
  GetFunctionConfiguration: JSON.stringify({ State, StateReason: "why", SnapStart: { OptimizationStatus } }),
});

export const SAMPLE: PatternSample = {
  // Any folder that is there: what is in it matters to Lambda alone.
  minimal: { code: "apps/snapstart-java/src", keyParameter: "/records/key" },
  policy: {
    args: { code: "apps/snapstart-java/src", keyParameter: "/records/key" },
    protectedTables: ["media-records"],
  },
  scenarios: {
    "service-gate-function": [
      {
        event: VERSION,
        answers: answering("Active", "On"),
        calls: ["GetFunctionConfiguration"],
        answer: { version: "3" },
      },
      {
        event: VERSION,
        answers: answering("Failed", "On"),
        calls: ["GetFunctionConfiguration"],
        error: /VersionFailedError/,
      },
      { event: VERSION, answers: {}, calls: ["GetFunctionConfiguration"], error: /AccessDenied/ },
      { event: { functionName: "records", version: "$LATEST" }, answers: {}, calls: [], error: /ZodError/ },
    ],
  },
};
