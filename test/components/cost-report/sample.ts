import { scheduledMessage } from "../../../handlers/cost-report/scheduled-message";
import { daysBetween } from "../../../handlers/shared/days";
import type { StubAnswers } from "../../support/aws-stub";
import { ACCOUNT } from "../../support/mocks";
import type { PatternSample } from "../../support/sample";

/** What the schedule sends; the day reported is the day before. */
const due = { ...scheduledMessage, time: "2026-11-24T11:18:00Z" };

/** One page: an account whose costs are the same every day, from the first of last month on. */
const COSTS = JSON.stringify({
  ResultsByTime: daysBetween("2026-10-01", "2026-11-23").map((day) => ({
    TimePeriod: { Start: day, End: day },
    Estimated: false,
    Groups: [{ Keys: [ACCOUNT, "Amazon S3"], Metrics: { UnblendedCost: { Amount: "12.5", Unit: "USD" } } }],
  })),
  DimensionValueAttributes: [],
});

const YESTERDAY = JSON.stringify({
  schemaVersion: 1,
  date: "2026-11-22",
  metric: "UnblendedCost",
  currency: "USD",
  estimated: false,
  total: "12.5",
  accounts: [{ id: ACCOUNT, name: "edge", cost: "12.5" }],
});

const LISTED = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>reports/2026/11/22/summary.json</Key></Contents>
  </ListBucketResult>`;

/** Nobody has the report yet; the archive has that of the day before. */
const ANSWERS: StubAnswers = {
  Query: JSON.stringify({ Items: [], Count: 0 }),
  GetCostAndUsage: COSTS,
  ListAccounts: JSON.stringify({ Accounts: [{ Id: ACCOUNT, Name: "edge" }] }),
  PutObject: "",
  ListObjectsV2: LISTED,
  GetObject: YESTERDAY,
  UpdateItem: "{}",
  SendEmail: JSON.stringify({ MessageId: "0100-1" }),
};

/** Every answer but one. */
function without(operation: string): StubAnswers {
  return Object.fromEntries(Object.entries(ANSWERS).filter(([name]) => name !== operation));
}

const ALL = Object.keys(ANSWERS).sort();

export const SAMPLE: PatternSample = {
  minimal: {
    sender: { address: "aws-costs@example.com" },
    recipients: [{ address: "finance@example.com" }],
  },
  policy: {
    args: {
      sender: {
        address: "aws-costs@example.com",
        verification: { kind: "domain", hostedZone: { name: "example.com" } },
      },
      recipients: [{ address: "finance@example.com" }, { address: "web@example.org", accounts: ["111111111111"] }],
      verifyRecipients: true,
      ownerTag: "owner",
    },
    protectedTables: ["media-deliveries"],
  },
  scenarios: {
    "report-function": [
      {
        event: due,
        answers: ANSWERS,
        calls: ALL,
        answer: { date: "2026-11-23", sent: ["finance@example.com"], alreadySent: [], leftToAnother: [] },
      },
      { event: due, answers: {}, calls: ["Query"], error: /AccessDenied/ },
      // No permission for Cost Explorer: nothing is sent, and nothing half-true is archived.
      {
        event: due,
        answers: without("GetCostAndUsage"),
        calls: ["GetCostAndUsage", "Query"],
        error: /AccessDenied/,
      },
      { event: due, answers: without("SendEmail"), calls: ALL, error: /SendingRefused/ },
    ],
  },
};
