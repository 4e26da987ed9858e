/** That a lease has one holder at a time, and that no request is forgotten, over every order of steps. */
import * as assert from "node:assert/strict";
import { coalesce, Lease, type LeaseTable } from "../../../handlers/shared/lease";
import type { Call } from "../../../handlers/shared/retry";
import { exploreInterleavings, type Stage, type World } from "../../support/interleavings";
import { FakeTable } from "../../../fakes/wavelength-dns/table";
import type { Caller, Wire } from "../../../fakes/wire";

const once: Call = (_, operation) => operation();
const HELD_SECONDS = 30;

interface Scene {
  readonly invocations: number;
  /** How often so much time passes that anyone who lives is killed by its timeout. */
  readonly lapses: number;
  readonly tableOf?: (table: LeaseTable) => LeaseTable;
}

function site({ invocations, lapses, tableOf = (it) => it }: Scene): (stage: Stage) => World {
  return (stage) => {
    let seconds = 0;
    let lapsed = 0;
    /** Requests that were made, and those that the last finished round has seen. */
    let [asked, served] = [0, 0];
    const working = new Set<string>();
    const begun = new Set<string>();
    const wire = {
      call: (caller: Caller, operation: string, effect: () => unknown) => stage.callFor(caller.id)(operation, effect),
    };
    const table = new FakeTable(wire as Wire);
    const invoke = async (id: string): Promise<void> => {
      begun.add(id);
      const outside = stage.callFor(id);
      const options = { tableName: "t", scope: "s", expiresAt: seconds + HELD_SECONDS, now: () => seconds * 1000 };
      const lease = new Lease(tableOf(table.for({ id, killed: false })), once, options);
      asked += 1;
      await coalesce(lease, {
        mustWork: false,
        pause: () => outside("pause", () => undefined),
        onAbandonFailed: () => undefined,
        work: async () => {
          const seen = await outside("observe", () => {
            working.add(id);
            return asked;
          });
          await outside("apply", () => {
            working.delete(id);
            served = Math.max(served, seen);
          });
        },
      });
    };
    const names = Array.from({ length: invocations }, (_, n) => `invocation ${n + 1}`);
    return {
      processes: Object.fromEntries(names.map((name) => [name, () => invoke(name)])),
      state: () =>
        JSON.stringify([[...table.bySortKey()], [...working].sort(), asked, served, seconds, [...begun].sort()]),
      check: (ended) => {
        assert.ok(working.size <= 1, `${[...working].join(" and ")} work at the same time`);
        if (Object.keys(ended).length === invocations) assert.equal(served, asked, "a request was forgotten");
      },
      happenings: [
        {
          name: "time passes",
          isPossible: () => lapsed < lapses,
          happen: () => {
            lapsed += 1;
            seconds += HELD_SECONDS;
            const dead = [...begun];
            for (const id of dead) working.delete(id);
            return dead;
          },
        },
      ],
      mostCalls: 14,
    };
  };
}

describe("a lease, in every order of the steps of several invocations", () => {
  for (const scene of [
    { invocations: 2, lapses: 1 },
    { invocations: 3, lapses: 0 },
  ]) {
    it(`has one holder at a time, and serves every request: ${scene.invocations} invocations`, async () => {
      const { states, ends } = await exploreInterleavings(site(scene));
      assert.ok(states > 100 && ends > 0, `${states} states, ${ends} ends`);
    });
  }

  it("would have two if two invocations drew the same holder", async () => {
    const shared = (table: LeaseTable): LeaseTable => ({
      updateItem: (input) => {
        const { ":holder": holder, ...values } = input.ExpressionAttributeValues ?? {};
        const ExpressionAttributeValues = { ...values, ...(holder && { ":holder": { S: "the request id" } }) };
        return table.updateItem({ ...input, ExpressionAttributeValues });
      },
    });
    const scene = { invocations: 2, lapses: 0, tableOf: shared };
    await assert.rejects(
      exploreInterleavings(site(scene)),
      /invocation 2 and invocation 1 work|invocation 1 and invocation 2 work/,
    );
  });
});
