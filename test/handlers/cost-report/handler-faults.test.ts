import * as assert from "node:assert/strict";
import { awsError } from "../wavelength-dns/support/wire";
import { Office, REPORT } from "./support/office";

const FIVE = ["ann", "bob", "cem", "dee", "eli"].map((name) => ({ address: `${name}@example.com` }));
const addresses = FIVE.map(({ address }) => address);
const five = { settings: { recipients: FIVE } };

/** Nothing was sent, claimed or archived. */
function assertUntouched(office: Office): void {
  assert.deepEqual([office.mails.length, office.objects.size, office.table.items.size], [0, 0, 0]);
}

describe("the cost report, when Cost Explorer fails", () => {
  it("waits where it is throttled, and goes on", async () => {
    const office = await new Office({ pageSize: 100 }).open();
    office.wire.refuseNext("GetCostAndUsage", awsError("LimitExceededException", "Rate limit exceeded"), 3);
    office.wire.refuseNext("GetCostAndUsage", awsError("ThrottlingException"), 2);
    await office.invoke();
    assert.equal(office.mails.length, 1);
    assert.equal(office.telemetry.lines.filter(({ message }) => message === "Retrying").length, 5);
    assert.equal(office.telemetry.sum("CostExplorerPages"), office.costRequests.length, "a refused call costs nothing");
  });

  it("makes no report where a page cannot be read, and a whole one when it is tried again", async () => {
    const office = await new Office({ pageSize: 100 }).open();
    let calls = 0;
    const breakThird = (): void =>
      office.wire.next("GetCostAndUsage", "before", () => {
        calls += 1;
        if (calls < 3) breakThird();
        else throw awsError("RequestChangedException", "Your request parameters changed between pages.");
      });
    breakThird();
    assert.equal((await office.failure({}, { requestId: "r1" })).name, "RequestChangedException");
    assertUntouched(office);
    await office.invoke({}, { requestId: "r1" });
    assert.equal(office.mails.length, 1);
  });

  it("makes no report of nothing, or of a day that is not there yet", async () => {
    const empty = await new Office({ history: { accounts: [], *rows() {} } }).open();
    assert.equal((await empty.failure()).name, "NoCostDataError");
    assertUntouched(empty);
    const early = await new Office({ now: "2026-11-14T00:05:00Z" }).open();
    assert.equal((await early.failure()).name, "CostDataNotReadyError");
    assertUntouched(early);
    const unavailable = await new Office().open();
    unavailable.wire.refuseNext(
      "GetCostAndUsage",
      awsError("DataUnavailableException", "The requested data is unavailable."),
    );
    assert.match((await unavailable.failure()).message, /2026-11-12.*requested data is unavailable/);
    assertUntouched(unavailable);
  });

  it("makes no report without the permission, or with several currencies", async () => {
    const office = await new Office().open();
    office.wire.refuseNext(
      "GetCostAndUsage",
      awsError("AccessDeniedException", "not authorized to perform: ce:GetCostAndUsage"),
    );
    assert.equal((await office.failure()).name, "AccessDeniedException");
    assertUntouched(office);
    const mixed = await new Office({
      currencyOf: ({ account }) => (account === "111111111111" ? "CNY" : "USD"),
    }).open();
    assert.equal((await mixed.failure()).name, "MixedCurrenciesError");
    assertUntouched(mixed);
  });

  it("stops in time for Lambda to try again", async () => {
    const office = await new Office().open();
    office.wire.refuseNext("GetCostAndUsage", awsError("ThrottlingException"), 1000);
    const error = await office.invoke({}, { timeoutMs: 30_000 }).then(
      () => undefined,
      (it: Error) => it,
    );
    assert.equal(error?.name, "OutOfTimeError");
    assertUntouched(office);
  });
});

describe("the cost report, when it knows less", () => {
  it("goes on without Organizations, by the names of the answer, and says so", async () => {
    const office = await new Office().open();
    office.organizationsError = awsError("AccessDeniedException", "You don't have permissions");
    await office.invoke();
    const html = office.mails[0]?.text("text/html") ?? "";
    assert.ok(html.includes("production") && !html.includes("(organization)"));
    assert.equal(office.telemetry.warnings().length, 1);
  });

  it("refuses an event that it does not understand, and a day that is not over", async () => {
    const office = await new Office().open();
    for (const event of [{ dateTime: "2026-11-01" }, { date: "01.11.2026" }, "now"]) {
      assert.equal((await office.failure(event)).name, "BadEventError");
    }
    const error = await office.failure({ date: "2026-11-13" });
    assert.equal(error.name, "BadEventError");
    assert.match(error.message, /2026-11-13 is not over. Allowed: 2026-11-12/);
    assertUntouched(office);
    assert.deepEqual([office.costRequests.length, office.telemetry.flushed], [0, 4]);
  });
});

describe("the cost report, when SES refuses", () => {
  it("sends to four of five, names the fifth, and tries only that one again, with the same figures", async () => {
    const office = await new Office(five).open();
    office.refusal = (to) =>
      to === "cem@example.com"
        ? awsError(
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region US-EAST-1: cem@example.com",
          )
        : undefined;
    const error = await office.failure({}, { requestId: "r1" });
    assert.equal(error.name, "RecipientsNotReachedError");
    assert.match(
      error.message,
      /2026-11-12.*all others have it.*cem@example\.com was refused \(MessageRejected: Email address is not verified/,
    );
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      addresses.filter((it) => it !== "cem@example.com"),
    );
    assert.equal(office.telemetry.sum("RecipientsRefused"), 1);
    // Lambda's retry finds him still refused, and another one finds him verified.
    assert.equal((await office.failure({}, { requestId: "r1" })).name, "RecipientsNotReachedError");
    assert.equal(office.mails.length, 4);
    office.refusal = () => undefined;
    office.history = { ...office.history, rows: () => assert.fail("the figures are those of the archive") };
    await office.invoke({}, { requestId: "r1" });
    assert.deepEqual(office.mails.map(({ to }) => to).sort(), addresses);
    assert.equal(new Set(office.mails.map((mail) => mail.text("text/html"))).size, 1);
    assert.equal(office.costRequests.length, 1);
  });

  it("takes an address that is none for that recipient's trouble", async () => {
    const office = await new Office(five).open();
    office.refusal = (to) =>
      to === "ann@example.com" ? awsError("BadRequestException", "Domain contains illegal character") : undefined;
    assert.match((await office.failure()).message, /ann@example\.com was refused \(BadRequestException/);
    assert.equal(office.mails.length, 4);
  });

  it("stops where the sender is not verified, and sends everything once it is", async () => {
    const refusals = [
      awsError(
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region US-EAST-1: costs@example.com",
      ),
      awsError(
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region US-EAST-1: AWS costs <costs@example.com>",
      ),
      awsError(
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region US-EAST-1: example.com",
      ),
      awsError("MailFromDomainNotVerifiedException", "The mail from domain is not verified"),
      awsError("SendingPausedException", "Email sending has been disabled for this account"),
      awsError("AccessDeniedException", "not authorized to perform `ses:SendEmail'", 403),
      awsError("NotFoundException", "Configuration set <costs> does not exist.", 404),
    ];
    for (const refusal of refusals) {
      const office = await new Office(five).open();
      office.refusal = () => refusal;
      const error = await office.failure({}, { requestId: "r1" });
      assert.equal(error.name, "SendingRefusedError");
      assert.ok(error.message.includes(refusal.message) && error.message.includes("costs@example.com"));
      assert.ok(addresses.every((address) => error.message.includes(address)));
      assert.equal(office.wire.count("SendEmail"), 1, "the others would be refused too");
      assert.deepEqual(Object.values(office.table.states()), ["failed"]);
      office.refusal = () => undefined;
      await office.invoke({}, { requestId: "r1" });
      assert.deepEqual(
        office.mails.map(({ to }) => to),
        addresses,
      );
    }
  });

  it("waits where it sends too fast", async () => {
    const office = await new Office(five).open();
    office.wire.refuseNext("SendEmail", awsError("TooManyRequestsException", "Maximum sending rate exceeded.", 429), 4);
    await office.invoke();
    assert.deepEqual(
      office.mails.map(({ to }) => to),
      addresses,
    );
  });
});

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

describe("the cost report's archive, when it fails", () => {
  it("sends nothing that is not archived", async () => {
    const office = await new Office(five).open();
    office.wire.refuseNext("PutObject", awsError("AccessDenied", "Access Denied", 403));
    assert.equal((await office.failure({}, { requestId: "r1" })).name, "AccessDenied");
    assert.equal(office.mails.length, 0);
    await office.invoke({}, { requestId: "r1" });
    assert.equal(office.mails.length, 5);
  });

  it("waits where S3 asks it to", async () => {
    const office = await new Office().open();
    office.wire.refuseNext("PutObject", awsError("SlowDown", "Please reduce your request rate.", 503), 2);
    office.wire.refuseNext("ListObjects", awsError("InternalError", "We encountered an internal error.", 500));
    await office.invoke();
    assert.equal(office.mails.length, 1);
  });

  it("reads the costs anew where the archive has lost them", async () => {
    const office = await new Office(five).open();
    office.refusal = (to) => (to === "eli@example.com" ? awsError("MessageRejected", "no") : undefined);
    await office.failure({}, { requestId: "r1" });
    office.objects.clear();
    office.refusal = () => undefined;
    await office.invoke({}, { requestId: "r1" });
    assert.deepEqual([office.mails.length, office.costRequests.length], [5, 2]);
  });
});
