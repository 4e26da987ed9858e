import { zipSync } from "fflate";
import type { PatternSample } from "../../support/sample";
import { madeApplication } from "./made-build";

const ARGS = { application: madeApplication() };
const ABOUT = { archive: "deploy/1.zip", hashedPath: "_next/static/" };
const SITE = zipSync({ "robots.txt": Buffer.from("User-agent: *") });

export const SAMPLE: PatternSample = {
  minimal: ARGS,
  policy: { args: ARGS },
  scenarios: {
    "assets-sync-function": [
      { event: { step: "put", ...ABOUT }, answers: {}, calls: ["GetObject"], error: /AccessDenied/ },
      {
        event: { step: "finish", ...ABOUT, distributionId: "E1" },
        answers: { GetObject: SITE },
        calls: ["GetObject", "ListObjectsV2"],
        error: /AccessDenied/,
      },
      { event: { step: "remove" }, answers: {}, calls: [], error: /BadSyncRequestError/ },
    ],
  },
};
