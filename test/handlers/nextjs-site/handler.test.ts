import * as assert from "node:assert/strict";
import type { PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { makeHandler } from "../../../handlers/nextjs-site/handler";

const NOW = Date.parse("2026-11-24T11:18:00Z");

/** A handler with a table that keeps what it gets, or refuses it. */
function handlerWith(refusal?: Error) {
  const items: PutItemCommandInput["Item"][] = [];
  const errors: unknown[] = [];
  const handler = makeHandler(
    { tableName: "runs" },
    {
      now: () => NOW,
      telemetry: { info: () => undefined, error: (_, error) => void errors.push(error) },
      table: {
        putItem: ({ Item }) => {
          if (refusal !== undefined) return Promise.reject(refusal);
          items.push(Item);
          return Promise.resolve();
        },
      },
    },
  );
  return { handler, items, errors };
}

describe("the handler of nextjs-site", () => {
  it("notes the run, for 30 days", async () => {
    const { handler, items } = handlerWith();
    assert.deepEqual(await handler(), { noted: 1 });
    const expiresAt = { N: String(Date.parse("2026-12-24T11:18:00Z") / 1000) };
    assert.deepEqual(items, [{ pk: { S: "run" }, sk: { S: "2026-11-24T11:18:00.000Z" }, expiresAt }]);
  });

  it("logs and hands on what AWS refuses, so that Lambda tries again", async () => {
    const refusal = new Error("AccessDenied");
    const { handler, errors } = handlerWith(refusal);
    await assert.rejects(handler(), refusal);
    assert.deepEqual(errors, [refusal]);
  });
});
