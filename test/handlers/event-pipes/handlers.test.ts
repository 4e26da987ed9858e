import * as assert from "node:assert/strict";
import { ConditionalCheckFailedException, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import * as fc from "fast-check";
import type { EventPipesDeps } from "../../../handlers/event-pipes/clients";
import { enrichOrder, enrichOrders } from "../../../handlers/event-pipes/order";
import { makeRemind, makeScheduleReminder } from "../../../handlers/event-pipes/reminders";
import { makeSummary } from "../../../handlers/event-pipes/summary";
import type { OneOff, OneOffResult } from "../../../handlers/shared/one-off-schedules";

const SETTINGS = { timeZone: "Asia/Tokyo", reminderAfterSeconds: 3600, rememberedDays: 1 };
const ONE_OFFS = { groupName: "g", roleArn: "r", targetArn: "t", deadLetterArn: "d" };

function order(id: string, quantities: readonly [quantity: number, cents: number][], placedAt: string) {
  const lines = quantities.map(([quantity, cents]) => ({
    M: { quantity: { N: String(quantity) }, unitCents: { N: String(cents) } },
  }));
  return { id: { S: id }, placedAt: { S: placedAt }, lines: { L: lines } };
}

type QueryPage = Awaited<ReturnType<EventPipesDeps["table"]["query"]>>;

/** Dependencies that refuse everything but what a test gives. */
function depsWith(given: Partial<EventPipesDeps["table"]>, scheduled?: OneOffResult, asked: OneOff[] = []) {
  const refuse = (): Promise<never> => Promise.reject(new Error("AccessDenied"));
  const deps: EventPipesDeps = {
    now: () => Date.parse("2026-11-28T12:00:00Z"),
    telemetry: { info: () => undefined, error: () => undefined },
    table: { putItem: refuse, query: refuse, updateItem: refuse, ...given },
    oneOffs: () => ({
      schedule: (oneOff) => {
        asked.push(oneOff);
        return scheduled === undefined ? refuse() : Promise.resolve(scheduled);
      },
    }),
  };
  return deps;
}

describe("enrichOrders", () => {
  it("adds up lines, and finds the day in the time zone", () => {
    const received = order("1", [[2, 250], [1, 99]], "2026-11-28T16:30:00+00:00"); // prettier-ignore
    assert.deepEqual(enrichOrder(received, SETTINGS), {
      id: "1",
      day: "2026-11-29",
      totalCents: 599,
      remindAt: "2026-11-28T17:30:00.000Z",
      expiresAt: Date.parse("2026-11-29T16:30:00Z") / 1000,
    });
  });

  it("keeps the batch's order, and leaves out none", () => {
    const line = fc.tuple(fc.nat(1000), fc.nat(100_000));
    const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 });
    const orders = ids.chain((names) =>
      fc.tuple(...names.map((id) => fc.array(line, { minLength: 1 }).map((lines) => ({ id, lines })))),
    );
    fc.assert(
      fc.property(orders, (given) => {
        const made = enrichOrders(
          given.map(({ id, lines }) => ({ image: order(id, lines, "2026-11-28T00:00:00Z") })),
          SETTINGS,
        );
        const sum = (lines: [number, number][]): number => lines.reduce((total, [n, cents]) => total + n * cents, 0);
        assert.deepEqual(
          made.map(({ id, totalCents }) => [id, totalCents]),
          given.map(({ id, lines }) => [id, sum(lines)]),
        );
      }),
    );
  });

  const good = order("1", [[1, 1]], "2026-11-28T00:00:00Z");
  const WRONG: [what: string, order: unknown, says: RegExp][] = [
    ["no id", { ...good, id: undefined }, /^InvalidOrderError: order without an id:/],
    ["no lines", { ...good, lines: { L: [] } }, /order 1: [\s\S]*lines/],
    ["a negative price", order("1", [[1, -5]], "2026-11-28T00:00:00Z"), /unitCents[\s\S]*/],
    ["a time without a zone", { ...good, placedAt: { S: "2026-11-28T00:00:00" } }, /placedAt/],
    ["a text for a number", { ...good, lines: { L: [{ M: { quantity: { N: "many" }, unitCents: { N: "1" } } }] } }, /whole number/], // prettier-ignore
    ["nothing at all", null, /order without an id/],
  ];
  for (const [what, wrong, says] of WRONG) {
    it(`refuses a batch with an order that has ${what}`, () => {
      assert.throws(() => enrichOrders([{ image: good }, { image: wrong }], SETTINGS), says);
    });
  }
});

describe("reminders of orders", () => {
  it("are made for the time that was enriched, and named after the order", async () => {
    const asked: OneOff[] = [];
    const handler = makeScheduleReminder({ ordersTable: "orders", oneOffs: ONE_OFFS }, depsWith({}, "created", asked));
    assert.equal(await handler({ id: "1", remindAt: "2026-11-29T00:00:00.000Z" }), "created");
    assert.deepEqual(asked, [{ key: "order-1", at: new Date("2026-11-29T00:00:00Z"), input: { id: "1" } }]);
  });

  it("happen at once when they are due, and once however often and from where they come", async () => {
    const reminded: string[] = [];
    const updateItem: EventPipesDeps["table"]["updateItem"] = ({ Key, ConditionExpression = "" }) => {
      assert.match(ConditionExpression, /attribute_not_exists\(remindedAt\)/);
      const id = Key?.id?.S ?? "";
      if (reminded.includes(id)) {
        return Promise.reject(new ConditionalCheckFailedException({ message: "failed", $metadata: {} }));
      }
      reminded.push(id);
      return Promise.resolve();
    };
    const deps = depsWith({ updateItem }, "due");
    const schedule = makeScheduleReminder({ ordersTable: "orders", oneOffs: ONE_OFFS }, deps);
    const remind = makeRemind({ ordersTable: "orders" }, deps);
    const due = { id: "1", remindAt: "2026-11-27T00:00:00.000Z" };
    assert.equal(await schedule(due), "reminded");
    assert.equal(await schedule(due), "closed-or-reminded");
    assert.equal(await remind({ id: "1" }), "closed-or-reminded");
    assert.deepEqual(reminded, ["1"]);
  });

  it("hand on what AWS refuses, so that it is tried again", async () => {
    await assert.rejects(makeRemind({ ordersTable: "orders" }, depsWith({}))({ id: "1" }), /AccessDenied/);
    const handler = makeScheduleReminder({ ordersTable: "orders", oneOffs: ONE_OFFS }, depsWith({}));
    await assert.rejects(handler({ id: "1", remindAt: "2026-11-29T00:00:00Z" }), /AccessDenied/);
    await assert.rejects(async () => handler({ id: "" }), /ZodError|id/);
  });
});

describe("the summary of a day", () => {
  it("is about the day before in the time zone, over all pages", async () => {
    const kept: PutItemCommandInput[] = [];
    const asked: unknown[] = [];
    const pages: [QueryPage, QueryPage] = [
      { Items: [{ totalCents: { N: "5" } }, { totalCents: { N: "7" } }], LastEvaluatedKey: { pk: { S: "x" } } },
      { Items: [{ totalCents: { N: "30" } }] },
    ];
    const deps = depsWith({
      query: (input) => {
        asked.push(input.ExpressionAttributeValues, input.ExclusiveStartKey);
        return Promise.resolve(input.ExclusiveStartKey === undefined ? pages[0] : pages[1]);
      },
      putItem: (input) => Promise.resolve(kept.push(input)),
    });
    // In Tokyo it is the 29th already.
    const handler = makeSummary({ daysTable: "days", timeZone: "Asia/Tokyo" }, deps);
    assert.deepEqual(await handler({ time: "2026-11-28T22:00:00Z" }), { day: "2026-11-28", orders: 3, totalCents: 42 });
    const day = { ":day": { S: "DAY#2026-11-28" } };
    assert.deepEqual(asked, [day, undefined, day, { pk: { S: "x" } }]);
    const Item = { pk: { S: "SUMMARY" }, sk: { S: "2026-11-28" }, orders: { N: "3" }, totalCents: { N: "42" } };
    assert.deepEqual(kept, [{ TableName: "days", Item }]);
  });
});
