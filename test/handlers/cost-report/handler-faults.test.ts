import * as assert from "node:assert/strict";
import { PNG } from "pngjs";
import { costHistory } from "../../../local/stories/cost-report/history";
import { awsError } from "../../../fakes/wire";
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
    assert.match(html, /AWS Organizations may not be asked \(AccessDeniedException\)/);
    assert.deepEqual([office.telemetry.warnings().length, office.telemetry.sum("PartsMissing")], [1, 0]);
  });

  it("goes on where Organizations is throttled, or does not answer at all", async () => {
    for (const hangs of [false, true]) {
      const office = await new Office().open();
      if (hangs) office.hanging.add("ListAccounts");
      else office.organizationsError = awsError("TooManyRequestsException", "AWS Organizations is busy");
      await office.invoke();
      const html = office.mails[0]?.text("text/html") ?? "";
      assert.ok(html.includes("production") && !html.includes("(organization)"));
      assert.match(html, /AWS Organizations does not answer/);
      assert.ok(office.telemetry.sum("PartsMissing") > 0);
    }
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

describe("the cost report of a day without costs", () => {
  const until = (last: string) => ({ history: costHistory({ first: "2026-09-01", last, accounts: 1, services: 1 }) });
  const text = (office: Office): string => (office.mails.at(-1)?.text("text/plain") ?? "").replaceAll(/\s+/g, " ");

  it("is sent like any other, says so, and raises no alarm", async () => {
    for (const monthQuery of ["shared", "separate"] as const) {
      for (const last of ["2026-11-11", "2026-11-03"]) {
        const office = await new Office({ ...until(last), settings: { monthQuery } }).open();
        await office.invoke();
        assert.match(text(office), /\$0\.00.*Cost Explorer has no costs on this day\./);
        assert.equal(office.telemetry.sum("PartsMissing"), 0);
      }
    }
  });

  it("is taken for one that has not arrived right after midnight, where all days before have costs", async () => {
    const early = await new Office({ ...until("2026-11-12"), now: "2026-11-14T00:30:00Z" }).open();
    assert.equal((await early.failure()).name, "CostDataNotReadyError");
    const quiet = await new Office({ ...until("2026-11-08"), now: "2026-11-14T00:30:00Z" }).open();
    await quiet.invoke();
    assert.match(text(quiet), /no costs on this day/);
  });
});

describe("the cost report, when a chart cannot be drawn", () => {
  const { write } = PNG.sync;
  afterEach(() => void (PNG.sync.write = write));

  it("goes out without that chart, and says so", async () => {
    for (const broken of [1, 3]) {
      const office = await new Office().open();
      let drawn = 0;
      PNG.sync.write = (...args) => {
        drawn += 1;
        if (drawn % 7 === broken) throw new Error("no memory");
        return write(...args);
      };
      await office.invoke();
      const [mail] = office.mails;
      assert.match(mail?.text("text/html") ?? "", /A chart could not be drawn \(Error\)/);
      assert.equal(mail?.all().filter(({ type }) => type === "image/png").length, 6);
      assert.ok(office.telemetry.sum("PartsMissing") > 0);
    }
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
  /** Both bodies of the first mail say it, and an alarm's metric has it. */
  function assertSaid(office: Office, note: RegExp): void {
    for (const type of ["text/html", "text/plain"] as const) {
      assert.match((office.mails[0]?.text(type) ?? "").replaceAll(/\s+/g, " ").replaceAll("&#x27;", "'"), note);
    }
    assert.ok(office.telemetry.sum("PartsMissing") > 0);
  }

  it("sends what cannot be archived, and says that it is not", async () => {
    for (const error of [awsError("AccessDenied", "Access Denied", 403), awsError("InternalError", "no", 500)]) {
      const office = await new Office(five).open();
      office.wire.refuseNext("PutObject", error, 1000);
      await office.invoke();
      assert.equal(office.mails.length, 5);
      assertSaid(office, new RegExp(`not wholly, in the archive \\(${error.name}\\)`));
    }
  });

  it("sends what the archive hangs over, in time", async () => {
    const office = await new Office(five).open();
    office.hanging.add("PutObject");
    await office.invoke({}, { timeoutMs: 300_000 });
    assert.equal(office.mails.length, 5);
    assertSaid(office, /not wholly, in the archive \(TimeoutError\)/);
  });

  it("sends where the archive may not be read, with figures of its own", async () => {
    const denied = awsError("AccessDenied", "Access Denied", 403);
    const office = await new Office(five).open();
    office.refusal = (to) => (to === "eli@example.com" ? awsError("MessageRejected", "no") : undefined);
    office.wire.refuseNext("ListObjects", denied, 1000);
    await office.failure();
    assert.equal(office.mails.length, 4);
    assertSaid(office, /The page of the month's trend does not show this day \(AccessDenied\)/);
    office.refusal = () => undefined;
    await office.invoke();
    assert.match(
      office.mails[4]?.text("text/plain").replaceAll(/\s+/g, " ") ?? "",
      /Figures may differ .*\(AccessDenied\)/,
    );
  });

  it("does not let one report that cannot be read stop the month's page", async () => {
    const office = await new Office().open();
    office.wire.refuseNext("GetObject", awsError("AccessDenied", "Access Denied", 403));
    await office.invoke();
    assert.deepEqual([office.mails.length, office.telemetry.sum("PartsMissing")], [1, 0]);
    assert.ok(office.telemetry.warnings().some((it) => it.includes("cannot be read")));
  });

  it("waits where S3 asks it to", async () => {
    const office = await new Office().open();
    office.wire.refuseNext("PutObject", awsError("SlowDown", "Please reduce your request rate.", 503), 2);
    office.wire.refuseNext("ListObjects", awsError("InternalError", "We encountered an internal error.", 500));
    await office.invoke();
    assert.equal(office.mails.length, 1);
  });

  it("reads the costs again where the archive has lost them", async () => {
    const office = await new Office(five).open();
    office.refusal = (to) => (to === "eli@example.com" ? awsError("MessageRejected", "no") : undefined);
    await office.failure({}, { requestId: "r1" });
    office.objects.clear();
    office.refusal = () => undefined;
    await office.invoke({}, { requestId: "r1" });
    assert.deepEqual([office.mails.length, office.costRequests.length], [5, 2]);
  });
});
