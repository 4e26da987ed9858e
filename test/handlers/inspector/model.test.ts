/** That late and repeated events change nothing, and who gets what how often, over every order of steps. */
import * as assert from "node:assert/strict";
import { awsError } from "../../../fakes/wire";
import type { Publisher } from "../../../handlers/inspector/apis";
import type { Finding } from "../../../handlers/inspector/events";
import { makeRecordHandler, makeReportHandler } from "../../../handlers/inspector/handler";
import type { Item } from "../../../handlers/inspector/items";
import { exploreInterleavings, type Explored, type Fault, type Stage, type World } from "../../support/interleavings";
import { batchOf, contextWith, finding, HOUR, Recorder, SETTINGS, START } from "./support/made";
import { FakeTable } from "./support/table";

const SEVERITY = ["UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

const LOST: Fault = {
  name: "the answer is lost",
  operations: ["TransactWriteItems", "UpdateItem", "Publish"],
  hasEffect: true,
  error: () => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
};
const REFUSED: Fault = {
  name: "SNS refuses",
  operations: ["Publish"],
  hasEffect: false,
  error: () => awsError("AuthorizationErrorException", "no", 403),
};

const at = (minutes: number, changes: Partial<Finding> = {}): Finding =>
  finding({ updatedAt: START + minutes * 60_000, ...changes });

/** What has to be reported of one finding that took these states one after the other: written apart from the product. */
function expectedNotices(states: readonly Pick<Finding, "status" | "severity">[]): string[] {
  const reported: string[] = [];
  states.forEach(({ status, severity }, i) => {
    const before = states[i - 1];
    if (status === "ACTIVE" && before?.status !== "ACTIVE") {
      reported.push(reported.length > 0 || before?.status === "CLOSED" ? "reopened" : "new");
    } else if (status === "ACTIVE" && before && SEVERITY.indexOf(severity) > SEVERITY.indexOf(before.severity)) {
      reported.push("more severe");
    } else if (status === "CLOSED" && before?.status === "ACTIVE") {
      reported.push("fixed");
    }
  });
  return reported;
}

interface Message {
  readonly group: string;
  readonly at: number;
  readonly notices: readonly string[];
}

interface Scene {
  /** Events by the invocation that gets them. */
  readonly batches: readonly (readonly Finding[])[];
  readonly reports?: number;
  readonly faults?: readonly Fault[];
  /** How often an hour passes; no invocation lives so long. */
  readonly hours?: number;
  readonly mostCalls?: number;
  /** How far the clocks of those that record are behind, in milliseconds. */
  readonly lateBy?: number;
  /** Spoils what the table is asked. */
  readonly spoil?: (input: Item & { ConditionExpression?: string }) => void;
}

function world(scene: Scene): (stage: Stage) => World {
  return (stage) => {
    let hours = 0;
    const now = (): number => START + hours * HOUR;
    const table = new FakeTable();
    table.pageSize = 100;
    const messages: Message[] = [];
    const names = [
      ...scene.batches.map((_, n) => `record ${n + 1}`),
      ...Array.from({ length: scene.reports ?? 0 }, (_, n) => `report ${n + 1}`),
    ];
    const depsOf = (name: string) => {
      const outside = stage.callFor(name);
      const its = table.for(outside);
      const publish: Publisher["publish"] = ({ Message = "" }) =>
        outside("Publish", () => {
          const { sqs } = JSON.parse(Message) as { sqs: string };
          const { hour, resourceId, notices } = JSON.parse(sqs) as Record<string, string> & { notices: unknown };
          const reported = (notices as { arn: string; updatedAt: number }[]).map((it) => `${it.arn} ${it.updatedAt}`);
          messages.push({ group: `${hour}|${resourceId}`, at: now(), notices: reported.sort() });
          return {};
        });
      return {
        now: () => now() - (name.startsWith("record") ? (scene.lateBy ?? 0) : 0),
        random: () => 0,
        sleep: () => outside("sleep", () => undefined),
        telemetry: new Recorder(),
        topic: { publish },
        mail: { sendEmail: () => assert.fail("nobody gets mail") },
        table: {
          ...its,
          updateItem: (input: Parameters<typeof its.updateItem>[0]) => {
            const given = { ...input };
            scene.spoil?.(given as never);
            return its.updateItem(given);
          },
        },
      };
    };
    const begin = (name: string, n: number) => async (): Promise<void> => {
      const batch = scene.batches[n];
      if (batch === undefined) {
        await makeReportHandler(SETTINGS, depsOf(name))({ report: "notices" }, contextWith());
        return;
      }
      const { batchItemFailures } = await makeRecordHandler(SETTINGS, depsOf(name))(batchOf(batch), contextWith());
      assert.deepEqual(batchItemFailures, []);
    };
    return {
      processes: Object.fromEntries(names.map((name, n) => [name, begin(name, n)])),
      alike: names.filter((name) => name.startsWith("report")),
      state: () => JSON.stringify([[...table.items].sort(), [...messages], hours]),
      faults: scene.faults ?? [],
      mostFaults: scene.faults === undefined ? 0 : 1,
      mostCalls: scene.mostCalls ?? 12,
      happenings: [
        {
          name: "an hour passes",
          isPossible: () => hours < (scene.hours ?? 0),
          happen: () => {
            hours += 1;
            const running = stage.processes.filter(({ over, heard }) => over === undefined && heard.length > 0);
            return running.map(({ name }) => name);
          },
        },
      ],
      check(ended) {
        const [known] = table.findings();
        const states = table.history;
        states.forEach((it, i) => assert.ok(i === 0 || it.updatedAt > (states[i - 1]?.updatedAt ?? 0), "went back"));
        const notices = table.notices().sort((a, b) => a.updatedAt - b.updatedAt);
        assert.deepEqual(
          notices.map(({ kind }) => kind),
          expectedNotices(states),
        );
        const all = scene.batches.flat();
        if (scene.batches.every((_, n) => ended[`record ${n + 1}`] && !ended[`record ${n + 1}`]?.error)) {
          assert.equal(known?.updatedAt, Math.max(...all.map(({ updatedAt }) => updatedAt)), "not the newest");
        }
        checkMessages(table, messages);
      },
    };
  };
}

function checkMessages(table: FakeTable, messages: readonly Message[]): void {
  const inGroup = (group: string): string[] =>
    table.of(`notice|${group}\n`, (item) => `${item["arn"]?.S} ${item["updatedAt"]?.N}`).sort();
  messages.forEach((message, i) => {
    assert.deepEqual(message.notices, inGroup(message.group), "the group took notices after its message");
    const other = messages
      .slice(0, i)
      .find(({ group, at: sent }) => group === message.group && message.at - sent < HOUR);
    assert.equal(other, undefined, "two messages of a group within an hour");
  });
  for (const item of table.of("group\n", (it) => it)) {
    const isTold = messages.some(({ group }) => group === item["sk"]?.S);
    assert.ok(item["done"] === undefined || isTold, "a group is done that nobody was reported of");
  }
}

async function explore(scene: Scene): Promise<Explored> {
  const explored = await exploreInterleavings(world(scene));
  assert.ok(explored.ends > 0, "no run came to an end");
  return explored;
}

const NEW = at(0);
const WORSE = at(10, { severity: "CRITICAL" });
const FIXED = at(20, { status: "CLOSED" });
const BACK = at(30);

describe("findings and notices, in every order of the steps of several invocations", () => {
  const recorded: Record<string, Scene> = {
    "two get the same events, one in the wrong order": {
      batches: [
        [NEW, FIXED],
        [FIXED, NEW],
      ],
      faults: [LOST],
    },
    "fixed and reopened meanwhile, with repetitions": { batches: [[NEW, FIXED, NEW], [BACK], [FIXED]] },
    "more severe, with a late event": { batches: [[NEW], [WORSE], [WORSE, NEW]], faults: [LOST] },
    "suppressed meanwhile": {
      batches: [
        [NEW, FIXED],
        [at(10, { status: "SUPPRESSED" }), BACK],
      ],
    },
  };
  for (const [name, scene] of Object.entries(recorded)) {
    it(`keeps the newest event, with one notice for each change: ${name}`, async () => {
      const { states } = await explore(scene);
      assert.ok(states > 100, `only ${states} states`);
    });
  }

  const reported: Record<string, Scene> = {
    "two runs, that may die": { batches: [[NEW]], reports: 2, hours: 3 },
    "two runs, one of which fails": { batches: [[NEW]], reports: 2, hours: 1, faults: [LOST, REFUSED] },
    "a change while the group is closed": { batches: [[NEW], [FIXED]], reports: 1, hours: 1, lateBy: HOUR },
  };
  for (const [name, scene] of Object.entries(reported)) {
    it(`tells of a group at most once an hour, and of all that is in it: ${name}`, async () => {
      const { states } = await explore(scene);
      assert.ok(states > 100, `only ${states} states`);
    });
  }

  it("would tell twice within an hour if a message could be claimed twice", async () => {
    const spoil: Scene["spoil"] = (input) => {
      if (input.ConditionExpression?.includes("heldUntil") === true)
        input.ConditionExpression = "attribute_not_exists(no)";
    };
    await assert.rejects(explore({ batches: [[NEW]], reports: 2, hours: 1, spoil }), /two messages of a group/);
  });

  it("would lose notices if a group were not closed before it is read", async () => {
    const spoil = (input: { UpdateExpression?: string }): void => {
      if (input.UpdateExpression === "SET closed = :true") input.UpdateExpression = "SET other = :true";
    };
    const scene: Scene = { batches: [[NEW], [FIXED]], reports: 1, lateBy: HOUR, spoil: spoil as never };
    await assert.rejects(explore(scene), /took notices after its message/);
  });
}).timeout(120_000);
