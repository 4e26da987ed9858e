import { zipSync } from "fflate";
import type { StubAnswers } from "../../support/aws-stub";
import type { PatternSample } from "../../support/sample";
import { madeApplication } from "./made-build";

const ARGS = { application: madeApplication() };
const ABOUT = { archive: "deploy/1.zip", hashedPath: "_next/static/" };

/** A bucket with a file of the former build, one that is gone, and one that has changed. */
const ANSWERS: StubAnswers = {
  GetObject: zipSync({ "robots.txt": Buffer.from("User-agent: *") }),
  "GetObject /lock.json": JSON.stringify({ until: 0 }),
  "GetObject /manifest.json": JSON.stringify({ current: [], touched: [] }),
  ListObjectsV2: `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>
    <Contents><Key>site/_next/static/old.js</Key><ETag>"1"</ETag></Contents>
    <Contents><Key>site/old.txt</Key><ETag>"2"</ETag></Contents>
    <Contents><Key>site/robots.txt</Key><ETag>"3"</ETag></Contents></ListBucketResult>`,
  GetObjectTagging: '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet/></Tagging>',
  CopyObject: '<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ETag>"1"</ETag></CopyObjectResult>',
  ...{ PutObject: "", DeleteObject: "" },
  CreateInvalidation:
    '<Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I1</Id></Invalidation>',
};

const FINISH = { step: "finish", ...ABOUT, distributionId: "E1" };
/** What the tests call an invocation. */
const RUN = "5a0e1c2d-0000-4000-8000-000000000001";
const CALLS = ["GetObject", "ListObjectsV2", "PutObject"];

export const SAMPLE: PatternSample = {
  minimal: ARGS,
  policy: { args: ARGS, exempt: ["edge-firewall media-edge-distribution"] },
  scenarios: {
    "site-sync-function": [
      {
        event: { step: "put", ...ABOUT },
        answers: ANSWERS,
        calls: CALLS,
        answer: { step: "put", changed: 1, run: RUN },
      },
      {
        event: FINISH,
        answers: ANSWERS,
        calls: ["CopyObject", "CreateInvalidation", "DeleteObject", "GetObjectTagging", ...CALLS].sort(),
        answer: { step: "finish", changed: 2, run: RUN },
      },
      { event: FINISH, answers: {}, calls: ["GetObject"], error: /AccessDenied/ },
      { event: { step: "remove" }, answers: {}, calls: [], error: /BadSyncRequestError/ },
    ],
  },
};
