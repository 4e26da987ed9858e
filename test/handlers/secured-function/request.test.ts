import * as assert from "node:assert/strict";
import fc from "fast-check";
import { cached } from "../../../handlers/secured-function/cached";
import { BadRequestError } from "../../../handlers/secured-function/errors";
import { credentialsOf, hasSecret, withoutCredentials } from "../../../handlers/secured-function/request";
import { requestOf } from "./pool";

const grant = fc.record(
  {
    code: fc.stringMatching(/^[\x21-\x7e]{20,60}$/),
    codeVerifier: fc.stringMatching(/^[\w.~-]{43,128}$/),
    redirectUri: fc.webUrl(),
  },
  { noNullPrototype: true },
);
const others = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue());

describe("a request with credentials", () => {
  it("is read the same in plain and in base64, and loses nothing but them", () => {
    fc.assert(
      fc.property(grant, others, fc.boolean(), (signIn, rest, isBase64) => {
        const text = JSON.stringify({ ...rest, signIn });
        const event = requestOf({}, isBase64 ? Buffer.from(text).toString("base64") : text, isBase64);
        assert.deepEqual(credentialsOf(event), { kind: "code", grant: signIn });
        const cleaned = withoutCredentials(event);
        assert.deepEqual(credentialsOf(cleaned), { kind: "none" });
        assert.deepEqual(JSON.parse(cleaned.body ?? ""), JSON.parse(JSON.stringify(rest)));
      }),
    );
  });

  it("is refused or read, whatever its body and headers are, and has none of them afterwards", () => {
    const headers = fc.dictionary(fc.constantFrom("x-authorization", "x-origin-secret", "accept"), fc.string());
    fc.assert(
      fc.property(headers, fc.option(fc.oneof(fc.string(), fc.json())), fc.boolean(), (given, body, isBase64) => {
        const event = requestOf(given, body ?? undefined, isBase64);
        try {
          credentialsOf(event);
        } catch (error) {
          assert.ok(error instanceof BadRequestError);
        }
        const { headers: left } = withoutCredentials(event);
        assert.deepEqual(
          Object.keys(left),
          Object.keys(given).filter((name) => name === "accept"),
        );
      }),
    );
  });

  it("has the secret if it is the same text, and never an empty one", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (sent, secret) => {
        assert.equal(hasSecret(requestOf({ "x-origin-secret": sent }), secret), sent === secret && secret !== "");
        assert.equal(hasSecret(requestOf({ "x-origin-secret": secret }), secret), secret !== "");
      }),
    );
    assert.equal(hasSecret(requestOf({}), ""), false);
  });
});

describe("cached", () => {
  it("never answers with a value that is too old, and never reads more often than it may", async () => {
    const steps = fc.array(fc.record({ wait: fc.nat(400), renew: fc.boolean(), fails: fc.boolean() }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        let [now, fails] = [0, false];
        const readings: { at: number; ok: boolean }[] = [];
        const load = () => {
          readings.push({ at: now, ok: !fails });
          return fails ? Promise.reject(new Error("down")) : Promise.resolve(now);
        };
        const value = cached(load, { ttlMs: 300, leastAgeMs: 10, now: () => now });
        for (const step of all) {
          now += step.wait;
          fails = step.fails;
          const read = await (step.renew ? value.renewed() : value.get()).catch(() => undefined);
          if (read !== undefined) assert.ok(now - read < (step.renew ? 10 : 300));
          else assert.ok(fails);
        }
        for (const [i, { at }] of readings.entries()) {
          const before = readings[i - 1];
          if (before?.ok === true) assert.ok(at - before.at >= 10);
        }
      }),
    );
  });
});
