import * as assert from "node:assert/strict";
import { EventPipes, type EventPipesArgs } from "../../../components/event-pipes/event-pipes";
import { orderPatterns } from "../../../components/event-pipes/filters";
import { eventPattern } from "../../../components";
import { capturedSettings } from "../../support/captured";
import { deploy, only, valueOf } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

const FUNCTION = "aws:lambda/function:Function";
const PIPE = "aws:pipes/pipe:Pipe";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const SCHEDULE = "aws:scheduler/schedule:Schedule";

interface SourceParameters {
  filterCriteria: unknown;
  dynamodbStreamParameters: Record<string, unknown>;
}

const create = (args: EventPipesArgs = {}) => deploy(() => new EventPipes("shop", args));

describe("EventPipes", () => {
  it("leads the stream of its orders through its enrichment to its machine", async () => {
    const { resources, result } = await create();
    const inputs = only(resources, PIPE).inputs;
    assert.equal(inputs.source, await valueOf(result.orders.streamArn));
    assert.match(String(inputs.enrichment), /:function:shop-enrich-function$/);
    assert.equal(inputs.target, await valueOf(result.fulfilment.machine.arn));
    assert.deepEqual(inputs.enrichmentParameters, { inputTemplate: '{"image":<$.dynamodb.NewImage>}' });
    const { filterCriteria, dynamodbStreamParameters } = inputs.sourceParameters as SourceParameters;
    assert.equal(dynamodbStreamParameters.batchSize, 10);
    assert.equal(dynamodbStreamParameters.maximumRetryAttempts, 5);
    assert.deepEqual(filterCriteria, { filters: [{ pattern: '{"eventName":["INSERT"]}' }] });
  });

  it("takes what its arguments say", async () => {
    const { resources } = await create({
      ...{ batchSize: 100, maximumRetryAttempts: 0, reminderAfterSeconds: 60, rememberedDays: 1 },
      summary: { expression: "rate(1 day)", timeZone: "Asia/Tokyo", flexibleMinutes: 0 },
    });
    const { dynamodbStreamParameters } = only(resources, PIPE).inputs.sourceParameters as SourceParameters;
    assert.equal(dynamodbStreamParameters.batchSize, 100);
    assert.equal(dynamodbStreamParameters.maximumRetryAttempts, 0);
    const schedule = only(resources, SCHEDULE).inputs;
    assert.equal(schedule.scheduleExpression, "rate(1 day)");
    assert.equal(schedule.scheduleExpressionTimezone, "Asia/Tokyo");
    assert.deepEqual(schedule.flexibleTimeWindow, { mode: "OFF" });
    const settings = await capturedSettings(only(resources, FUNCTION, "-summarize-function"));
    assert.deepEqual(settings, { daysTable: "shop-days", timeZone: "Asia/Tokyo" });
  });

  it("sums up every morning, UTC, unless asked otherwise", async () => {
    const { resources } = await create();
    const schedule = only(resources, SCHEDULE).inputs;
    assert.equal(schedule.scheduleExpression, "cron(0 7 * * ? *)");
    assert.equal(schedule.scheduleExpressionTimezone, "UTC");
    assert.deepEqual(schedule.flexibleTimeWindow, { mode: "FLEXIBLE", maximumWindowInMinutes: 15 });
    assert.match(JSON.stringify(schedule.target), /<aws\.scheduler\.scheduled-time>/);
  });

  it("lets the machine note orders and make reminders, and its function reach no schedule of others", async () => {
    const { resources } = await create();
    const policyOf = (role: string) => statementsOf(only(resources, POLICY, `-${role}`).inputs.policy);
    const machine = policyOf("fulfilment-policy").filter(({ Resource }) => !Resource.includes("*"));
    assert.deepEqual(
      machine.map(({ Action }) => Action),
      [["dynamodb:PutItem"], ["lambda:InvokeFunction"]],
    );
    const schedules = policyOf("schedule-policy").filter(({ Action }) => Action[0]?.startsWith("scheduler:"));
    assert.match(String(schedules[0]?.Resource), /:schedule\/shop-reminders-group\/\*$/);
  });

  it("refuses a wrong name and wrong arguments together", async () => {
    const summary = { timeZone: "Tokyo" };
    await assert.rejects(
      deploy(() => new EventPipes("-", { summary, taken: { tiers: [""] }, batchSize: 101 })),
      /4 wrong arguments[\s\S]*taken\.tiers\[0\]: received ""[\s\S]*summary\.timeZone[\s\S]*batchSize: received 101[\s\S]*name: received "-"/,
    );
  });

  it("refuses more than a filter can hold", async () => {
    const emailSuffixes = Array.from({ length: 200 }, (_, n) => `@company-number-${n}.example.com`);
    await assert.rejects(create({ taken: { emailSuffixes } }), /taken: received .* characters/);
  });
});

describe("orderPatterns", () => {
  const record = (eventName: string, email: string, tier: string) => ({
    eventName,
    dynamodb: { NewImage: { id: { S: "1" }, email: { S: email }, tier: { S: tier } } },
  });
  const takes = (taken: EventPipesArgs["taken"], event: object): boolean =>
    orderPatterns(taken).some((pattern) => eventPattern.matches(pattern, event));
  const emailSuffixes = ["@example.com", "@example.org"];

  const CASES: [taken: EventPipesArgs["taken"], event: object, isTaken: boolean][] = [
    [undefined, record("INSERT", "eve@example.net", "basic"), true],
    [undefined, record("MODIFY", "eve@example.net", "basic"), false],
    [{ emailSuffixes }, record("INSERT", "ann@example.org", "basic"), true],
    [{ emailSuffixes }, record("INSERT", "ann@example.org.evil.net", "gold"), false],
    [{ emailSuffixes }, record("REMOVE", "ann@example.org", "basic"), false],
    [{ tiers: ["gold"] }, record("INSERT", "eve@example.net", "GOLD"), true],
    [{ tiers: ["gold"] }, record("INSERT", "eve@example.net", "golden"), false],
    [{ emailSuffixes, tiers: ["gold"] }, record("INSERT", "ann@example.com", "basic"), true],
    [{ emailSuffixes, tiers: ["gold"] }, record("INSERT", "eve@example.net", "Gold"), true],
    [{ emailSuffixes, tiers: ["gold"] }, record("INSERT", "eve@example.net", "basic"), false],
    [{ emailSuffixes, tiers: ["gold"] }, record("MODIFY", "ann@example.com", "gold"), false],
  ];
  for (const [taken, event, isTaken] of CASES) {
    it(`${isTaken ? "takes" : "leaves"} ${JSON.stringify(event)} by ${JSON.stringify(taken)}`, () => {
      assert.equal(takes(taken, event), isTaken);
    });
  }
});
