import * as assert from "node:assert/strict";
import { awsError } from "../wavelength-dns/support/wire";
import { Office } from "./support/office";

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
