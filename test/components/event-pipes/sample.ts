import type { PatternSample } from "../../support/sample";

/** An order in DynamoDB's JSON: 2 × 250 cents. */
export const ORDER = {
  id: { S: "order-1" },
  placedAt: { S: "2026-11-28T16:30:00Z" },
  email: { S: "ann@example.com" },
  lines: { L: [{ M: { quantity: { N: "2" }, unitCents: { N: "250" } } }] },
};

const ENRICHED = {
  id: "order-1",
  day: "2026-11-28",
  totalCents: 500,
  remindAt: "2026-11-29T16:30:00.000Z",
  expiresAt: Date.parse("2027-02-26T16:30:00Z") / 1000,
};

const LATER = { id: "order-1", remindAt: "2126-11-28T16:30:00Z" };
const OVERDUE = { id: "order-1", remindAt: "2026-01-01T00:00:00Z" };
const DUE = { time: "2026-11-29T07:00:00Z" };

export const SAMPLE: PatternSample = {
  minimal: {},
  policy: {
    args: { taken: { emailSuffixes: ["@example.com"], tiers: ["gold"] }, summary: { timeZone: "Asia/Tokyo" } },
    protectedTables: ["media-orders", "media-days"],
  },
  scenarios: {
    "enrich-function": [
      { event: [{ image: ORDER }], answers: {}, calls: [], answer: [ENRICHED] },
      {
        event: [{ image: ORDER }, { image: { id: { S: "order-2" } } }],
        answers: {},
        calls: [],
        error: /InvalidOrderError/,
      },
    ],
    "schedule-function": [
      { event: LATER, answers: { CreateSchedule: "{}" }, calls: ["CreateSchedule"], answer: "created" },
      { event: OVERDUE, answers: { UpdateItem: "{}" }, calls: ["UpdateItem"], answer: "reminded" },
      {
        event: LATER,
        answers: {
          CreateSchedule: { status: 409, error: "ConflictException" },
          GetSchedule: JSON.stringify({ ScheduleExpression: "at(2126-01-01T00:00:00)", Target: { Input: "{}" } }),
          UpdateSchedule: "{}",
        },
        calls: ["CreateSchedule", "GetSchedule", "UpdateSchedule"],
        answer: "moved",
      },
      { event: LATER, answers: {}, calls: ["CreateSchedule"], error: /AccessDenied/ },
      { event: {}, answers: {}, calls: [], error: /ZodError/ },
    ],
    "remind-function": [
      { event: { id: "order-1" }, answers: { UpdateItem: "{}" }, calls: ["UpdateItem"], answer: "reminded" },
      { event: { id: "order-1" }, answers: {}, calls: ["UpdateItem"], error: /AccessDenied/ },
    ],
    "summarize-function": [
      {
        event: DUE,
        answers: {
          Query: JSON.stringify({ Items: [{ totalCents: { N: "500" } }, { totalCents: { N: "1" } }], Count: 2 }),
          PutItem: "{}",
        },
        calls: ["PutItem", "Query"],
        answer: { day: "2026-11-28", orders: 2, totalCents: 501 },
      },
      { event: DUE, answers: {}, calls: ["Query"], error: /AccessDenied/ },
    ],
  },
};
