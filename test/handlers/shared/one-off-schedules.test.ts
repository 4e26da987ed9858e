import * as assert from "node:assert/strict";
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import * as fc from "fast-check";
import { makeOneOffSchedules, scheduleName } from "../../../handlers/shared/one-off-schedules";

const SETTINGS = { groupName: "group", roleArn: "role", targetArn: "target", deadLetterArn: "queue" };
const START = Date.parse("2027-01-01T00:00:00Z");

/** Scheduler, as far as one-off schedules need it: what is due fires, and is gone. */
class FakeScheduler {
  readonly there = new Map<string, CreateScheduleCommandInput>();
  readonly fired: string[] = [];
  time = START;
  /** What happens between two calls of the code under test. */
  between: () => void = () => undefined;

  pass(milliseconds: number): void {
    this.time += milliseconds;
    for (const [name, { ScheduleExpression = "" }] of this.there) {
      const at = Date.parse(`${/at\((.*)\)/.exec(ScheduleExpression)?.[1]}Z`);
      if (at > this.time) continue;
      this.there.delete(name);
      this.fired.push(`${name} ${ScheduleExpression}`);
    }
  }

  readonly send = ((command: { input: CreateScheduleCommandInput }) => {
    this.between();
    const { input } = command;
    const name = input.Name ?? "";
    const error = { $metadata: {}, message: name, Message: name };
    const there = this.there.get(name);
    if (command instanceof CreateScheduleCommand) {
      if (there !== undefined) return Promise.reject(new ConflictException(error));
      this.there.set(name, input);
      return Promise.resolve({});
    }
    if (there === undefined) return Promise.reject(new ResourceNotFoundException(error));
    if (command instanceof GetScheduleCommand) return Promise.resolve(there);
    if (command instanceof UpdateScheduleCommand) this.there.set(name, input);
    if (command instanceof DeleteScheduleCommand) this.there.delete(name);
    return Promise.resolve({});
  }) as unknown as SchedulerClient["send"];
}

const started = (): [FakeScheduler, ReturnType<typeof makeOneOffSchedules>] => {
  const fake = new FakeScheduler();
  return [fake, makeOneOffSchedules({ send: fake.send }, SETTINGS, () => new Date(fake.time))];
};

const at = (seconds: number): Date => new Date(START + seconds * 1000);

describe("one-off schedules", () => {
  it("are made in their group, with the role that they have to have, and are deleted when they are over", async () => {
    const [fake, schedules] = started();
    assert.equal(await schedules.schedule({ key: "order/1", at: at(60), input: { order: 1 } }), "created");
    assert.deepEqual(
      [...fake.there.values()],
      [
        {
          Name: scheduleName("order/1"),
          GroupName: "group",
          ScheduleExpression: "at(2027-01-01T00:01:00)",
          ScheduleExpressionTimezone: "UTC",
          FlexibleTimeWindow: { Mode: "OFF" },
          ActionAfterCompletion: "DELETE",
          Target: { Arn: "target", RoleArn: "role", Input: '{"order":1}', DeadLetterConfig: { Arn: "queue" } },
        },
      ],
    );
  });

  it("stay as they are when they are asked for again, and move when they are asked for otherwise", async () => {
    const [fake, schedules] = started();
    const oneOff = { key: "order/1", at: at(60), input: 1 };
    const results = [oneOff, oneOff, { ...oneOff, at: at(90) }, { ...oneOff, at: at(90), input: 2 }];
    const found: string[] = [];
    for (const each of results) found.push(await schedules.schedule(each));
    assert.deepEqual(found, ["created", "unchanged", "moved", "moved"]);
    assert.equal(fake.there.size, 1);
  });

  it("are not made where their time is over, or comes so soon that a call might be late", async () => {
    const [fake, schedules] = started();
    for (const seconds of [-1, 0, 30]) {
      assert.equal(await schedules.schedule({ key: "late", at: at(seconds), input: 1 }), "due");
    }
    assert.equal(fake.there.size, 0);
    assert.equal(await schedules.schedule({ key: "late", at: at(31), input: 1 }), "created");
  });

  it("fire no sooner than asked for", async () => {
    const [fake, schedules] = started();
    await schedules.schedule({ key: "k", at: new Date(START + 60_001), input: 1 });
    assert.equal([...fake.there.values()][0]?.ScheduleExpression, "at(2027-01-01T00:01:01)");
  });

  it("are cancelled by their key", async () => {
    const [fake, schedules] = started();
    await schedules.schedule({ key: "k", at: at(60), input: 1 });
    assert.deepEqual([await schedules.cancel("k"), await schedules.cancel("k")], [true, false]);
    assert.equal(fake.there.size, 0);
  });

  it("pass on what AWS refuses", async () => {
    const refused = { send: () => Promise.reject(new Error("AccessDenied")) } as unknown as SchedulerClient;
    const schedules = makeOneOffSchedules(refused, SETTINGS, () => at(0));
    await assert.rejects(schedules.schedule({ key: "k", at: at(60), input: 1 }), /AccessDenied/);
    await assert.rejects(schedules.cancel("k"), /AccessDenied/);
  });

  it("fire once for one key and time, however often and late they are asked for, with time passing between calls", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20_000), { maxLength: 12 }), fc.nat(5), async (waits, repeats) => {
        const [fake, schedules] = started();
        const queue = [...waits];
        fake.between = () => fake.pass(queue.shift() ?? 0);
        for (let i = 0; i <= repeats; i++) await schedules.schedule({ key: "k", at: at(60), input: 1 });
        fake.between = () => undefined;
        fake.pass(200_000);
        assert.equal(fake.fired.length, 1, fake.fired.join());
      }),
    ));

  it("have names that AWS takes: the same for one key, and others for others", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        assert.match(scheduleName(one), /^[0-9a-zA-Z-_.]{1,64}$/);
        assert.equal(scheduleName(one) === scheduleName(two), one === two);
      }),
    );
  });
});
