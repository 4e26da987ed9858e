import type { StubAnswers } from "../../support/aws-stub";
import { type PatternSample } from "../../support/sample";
import { failing, sqsEvent } from "../../support/scenario";
import { eventOf, finding } from "../../handlers/inspector/support/made";
import { noticeItem, toItem } from "../../../handlers/inspector/items";

const KNOWN = { ...finding(), revision: 1, openedAt: 0, announced: true };
const GROUP = {
  hour: "2026-11-28T13",
  resourceId: KNOWN.resourceId,
  resourceType: KNOWN.resourceType,
  account: KNOWN.account,
  region: KNOWN.region,
};

const RECORDED: StubAnswers = { GetItem: "{}", TransactWriteItems: "{}" };
const NOTHING_DUE: StubAnswers = { Query: JSON.stringify({ Items: [], Count: 0 }) };
/** Whatever is asked for has everything that any question is about. */
const DUE: StubAnswers = {
  Query: JSON.stringify({ Items: [{ ...noticeItem("new", KNOWN, GROUP.hour, 0), ...toItem(GROUP) }] }),
  UpdateItem: "{}",
  Publish:
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>' +
    "</PublishResult></PublishResponse>",
};

export const SAMPLE: PatternSample = {
  minimal: {},
  policy: {
    args: {
      resourceTypes: ["LAMBDA", "LAMBDA_CODE"],
      organization: { role: "administrator", members: ["333333333333"] },
      suppressions: [
        {
          name: "flask",
          reason: "not reachable",
          expires: "2999-12-31",
          match: { vulnerabilityIds: ["CVE-2023-30861"] },
        },
      ],
      mail: { sender: { address: "security@example.com" }, recipients: ["platform@example.com"] },
    },
    protectedTables: ["media-watch-findings"],
  },
  scenarios: {
    "watch-record-function": [
      {
        event: sqsEvent([eventOf(finding())]),
        answers: RECORDED,
        calls: ["GetItem", "TransactWriteItems"],
        answer: failing(),
      },
      { event: sqsEvent([eventOf(finding()), "?"]), answers: {}, calls: ["GetItem"], answer: failing(0, 1) },
    ],
    "watch-report-function": [
      { event: { report: "notices" }, answers: NOTHING_DUE, calls: ["Query"], answer: { reported: 0 } },
      { event: { report: "digest" }, answers: NOTHING_DUE, calls: ["Query"], answer: { reported: 0 } },
      {
        event: { report: "notices" },
        answers: DUE,
        calls: ["Publish", "Query", "UpdateItem"],
        answer: { reported: 1 },
      },
      { event: { report: "notices" }, answers: {}, calls: ["Query"], error: /AccessDenied/ },
      { event: {}, answers: {}, calls: [], error: /BadEvent/ },
    ],
  },
};
