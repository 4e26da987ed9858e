import * as assert from "node:assert/strict";
import { isRetryable, makeCall, OutOfTimeError, PartlyRefusedError } from "../../../handlers/shared/retry";

/** A clock whose sleeps pass at once, and are kept. */
function instantClock(random = 0.5) {
  const sleeps: number[] = [];
  let now = 0;
  return {
    sleeps,
    now: () => now,
    random: () => random,
    sleep: (milliseconds: number) => {
      sleeps.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

const named = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name, ...more });
const failing = (times: number, error: Error) => {
  let calls = 0;
  return () => ((calls += 1) > times ? Promise.resolve(calls) : Promise.reject(error));
};

describe("isRetryable", () => {
  const yes = [
    named("Throttling"),
    named("ThrottlingException"),
    named("PriorRequestNotComplete", { $metadata: { httpStatusCode: 400 } }),
    named("RequestLimitExceeded"),
    named("ProvisionedThroughputExceededException"),
    named("SomethingNew", { $metadata: { httpStatusCode: 503 } }),
    named("SomethingNew", { $metadata: { httpStatusCode: 429 } }),
    named("Error", { code: "ECONNRESET" }),
    named("TimeoutError"),
    new Error("Rate exceeded"),
    new PartlyRefusedError("2 left"),
  ];
  const no = [
    named("InvalidChangeBatch", { $metadata: { httpStatusCode: 400 } }),
    named("NoSuchHostedZone", { $metadata: { httpStatusCode: 404 } }),
    named("AccessDenied", { $metadata: { httpStatusCode: 403 } }),
    named("ConditionalCheckFailedException"),
    new OutOfTimeError("x", 1),
    "Throttling",
    undefined,
    null,
  ];

  it("tries again after throttling, a service's own trouble and network trouble", () => {
    for (const error of yes) assert.ok(isRetryable(error), String(error));
  });

  it("does not try again after a refusal, or what is no error", () => {
    for (const error of no) assert.ok(!isRetryable(error), String(error));
  });
});

describe("makeCall", () => {
  const plenty = { remainingMs: () => 1_000_000, marginMs: 1000 };

  it("waits longer each time, up to a cap, half of it by chance", async () => {
    const clock = instantClock(0.5);
    const call = makeCall(clock, plenty, { baseMs: 100, capMs: 500 });
    assert.equal(await call("x", failing(4, named("Throttling"))), 5);
    assert.deepEqual(clock.sleeps, [75, 150, 300, 375]);
  });

  it("spreads callers out between half of the wait and all of it", async () => {
    for (const [random, wait] of [
      [0, 50],
      [0.999, 99.95],
    ] as const) {
      const clock = instantClock(random);
      await makeCall(clock, plenty, { baseMs: 100 })("x", failing(1, named("Throttling")));
      assert.deepEqual(clock.sleeps, [wait]);
    }
  });

  it("throws the last error as it came, after the last attempt", async () => {
    const error = named("Throttling");
    const call = makeCall(instantClock(), plenty, { maxAttempts: 3 });
    await assert.rejects(call("x", failing(3, error)), (thrown) => thrown === error);
  });

  it("throws at once what trying again cannot help", async () => {
    const clock = instantClock();
    await assert.rejects(makeCall(clock, plenty)("x", failing(1, named("NoSuchHostedZone"))), {
      name: "NoSuchHostedZone",
    });
    assert.deepEqual(clock.sleeps, []);
  });

  it("begins nothing inside the margin", async () => {
    const call = makeCall(instantClock(), { remainingMs: () => 999, marginMs: 1000 });
    await assert.rejects(
      call("x", () => assert.fail("must not be called")),
      OutOfTimeError,
    );
  });

  it("does not wait into the margin", async () => {
    const clock = instantClock();
    const call = makeCall(clock, { remainingMs: () => 1500 - clock.now(), marginMs: 1000 }, { baseMs: 400 });
    const error = named("Throttling");
    await assert.rejects(
      call("x", failing(9, error)),
      (thrown) => thrown instanceof OutOfTimeError && thrown.cause === error,
    );
    assert.deepEqual(clock.sleeps, [300]);
  });

  it("tells of every failure that it retries", async () => {
    const reported: string[] = [];
    const onRetry = (doing: string, error: unknown): unknown => reported.push(`${doing}: ${String(error)}`);
    await makeCall(instantClock(), plenty, { onRetry })("listing", failing(2, named("Throttling")));
    assert.deepEqual(reported, ["listing: Throttling: Throttling", "listing: Throttling: Throttling"]);
  });
});
