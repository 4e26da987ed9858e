import * as assert from "node:assert/strict";
import { changedTags, ifMissing, isSet, known, until, whileRefused } from "../../local/provider/services/support";

class GoneError extends Error {
  override readonly name = "InvalidVpcID.NotFound";
}

function refusal(name: string): Error {
  return Object.assign(new Error(`${name}: it has dependencies`), { name });
}

describe("What the services share", () => {
  it("takes AWS's not found for an answer, and no other error", async () => {
    assert.equal(await ifMissing(Promise.resolve(1), GoneError), 1);
    assert.equal(await ifMissing(Promise.reject(new GoneError()), GoneError), undefined);
    assert.equal(await ifMissing(Promise.reject(new GoneError()), "InvalidVpcID.NotFound"), undefined);
    await assert.rejects(ifMissing(Promise.reject(refusal("AccessDenied")), GoneError, "Other"), /AccessDenied/);
  });

  it("repeats a call as long as AWS refuses it for the reasons given", async () => {
    let calls = 0;
    const call = () => (++calls < 3 ? Promise.reject(refusal("DependencyViolation")) : Promise.resolve("done"));
    assert.equal(await whileRefused(call, ["DependencyViolation"], { intervalSeconds: 0.001 }), "done");
    assert.equal(calls, 3);
    const denied = whileRefused(() => Promise.reject(refusal("AccessDenied")), ["DependencyViolation"]);
    await assert.rejects(denied, /AccessDenied/);
    const busy = () => Promise.reject(refusal("DependencyViolation"));
    const patience = { timeoutSeconds: 0.01, intervalSeconds: 0.001 };
    await assert.rejects(whileRefused(busy, ["it has dependencies"], patience), /DependencyViolation/);
  });

  it("asks until the answer is there, and says what it waited for", async () => {
    let asked = 0;
    const ask = () => Promise.resolve(++asked < 3 ? undefined : "there");
    assert.equal(await until("it", ask, { intervalSeconds: 0.001 }), "there");
    const never = until("the moon", () => Promise.resolve(undefined), { timeoutSeconds: 0.01, intervalSeconds: 0.001 });
    await assert.rejects(never, /waited 0\.01 s for the moon/);
  });

  it("tells which tags to set and which to remove", () => {
    const change = changedTags(
      { tagsAll: { kept: "1", changed: "1", gone: "1" } },
      { kept: "1", changed: "2", new: "1" },
    );
    assert.deepEqual(change, { set: { changed: "2", new: "1" }, removed: ["gone"] });
    assert.deepEqual(changedTags({}, {}), { set: {}, removed: [] });
  });

  it("updates what the program says, and leaves alone what it does not", () => {
    assert.equal(isSet({ size: 1 }, { size: 2 }, "size"), true);
    assert.equal(isSet({}, { size: 2 }, "size"), true);
    assert.equal(isSet({ size: 2 }, { size: 2 }, "size"), false);
    assert.equal(isSet({ size: 2 }, {}, "size"), false);
    assert.deepEqual(known({ a: 0, b: "", c: undefined, d: null, e: false }), { a: 0, b: "", e: false });
  });
});
