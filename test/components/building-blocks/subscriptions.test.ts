import * as assert from "node:assert/strict";
import {
  EventRuleSubscription,
  type EventRuleSubscriptionArgs,
  QueueSubscription,
  type QueueSubscriptionArgs,
} from "../../../components";
import { unguardedPaths } from "../../support/asynchronous-paths";
import { actions, lambda, MAPPING, queue } from "../../support/event-sources";
import { deploy, only } from "../../support/mocks";
import { statementsOf } from "../../support/policies";

describe("EventRuleSubscription", () => {
  it("invokes the function, and keeps what cannot be delivered", async () => {
    const { resources } = await deploy(
      () =>
        new EventRuleSubscription("sub", {
          description: "Launches",
          eventPattern: { source: ["aws.ec2"] },
          lambda: lambda(true),
        }),
    );
    assert.equal(only(resources, "aws:cloudwatch/eventRule:EventRule").inputs.eventPattern, '{"source":["aws.ec2"]}');
    const target = only(resources, "aws:cloudwatch/eventTarget:EventTarget").inputs;
    assert.match(String((target.deadLetterConfig as { arn: string }).arn), /fn-dead-letters-queue$/);
    const permission = only(resources, "aws:lambda/permission:Permission").inputs;
    assert.deepEqual(
      [permission.principal, permission.action, permission.sourceArn],
      ["events.amazonaws.com", "lambda:InvokeFunction", "arn:aws:events:us-east-1:111111111111:rule/sub-rule"],
    );
  });

  it("leaves no event without a place to fail to", async () => {
    const { resources } = await deploy(
      () =>
        new EventRuleSubscription("sub", {
          description: "",
          eventPattern: { source: ["aws.ec2"] },
          lambda: lambda(true),
        }),
    );
    assert.deepEqual(unguardedPaths(resources), []);
  });

  it("listens to another bus when it is given one", async () => {
    const subscribe = (more: Partial<EventRuleSubscriptionArgs>) =>
      deploy(
        () =>
          new EventRuleSubscription("sub", {
            description: "",
            eventPattern: { source: ["aws.ec2"] },
            lambda: lambda(true),
            ...more,
          }),
      );
    for (const type of ["aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"]) {
      const { resources } = await subscribe({ eventBusName: "orders" });
      assert.equal(only(resources, type).inputs.eventBusName, "orders");
      assert.equal(only((await subscribe({})).resources, type).inputs.eventBusName, undefined);
    }
  });

  it("refuses a bus without a name", async () => {
    const create = () =>
      new EventRuleSubscription("sub", {
        description: "",
        eventPattern: { source: ["aws.ec2"] },
        lambda: lambda(true),
        eventBusName: "",
      });
    await assert.rejects(deploy(create), /eventBusName: received ""; allowed: the name or ARN of an event bus/);
  });

  it("delivers only when it may invoke", async () => {
    const { resources } = await deploy(
      () =>
        new EventRuleSubscription("sub", {
          description: "",
          eventPattern: { source: ["aws.ec2"] },
          lambda: lambda(true),
        }),
      { slow: ({ type }) => type === "aws:lambda/permission:Permission" },
    );
    assert.ok(only(resources, "aws:cloudwatch/eventTarget:EventTarget").after.includes("sub-permission"));
  });

  it("refuses a function without dead letters, and says what to add", async () => {
    const create = () =>
      new EventRuleSubscription("sub", { description: "", eventPattern: { source: ["aws.ec2"] }, lambda: lambda() });
    await assert.rejects(
      deploy(create),
      /lambda\.asynchronous: received nothing; .*give its CallbackLambda `asynchronous: \{\}`/,
    );
  });
});

describe("QueueSubscription", () => {
  const create = (args: Partial<QueueSubscriptionArgs> = {}) =>
    deploy(() => new QueueSubscription("sub", { queue: queue(), lambda: lambda(), ...args }));

  it("answers which messages failed, and may only receive and delete", async () => {
    const { resources } = await create();
    const { inputs } = only(resources, MAPPING);
    assert.deepEqual(inputs.functionResponseTypes, ["ReportBatchItemFailures"]);
    assert.equal(inputs.batchSize, 10);
    assert.equal(inputs.scalingConfig, undefined);
    assert.deepEqual(actions(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-access")), [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ]);
  });

  it("takes batches, windows and a concurrency", async () => {
    const { resources } = await create({ batchSize: 1000, batchingWindowSeconds: 2, maximumConcurrency: 2 });
    const { inputs } = only(resources, MAPPING);
    assert.deepEqual(
      [inputs.batchSize, inputs.maximumBatchingWindowInSeconds, inputs.scalingConfig],
      [1000, 2, { maximumConcurrency: 2 }],
    );
  });

  it("leaves no message without a place to fail to, and reads only what it may read", async () => {
    const { resources } = await deploy(() => new QueueSubscription("sub", { queue: queue(), lambda: lambda() }), {
      slow: ({ type }) => type === "aws:iam/rolePolicy:RolePolicy",
    });
    assert.deepEqual(unguardedPaths(resources), []);
    assert.ok(only(resources, MAPPING).after.includes("sub-access"));
    assert.deepEqual(
      statementsOf(only(resources, "aws:iam/rolePolicy:RolePolicy", "sub-access").inputs.policy)[0]?.Resource,
      ["arn:aws:sqs:us-east-1:111111111111:work-queue"],
    );
  });

  it("takes FIFO queues in batches of at most 10, without a window", async () => {
    const fifo = (args: Partial<QueueSubscriptionArgs>) =>
      deploy(() => new QueueSubscription("sub", { queue: queue(true), lambda: lambda(), ...args }));
    const { resources } = await fifo({ batchSize: 10, maximumConcurrency: 2 });
    assert.deepEqual(unguardedPaths(resources), []);
    await assert.rejects(
      fifo({ batchSize: 11 }),
      /1 wrong argument\n {2}batchSize: received 11; allowed: at most 10 for a FIFO/,
    );
    await assert.rejects(
      fifo({ batchingWindowSeconds: 1 }),
      /batchingWindowSeconds: received 1; allowed: 0 for a FIFO/,
    );
  });

  it("takes the bounds of every number, and nothing beyond them", async () => {
    await create({ batchSize: 10_000, batchingWindowSeconds: 300, maximumConcurrency: 1_000 });
    await create({ batchSize: 1, batchingWindowSeconds: 0, maximumConcurrency: 2 });
    await assert.rejects(
      create({ batchSize: 10_001, batchingWindowSeconds: 301, maximumConcurrency: 1_001 }),
      /3 wrong arguments/,
    );
    await assert.rejects(
      create({ batchSize: 0, batchingWindowSeconds: -1, maximumConcurrency: 1 }),
      /3 wrong arguments/,
    );
  });

  it("refuses what Lambda would refuse", async () => {
    await assert.rejects(
      create({ batchSize: 11 }),
      /batchSize: received 11; allowed: at most 10 without a batching window/,
    );
    await assert.rejects(create({ maximumConcurrency: 1, batchingWindowSeconds: 301 }), /2 wrong arguments/);
  });
});
