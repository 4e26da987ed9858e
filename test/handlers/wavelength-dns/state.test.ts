import * as assert from "node:assert/strict";
import type { Call } from "../../../handlers/shared/retry";
import { sendDrainMessages } from "../../../handlers/wavelength-dns/drain";
import { readState, rememberInterruptions, rememberRemovals } from "../../../handlers/wavelength-dns/state";
import { GROUP } from "../../../fakes/wavelength-dns/fleet";
import type { Caller } from "../../../fakes/wire";
import { World } from "../../../fakes/wavelength-dns/world";

const once: Call = (_, operation) => operation();
const caller: Caller = { id: "test", killed: false };
const where = { tableName: "state", scope: "zone/name" };

describe("the state", () => {
  it("is read page by page, without what has expired", async () => {
    const { table, clock } = new World();
    table.pageSize = 2;
    const api = table.for(caller);
    const now = clock.now();
    const removal = (instanceId: string, removedAt: number) => ({ instanceId, removedAt, ttlSeconds: 30 });
    const warnings = [1, 2, 3].map((n) => ({ instanceId: `i-${n}`, warnedAt: now - n * 200_000 }));
    await clock.finish(rememberInterruptions(api, once, where, warnings, now));
    await clock.finish(
      rememberRemovals(api, once, where, [removal("i-8", now - 7_300_000), { ...removal("i-9", now), changeId: "C1" }]),
    );
    const state = await clock.finish(readState(api, once, where, clock.now()));
    assert.deepEqual([...state.interrupted].sort(), ["i-1", "i-2"]);
    assert.deepEqual(
      [...state.removals.values()],
      [{ instanceId: "i-9", removedAt: now, ttlSeconds: 30, changeId: "C1" }],
    );
  });

  it("keeps a warning for ten minutes from when it was given", async () => {
    const { table, clock } = new World();
    const now = clock.now();
    const warnings = [{ instanceId: "i-1", warnedAt: now + 99_000_000 }];
    await clock.finish(rememberInterruptions(table.for(caller), once, where, warnings, now));
    assert.deepEqual(table.bySortKey().get("interrupted#i-1")?.["expiresAt"], { N: String(now / 1000 + 600) });
  });

  it("writes what DynamoDB left unprocessed once more", async () => {
    const world = new World();
    world.table.unprocessedNext = 3;
    let tries = 0;
    const insist: Call = async (_, operation) => {
      for (;;) {
        tries += 1;
        try {
          return await operation();
        } catch (error) {
          assert.equal((error as Error).name, "PartlyRefusedError");
        }
      }
    };
    const warnings = Array.from({ length: 10 }, (_, n) => ({ instanceId: `i-${n}`, warnedAt: world.clock.now() }));
    const writing = rememberInterruptions(world.table.for(caller), insist, where, warnings, world.clock.now());
    await world.clock.finish(writing);
    assert.equal(world.table.bySortKey().size, 10);
    assert.equal(tries, 2);
  });
});

describe("sendDrainMessages", () => {
  const message = (n: number) => ({
    instanceId: `i-${n}`,
    autoScalingGroupName: GROUP,
    lifecycleHookName: "drain",
    recordName: "play.example.com",
    removedAt: 1,
    hop: 0,
  });

  it("sends ten at a time, and only what was turned back again", async () => {
    const sent: string[][] = [];
    const api = {
      sendMessageBatch: ({
        Entries = [],
      }: {
        Entries?: { Id?: string | undefined; MessageGroupId?: string | undefined }[] | undefined;
      }) => {
        sent.push(Entries.map(({ MessageGroupId }) => MessageGroupId ?? ""));
        const Failed = sent.length === 1 ? [{ Id: Entries[3]?.Id, SenderFault: false, Code: "InternalError" }] : [];
        return Promise.resolve({ Successful: [], Failed });
      },
    };
    const retrying: Call = (_, operation) => operation().catch(operation);
    await sendDrainMessages(
      api,
      retrying,
      "url",
      Array.from({ length: 12 }, (_, n) => message(n)),
    );
    assert.deepEqual(sent.map(({ length }) => length).sort(), [1, 10, 2]);
    assert.ok(sent.some((groups) => groups.length === 1 && groups[0] === "i-3"));
  });

  it("throws where the queue says that the message is at fault", async () => {
    const Failed = [{ Id: "0", SenderFault: true, Code: "InvalidMessageContents" }];
    const api = { sendMessageBatch: () => Promise.resolve({ Successful: [], Failed }) };
    await assert.rejects(sendDrainMessages(api as never, once, "url", [message(1)]), /InvalidMessageContents/);
  });
});
