/** mocha's root hooks of the local part: a cloud that a failed test left running would keep the run from ending. */
import * as assert from "node:assert/strict";
import { stopLeftovers } from "./cloud";

export const mochaHooks = {
  async afterAll(): Promise<void> {
    assert.equal(await stopLeftovers(), 0, "clouds were left running by tests");
  },
};
