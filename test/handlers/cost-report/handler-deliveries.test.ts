import * as assert from "node:assert/strict";
import { Office, REPORT } from "./support/office";

const FIVE = ["ann", "bob", "cem", "dee", "eli"].map((name) => ({ address: `${name}@example.com` }));
const addresses = FIVE.map(({ address }) => address);
const five = { settings: { recipients: FIVE } };

describe("the cost report, when it is killed", () => {
  it("sends later what was claimed but not sent: by Lambda's retry at once", async () => {
    const office = await new Office(five).open();
    office.wire.next("UpdateItem", "after", (caller) => {
      caller.killed = true;
    });
    assert.equal(await office.invoke({}, { requestId: "r1" }), undefined);
    assert.deepEqual(office.table.states(), { "2026-11-12#ann@example.com": "claimed" });
    await office.invoke({}, { requestId: "r1" });
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      addresses,
    );
  });

  it("leaves a claim to its holder for as long as that may live, and then takes it over", async () => {
    const office = await new Office().open();
    office.wire.killNextCaller("UpdateItem", "after");
    await office.invoke({}, { requestId: "r1", timeoutMs: 300_000 });
    const early = await office.invoke({}, { requestId: "r2" });
    assert.deepEqual(early && "leftToAnother" in early ? early.leftToAnother : [], ["ann@example.com"]);
    await office.clock.run(310_000);
    await office.invoke({}, { requestId: "r3" });
    assert.equal(office.mails.length, 1);
  });

  it("never repeats a mail that may have gone out: it says so, and how to send it all the same", async () => {
    const office = await new Office(five).open();
    office.wire.killNextCaller("SendEmail", "after");
    assert.equal(await office.invoke({}, { requestId: "r1" }), undefined);
    assert.deepEqual([office.mails.length, Object.values(office.table.states())], [1, ["sending"]]);
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
    // Each call of the table on the way of the first mail: claimed, sending, sent.
    const places: (readonly [operation: string, nth: number])[] = [1, 2, 3, 4].map((nth) => ["UpdateItem", nth]);
    for (const operation of ["Query", "GetCostAndUsage", "ListAccounts", "PutObject", "ListObjects", "SendEmail"]) {
      places.push([operation, 1]);
    }
    for (const [operation, nth] of places) {
      const office = await new Office(five).open();
      killAt(office, operation, nth);
      assert.equal(await office.invoke({}, { requestId: "r1" }), undefined);
      const states = office.table.states();
      const error = await office.invoke({}, { requestId: "r1" }).then(
        () => undefined,
        (it: Error) => it,
      );
      const isInDoubt = states["2026-11-12#ann@example.com"] === "sending";
      assert.equal(error?.name, isInDoubt ? "RecipientsNotReachedError" : undefined, `${operation} ${nth}`);
      const counts = addresses.map((address) => office.mails.filter(({ to }) => to === address).length);
      // Killed between the table's word that a mail is being sent and the sending: the one mail that does not go out.
      const isMissing = operation === "UpdateItem" && nth === 2;
      assert.deepEqual(counts, [isMissing ? 0 : 1, 1, 1, 1, 1], `${operation} ${nth}`);
    }
  });
});

/** Kills whoever makes the nth call of an operation, right after its effect. */
function killAt(office: Office, operation: string, nth: number): void {
  office.wire.next(operation, "after", (caller) => {
    if (nth === 1) caller.killed = true;
    else killAt(office, operation, nth - 1);
  });
}

describe("the cost report, when it is triggered at the same time", () => {
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
