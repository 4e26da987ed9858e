/** That nobody is mailed twice, over every order of steps. */
import * as assert from "node:assert/strict";
import { type DeliveryTable } from "../../../handlers/cost-report/apis";
import { Deliveries } from "../../../handlers/cost-report/deliveries";
import { sendViews } from "../../../handlers/cost-report/send";
import { viewsOf } from "../../../handlers/cost-report/views";
import type { Call } from "../../../handlers/shared/retry";
import { exploreInterleavings, type Explored, type Fault, type Stage, type World } from "../../support/interleavings";
import { awsError, type Caller, Wire } from "../../../fakes/wire";
import { SETTINGS } from "./support/made";
import { FakeDeliveryTable } from "./support/table";
import { RecordingTelemetry } from "./support/telemetry";

const DAY = "2026-11-12";
const MAIL = Buffer.from("From: costs@example.com\r\n\r\n");
const once: Call = (_, operation) => operation();

const LOST: Fault = {
  name: "the answer is lost",
  operations: ["UpdateItem", "SendEmail"],
  hasEffect: true,
  error: () => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
};
const REFUSED: Fault = {
  name: "SES refuses the recipient",
  operations: ["SendEmail"],
  hasEffect: false,
  error: () => awsError("MessageRejected", "no"),
};
const FAILED: Fault = {
  name: "SES fails after it took the mail",
  operations: ["SendEmail"],
  hasEffect: true,
  error: () => awsError("InternalFailure", "no", 500),
};

interface Scene {
  readonly invocations: number;
  readonly recipients?: readonly string[];
  readonly faults?: readonly Fault[];
  readonly mostFaults?: number;
  /** How often so much time passes that the sender is taken for dead, whether it is or not. */
  readonly lapses?: number;
  readonly mostCalls?: number;
  /** Makes a table of the invocation's own. */
  readonly tableOf?: (table: DeliveryTable) => DeliveryTable;
}

function office(scene: Scene): (stage: Stage) => World {
  const { invocations, recipients = ["ann@example.com"], lapses = 0, mostCalls = 8, tableOf = (it) => it } = scene;
  return (stage) => {
    let now = 0;
    let lapsed = 0;
    const mailed: string[] = [];
    const wire = {
      call: (caller: Caller, operation: string, effect: () => unknown) => stage.callFor(caller.id)(operation, effect),
    };
    const table = new FakeDeliveryTable(wire as Wire);
    const invoke = async (id: string): Promise<void> => {
      const outside = stage.callFor(id);
      const settings = { ...SETTINGS, recipients: recipients.map((address) => ({ address })) };
      const options = { tableName: "deliveries", reportId: "r", date: DAY, heldUntil: now + 100, now: () => now };
      const deliveries = new Deliveries(
        tableOf(table.for({ id, killed: false })),
        { call: once, closing: once },
        options,
      );
      await sendViews({
        settings,
        date: DAY,
        call: once,
        deliveries,
        views: viewsOf(settings.recipients),
        prepare: async () => async () => MAIL,
        deps: {
          telemetry: new RecordingTelemetry(),
          sleep: () => outside("sleep", () => undefined),
          mail: {
            sendEmail: ({ Destination }) =>
              outside("SendEmail", () => ({ MessageId: String(mailed.push(Destination?.ToAddresses?.[0] ?? "")) })),
          },
        },
      });
    };
    const names = Array.from({ length: invocations }, (_, n) => `invocation ${n + 1}`);
    return {
      processes: Object.fromEntries(names.map((name) => [name, () => invoke(name)])),
      alike: names,
      state: () => JSON.stringify([[...table.items].sort(), [...mailed].sort(), now]),
      check: (ended) => {
        for (const address of recipients) {
          const count = mailed.filter((it) => it === address).length;
          assert.ok(count <= 1, `${address} was mailed ${count} times`);
          const content = Object.entries(ended).find(([, { error }]) => error === undefined);
          if (content !== undefined) assert.equal(count, 1, `${content[0]} is content, but ${address} has no mail`);
        }
      },
      faults: scene.faults ?? [],
      mostFaults: scene.mostFaults ?? 0,
      happenings: [
        {
          name: "time passes",
          isPossible: () => lapsed < lapses,
          happen: () => {
            lapsed += 1;
            now += 101;
            return [];
          },
        },
      ],
      mostCalls,
    };
  };
}

async function explore(scene: Scene): Promise<Explored> {
  const explored = await exploreInterleavings(office(scene));
  assert.ok(explored.ends > 0, "no run came to an end");
  return explored;
}

describe("deliveries, in every order of the steps of several invocations", () => {
  const scenes: Record<string, Scene> = {
    "two invocations": { invocations: 2, lapses: 2, faults: [LOST, REFUSED, FAILED], mostFaults: 1, mostCalls: 8 },
    "three invocations": { invocations: 3, lapses: 1, mostCalls: 7 },
    "two invocations with two recipients": {
      invocations: 2,
      recipients: ["ann@example.com", "bob@example.com"],
      lapses: 1,
      faults: [LOST, REFUSED],
      mostFaults: 1,
    },
  };
  for (const [name, scene] of Object.entries(scenes)) {
    it(`mails nobody twice, and is content only when everybody has the mail: ${name}`, async () => {
      const { states } = await explore(scene);
      assert.ok(states > 1000, `only ${states} states`);
    });
  }

  it("would mail twice if two invocations had the same fence", async () => {
    const shared = (table: DeliveryTable): DeliveryTable => ({
      ...table,
      updateItem: (input) => {
        const { ":fence": fence, ...values } = input.ExpressionAttributeValues ?? {};
        return table.updateItem({
          ...input,
          ExpressionAttributeValues: { ...values, ...(fence && { ":fence": { S: "the request id" } }) },
        });
      },
    });
    await assert.rejects(explore({ invocations: 2, tableOf: shared }), /ann@example\.com was mailed 2 times, after/);
  });
});
