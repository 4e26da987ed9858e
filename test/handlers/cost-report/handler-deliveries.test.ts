import * as assert from "node:assert/strict";
import { MARGIN_MS } from "../../../handlers/cost-report/handler";
import { awsError } from "../../../fakes/wire";
import { Office, REPORT } from "./support/office";

const FIVE = ["ann", "bob", "cem", "dee", "eli"].map((name) => ({ address: `${name}@example.com` }));
const addresses = FIVE.map(({ address }) => address);
const five = { settings: { recipients: FIVE } };

describe("the cost report, when it is killed", () => {
  it("sends later what was not begun: by Lambda's retry at once", async () => {
    const office = await new Office(five).open();
    office.wire.killNextCaller("PutObject", "after");
    assert.equal(await office.invoke({}, { requestId: "r1" }), undefined);
    await office.invoke({}, { requestId: "r1" });
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      addresses,
    );
  });

  it("sends what an earlier version had claimed", async () => {
    const office = await new Office().open();
    const key = "2026-11-12#ann@example.com";
    office.table.items.set(`${REPORT}|${key}`, {
      pk: { S: REPORT },
      sk: { S: key },
      deliveryState: { S: "claimed" },
      holder: { S: "a request id" },
      heldUntil: { N: String(office.clock.now() + 100_000) },
    });
    await office.invoke();
    assert.deepEqual([office.mails.length, Object.values(office.table.states())], [1, ["sent"]]);
  });

  it("waits for what another invocation is sending, and is content once that is sent", async () => {
    const office = await new Office().open();
    office.wire.next("SendEmail", "before", () => undefined);
    const first = office.begin({}, { requestId: "r1" });
    await office.clock.runUntil(() => office.table.states()["2026-11-12#ann@example.com"] === "sending", 60_000);
    const second = await office.invoke({}, { requestId: "r2" });
    await office.clock.finish(first);
    assert.deepEqual(second && "leftToAnother" in second ? second.leftToAnother : [], ["ann@example.com"]);
    assert.equal(office.mails.length, 1);
  });

  it("does not take a mail for sent while anyone who is sending it may be dead: it fails, to be tried again", async () => {
    const office = await new Office().open();
    office.wire.killNextCaller("UpdateItem", "after");
    await office.invoke({}, { requestId: "r1", timeoutMs: 300_000 });
    const early = await office.failure({}, { requestId: "r2", timeoutMs: 100_000 });
    assert.equal(early.name, "OutOfTimeError");
    await office.until("2026-11-13T11:24:00Z");
    assert.equal((await office.failure({}, { requestId: "r2" })).name, "RecipientsNotReachedError");
    assert.equal(office.mails.length, 0);
  });

  it("writes down what came of a mail that was begun in the last moment", async () => {
    /** Milliseconds from the beginning to the moment at which SES has the mail. */
    const play = async (timeoutMs: number, refusal?: Error): Promise<{ office: Office; atSes: number }> => {
      const office = await new Office().open();
      const begun = office.clock.now();
      let atSes = 0;
      office.wire.next("SendEmail", "before", () => {
        atSes = office.clock.now() - begun;
        if (refusal !== undefined) throw refusal;
      });
      await office.invoke({}, { timeoutMs }).catch(() => undefined);
      return { office, atSes };
    };
    const { atSes } = await play(300_000);
    for (const [state, refusal] of [["sent"], ["failed", awsError("MessageRejected", "no")]] as const) {
      const { office } = await play(atSes + MARGIN_MS - 1, refusal);
      assert.deepEqual(Object.values(office.table.states()), [state]);
    }
  });

  it("never repeats a mail that may have gone out: it says so, and how to send it all the same", async () => {
    const office = await new Office(five).open();
    office.wire.killNextCaller("SendEmail", "after");
    assert.equal(await office.invoke({}, { requestId: "r1" }), undefined);
    assert.deepEqual([office.mails.length, Object.values(office.table.states())], [1, ["sending"]]);
    await office.clock.run(310_000);
    for (const requestId of ["r1", "r1"]) {
      const error = await office.failure({}, { requestId });
      assert.equal(error.name, "RecipientsNotReachedError");
      assert.match(error.message, /ann@example\.com may or may not have got it/);
      assert.ok(error.message.includes(`{"pk":"${REPORT}","sk":"2026-11-12#ann@example.com"} of table deliveries`));
    }
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      addresses,
      "the others have got theirs, each once",
    );
    assert.equal(office.telemetry.sum("DeliveriesInDoubt"), 2);
    office.table.items.delete(`${REPORT}|2026-11-12#ann@example.com`);
    await office.invoke({ date: "2026-11-12" });
    assert.equal(office.mails.length, 6);
  });

  it("does not repeat a mail whose answer was lost either", async () => {
    const office = await new Office(five).open();
    office.wire.loseNextAnswer("SendEmail");
    const error = await office.failure();
    assert.match(error.message, /ann@example\.com may or may not have got it \(SES's answer was lost: socket hang up/);
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      addresses,
    );
  });

  it("does not repeat a mail after an error of SES's that does not say whether it was taken", async () => {
    for (const status of [500, 502, 504]) {
      const office = await new Office().open();
      office.wire.next("SendEmail", "after", () => {
        throw awsError("InternalFailure", "no", status);
      });
      assert.match((await office.failure()).message, /ann@example\.com may or may not have got it/);
      assert.equal(office.mails.length, 1);
    }
    const office = await new Office().open();
    office.wire.refuseNext("SendEmail", awsError("ServiceUnavailable", "no", 503), 2);
    await office.invoke();
    assert.equal(office.mails.length, 1);
  });

  it("tries again where the connection never came about", async () => {
    const office = await new Office().open();
    office.wire.refuseNext("SendEmail", Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), 2);
    await office.invoke();
    assert.equal(office.mails.length, 1);
  });

  it("survives lost answers of the table", async () => {
    const office = await new Office().open();
    for (let n = 0; n < 3; n += 1) office.wire.loseNextAnswer("UpdateItem");
    await office.invoke();
    assert.deepEqual([office.mails.length, Object.values(office.table.states())], [1, ["sent"]]);
  });

  it("sends each mail once, wherever it is killed, and however often it is tried again", async () => {
    // Each call of the table on the way of the first two mails: sending, sent.
    const places: (readonly [operation: string, nth: number])[] = [1, 2, 3, 4].map((nth) => ["UpdateItem", nth]);
    for (const operation of ["Query", "GetCostAndUsage", "ListAccounts", "PutObject", "ListObjects", "SendEmail"]) {
      places.push([operation, 1]);
    }
    for (const [operation, nth] of places) {
      const office = await new Office(five).open();
      killAt(office, operation, nth);
      assert.equal(await office.invoke({}, { requestId: "r1" }), undefined);
      // A retry comes when anyone who was killed would have been killed anyway.
      await office.clock.run(310_000);
      const inDoubt = Object.entries(office.table.states()).filter(([, state]) => state === "sending");
      const error = await office.invoke({}, { requestId: "r1" }).then(
        () => undefined,
        (it: Error) => it,
      );
      assert.equal(error?.name, inDoubt.length > 0 ? "RecipientsNotReachedError" : undefined, `${operation} ${nth}`);
      // Killed between the table's word that a mail is being sent and the sending: the one mail that does not go out.
      const missing = operation === "UpdateItem" && nth % 2 === 1 ? addresses[(nth - 1) / 2] : undefined;
      for (const address of addresses) {
        const count = office.mails.filter(({ to }) => to === address).length;
        assert.equal(count, address === missing ? 0 : 1, `${operation} ${nth}: ${address}`);
      }
    }
  });
});

/** Kills anyone who makes the nth call of an operation, right after its effect. */
function killAt(office: Office, operation: string, nth: number): void {
  office.wire.next(operation, "after", (caller) => {
    if (nth === 1) caller.killed = true;
    else killAt(office, operation, nth - 1);
  });
}

describe("the cost report, when it is triggered at the same time", () => {
  it("sends each mail once, also where Lambda delivers an event twice, with one request id", async () => {
    for (let n = 1; n <= 6; n += 1) {
      const office = await new Office(five).open();
      await office.clock.run(n * 7);
      const both = [office.begin({}, { requestId: "r1" }), office.begin({}, { requestId: "r1" })];
      await office.clock.finish(Promise.all(both));
      assert.deepEqual(office.mails.map(({ to }) => to).sort(), addresses);
    }
  });

  it("sends each mail once", async () => {
    for (let n = 1; n <= 5; n += 1) {
      const office = await new Office(five).open();
      await office.clock.run(n * 7);
      const all = Promise.all(Array.from({ length: 4 }, () => office.begin()));
      await office.clock.finish(all);
      assert.deepEqual(office.mails.map(({ to }) => to).sort(), addresses);
      assert.ok(Object.values(office.table.states()).every((state) => state === "sent"));
    }
  });

  it("reads every page of a long list of deliveries", async () => {
    const office = await new Office(five).open();
    office.table.pageSize = 2;
    await office.invoke();
    const again = await office.invoke();
    assert.deepEqual(again && "alreadySent" in again ? again.alreadySent : [], addresses);
  });
});
