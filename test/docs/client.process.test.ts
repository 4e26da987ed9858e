import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CLIENT, clientTypes } from "../../docs/generate-client";

describe("the typed client of the sample API", () => {
  it("is what its document says: node -r ./scripts/register.cjs docs/generate-client.ts", async () => {
    assert.equal(readFileSync(CLIENT, "utf8"), await clientTypes());
  });
});
