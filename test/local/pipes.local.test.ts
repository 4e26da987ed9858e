import * as assert from "node:assert/strict";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import {
  CreatePipeCommand,
  DeletePipeCommand,
  DescribePipeCommand,
  PipesClient,
  StartPipeCommand,
  StopPipeCommand,
  UpdatePipeCommand,
  type CreatePipeCommandInput,
} from "@aws-sdk/client-pipes";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createQueue, createRole, policy, type Permission, type Queue } from "../support/functions";
import { given } from "../support/network";
import { createStreamedTable } from "../support/tables";

const account = "888888888888";
const fifo = { FifoQueue: "true" };
const visible = { VisibilityTimeout: "1" };

/** That pipes read, filter, enrich, transform and deliver as AWS documents it, with the permissions of their roles. */
describe("the local cloud's pipes", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let pipes: PipesClient;
  let sqs: SQSClient;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(account);
    pipes = new PipesClient(settings);
    sqs = new SQSClient(settings);
  });
  after(() => cloud.stop());

  const readQueue = (queue: Queue): Permission => ({
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: queue.arn,
  });
  const readStream = (arn: string): Permission => ({
    Action: ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"],
    Resource: arn,
  });
  const sendTo = (queue: Queue): Permission => ({ Action: "sqs:SendMessage", Resource: queue.arn });
  const role = (name: string, ...permissions: Permission[]): Promise<string> =>
    createRole(settings, name, "pipes.amazonaws.com", permissions);
  const allow = (RoleName: string, PolicyName: string, ...permissions: Permission[]): Promise<unknown> =>
    new IAMClient(settings).send(
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: policy(...permissions) }),
    );
  const send = (queue: Queue, body: object): Promise<unknown> =>
    sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify(body) }));
  const ends = (Name: string, ...states: string[]): Promise<string> =>
    until(`${Name} to be ${states.join(" or ")}`, async () => {
      const { CurrentState = "", StateReason = "" } = await pipes.send(new DescribePipeCommand({ Name }));
      return states.includes(CurrentState) && (StateReason || CurrentState);
    });
  const create = async (input: CreatePipeCommandInput): Promise<string> => {
    const { CurrentState } = await pipes.send(new CreatePipeCommand(input));
    assert.equal(CurrentState, "CREATING");
    return ends(given(input.Name, "Name"), "RUNNING", "STOPPED", "CREATE_FAILED");
  };
  const fn = async (name: string, source: string): Promise<string> =>
    createFunction(settings, name, await createRole(settings, name, "lambda.amazonaws.com", []), source);
  const bodies = async (queue: Queue, count: number, withinMilliseconds?: number): Promise<unknown[]> =>
    (await queue.take(count, withinMilliseconds)).map(({ Body = "" }) => JSON.parse(Body) as unknown);
  const remains = async (queue: Queue): Promise<void> => {
    await sleep(1000);
    assert.deepEqual(await queue.take(0), []);
  };

  it("refuse what could not work, in AWS's words where they are known", async () => {
    const queue = await createQueue(settings, "refused");
    const RoleArn = await role("refused", readQueue(queue));
    const input = { Name: "refused", RoleArn, Source: queue.arn, Target: queue.arn };
    const refused = (more: Partial<CreatePipeCommandInput>, message: RegExp): Promise<void> =>
      assert.rejects(pipes.send(new CreatePipeCommand({ ...input, ...more })), {
        name: "ValidationException",
        message,
      });
    const other = await createRole(settings, "refused-fn", "lambda.amazonaws.com", []);
    await refused({ RoleArn: other }, /cannot be assumed by principal 'pipes\.amazonaws\.com'/);
    await refused({ Target: `arn:aws:ecs:us-east-1:${account}:cluster/c` }, /pipes_delivery\.py/);
    await refused({ Source: `arn:aws:kafka:us-east-1:${account}:cluster/c` }, /pipes_polling\.py/);
    const Filters = [{ Pattern: '{"body": "x"}' }];
    await refused({ SourceParameters: { FilterCriteria: { Filters } } }, /Event pattern is not valid/);
    await refused({ Source: `arn:aws:kinesis:us-east-1:${account}:stream/s` }, /StartingPosition/);
  });

  it("take messages through a filter to a function, and keep those that it reports as failed", async () => {
    const dead = await createQueue(settings, "numbers-dead");
    const queue = await createQueue(settings, "numbers", {
      VisibilityTimeout: "1",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    const target = await fn(
      "odd",
      `exports.handler = async (events) => {
         if (!Array.isArray(events) || events.some(({ n }) => n > 5)) throw new Error("not filtered");
         return { batchItemFailures: events.filter(({ n }) => n % 2 === 0).map(({ id }) => ({ itemIdentifier: id })) };
       };`,
    );
    const Action = "lambda:InvokeFunction";
    const RoleArn = await role("numbers", readQueue(queue), { Action, Resource: target });
    const created = await create({
      Name: "numbers",
      RoleArn,
      Source: queue.arn,
      SourceParameters: {
        SqsQueueParameters: { BatchSize: 4, MaximumBatchingWindowInSeconds: 1 },
        FilterCriteria: { Filters: [{ Pattern: '{"body": {"n": [{"numeric": ["<=", 5]}]}}' }] },
      },
      Target: target,
      TargetParameters: { InputTemplate: '{"id": <$.messageId>, "n": <$.body.n>}' },
    });
    assert.equal(created, "RUNNING");
    for (const n of [1, 2, 3, 4, 9]) await send(queue, { n });
    const failed = (await bodies(dead, 2)) as { n: number }[];
    assert.deepEqual(failed.map(({ n }) => n).sort(), [2, 4]);
    await remains(dead);
    await remains(queue);
  });

  it("take a table's changes through a filter and an enrichment to a state machine, by templates", async () => {
    const { stream, put } = await createStreamedTable(settings, "orders");
    const results = await createQueue(settings, "results");
    const enrichment = await fn(
      "enrich",
      "exports.handler = async (events) => events.filter((e) => e.id !== 'b-2').map((e) => ({ ...e, extra: e.pipe }));",
    );
    const states = await createRole(settings, "orders-machine", "states.amazonaws.com", [sendTo(results)]);
    const sendOn = {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Parameters: { QueueUrl: results.url, "MessageBody.$": "$" },
    };
    const { stateMachineArn: machine } = await new SFNClient(settings).send(
      new CreateStateMachineCommand({
        name: "orders",
        roleArn: states,
        definition: JSON.stringify({ StartAt: "A", States: { A: { ...sendOn, End: true } } }),
      }),
    );
    const Target = given(machine, "machine");
    const RoleArn = await role(
      "orders",
      readStream(stream),
      { Action: "lambda:InvokeFunction", Resource: enrichment },
      { Action: "states:StartExecution", Resource: Target },
    );
    const pattern = {
      $or: [{ eventName: ["REMOVE"] }, { dynamodb: { NewImage: { kind: { S: [{ suffix: "-book" }] } } } }],
    };
    const input: CreatePipeCommandInput = {
      Name: "orders",
      RoleArn,
      Source: stream,
      SourceParameters: {
        DynamoDBStreamParameters: { StartingPosition: "TRIM_HORIZON", BatchSize: 10 },
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
      },
      Enrichment: enrichment,
      EnrichmentParameters: {
        InputTemplate: '{"id": "b-<$.dynamodb.NewImage.id.S>", "pipe": "<aws.pipes.pipe-name>"}',
      },
      Target,
      TargetParameters: { InputTemplate: '{"whole": <aws.pipes.event.json>, "text": "<$.id> of <$.extra>"}' },
    };
    await assert.rejects(pipes.send(new CreatePipeCommand(input)), { message: /REQUEST_RESPONSE/ });
    for (const id of ["1", "2", "3"]) await put(id, id === "3" ? "film" : "paper-book");
    const StepFunctionStateMachineParameters = { InvocationType: "FIRE_AND_FORGET" } as const;
    await create({ ...input, TargetParameters: { ...input.TargetParameters, StepFunctionStateMachineParameters } });
    const whole = { id: "b-1", pipe: "orders", extra: "orders" };
    assert.deepEqual(await bodies(results, 1), [[{ whole, text: "b-1 of orders" }]]);
    await put("4", "audio-book");
    assert.match(JSON.stringify(await bodies(results, 1)), /b-4 of orders/);
  });

  it("give up a poisoned record where limits are set, and take those behind it in order", async () => {
    const { stream, put } = await createStreamedTable(settings, "poison");
    const [target, dead] = [
      await createQueue(settings, "passed.fifo", fifo),
      await createQueue(settings, "poison-dead"),
    ];
    const enrichment = await fn(
      "poison-fn",
      `exports.handler = async (events) => {
         if (events.some((e) => e.dynamodb.Keys.id.S === "poison")) throw new Error("poisoned");
         return events;
       };`,
    );
    const DynamoDBStreamParameters = {
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 5,
      MaximumRetryAttempts: 1,
      OnPartialBatchItemFailure: "AUTOMATIC_BISECT",
      DeadLetterConfig: { Arn: dead.arn },
    } as const;
    const input: CreatePipeCommandInput = {
      Name: "poison",
      RoleArn: await role("poison", readStream(stream), sendTo(target)),
      Source: stream,
      SourceParameters: { DynamoDBStreamParameters },
      Enrichment: enrichment,
      Target: target.arn,
      TargetParameters: {
        InputTemplate: "<$.dynamodb.Keys.id.S>",
        SqsQueueParameters: { MessageGroupId: "$.eventName", MessageDeduplicationId: "$.eventID" },
      },
    };
    for (const id of ["1", "2", "poison", "3", "4", "5", "6"]) await put(id);
    assert.match(await create(input), /Error occurred while sending message to SQS queue: .*poison-dead/);
    await allow("poison", "more", sendTo(dead), { Action: "lambda:InvokeFunction", Resource: enrichment });
    await pipes.send(new StartPipeCommand({ Name: "poison" }));
    await ends("poison", "RUNNING");
    const passed = (await target.take(6)).map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId]);
    const expected = ["1", "2", "3", "4", "5", "6"].map((id) => [id, "INSERT"]);
    assert.deepEqual(passed, expected);
    const [letter] = (await bodies(dead, 1)) as [Record<string, Record<string, unknown>>];
    assert.deepEqual(letter["context"], {
      partnerResourceArn: `arn:aws:pipes:us-east-1:${account}:pipe/poison`,
      condition: "RetryAttemptsExhausted",
    });
    const info = given(letter["DDBStreamBatchInfo"], "DDBStreamBatchInfo");
    assert.deepEqual([info["batchSize"], info["streamArn"]], [1, stream]);
    assert.equal(info["startSequenceNumber"], info["endSequenceNumber"]);
  });

  it("lead a FIFO queue into a Kinesis stream, and the stream on to a queue, in order by key", async () => {
    const kinesis = new KinesisClient(settings);
    await kinesis.send(new CreateStreamCommand({ StreamName: "clicks", ShardCount: 2 }));
    const stream = `arn:aws:kinesis:us-east-1:${account}:stream/clicks`;
    const [source, target] = [await createQueue(settings, "in.fifo", fifo), await createQueue(settings, "out")];
    const put: Permission = { Action: "kinesis:PutRecord", Resource: stream };
    const read: Permission = {
      Action: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      Resource: stream,
    };
    const into = await create({
      Name: "into",
      RoleArn: await role("into", readQueue(source), put),
      Source: source.arn,
      Target: stream,
      TargetParameters: {
        InputTemplate: '{"who": <$.body.who>, "n": <$.body.n>}',
        KinesisStreamParameters: { PartitionKey: "$.body.who" },
      },
    });
    const out = await create({
      Name: "out",
      RoleArn: await role("out", read, sendTo(target)),
      Source: stream,
      SourceParameters: {
        KinesisStreamParameters: { StartingPosition: "TRIM_HORIZON" },
        FilterCriteria: { Filters: [{ Pattern: '{"data": {"who": [{"prefix": "a"}]}}' }] },
      },
      Target: target.arn,
      TargetParameters: { InputTemplate: '{"who": <$.partitionKey>, "n": <$.data.n>}' },
    });
    assert.deepEqual([into, out], ["RUNNING", "RUNNING"]);
    const clicks = [["ann", 1], ["eve", 2], ["abe", 3], ["ann", 4], ["ann", 5]] as const; // prettier-ignore
    for (const [who, n] of clicks) {
      const group = { MessageGroupId: who, MessageDeduplicationId: String(n) };
      await sqs.send(
        new SendMessageCommand({ QueueUrl: source.url, MessageBody: JSON.stringify({ who, n }), ...group }),
      );
    }
    const seen = (await bodies(target, 4)) as { who: string; n: number }[];
    const of = (name: string): number[] => seen.filter(({ who }) => who === name).map(({ n }) => n);
    assert.deepEqual([of("ann"), of("abe"), of("eve")], [[1, 4, 5], [3], []]);
    await remains(source);
  });

  it("deliver nothing that the role may not, and do once it may", async () => {
    const [queue, target] = [await createQueue(settings, "from", visible), await createQueue(settings, "to")];
    const RoleArn = await role("may");
    const reason = await create({ Name: "may", RoleArn, Source: queue.arn, Target: target.arn });
    assert.equal(
      reason,
      "Input parameter is invalid from the request due to : " +
        "The provided customer role does not have permissions to call ReceiveMessage on SQS",
    );
    await send(queue, { n: 1 });
    await remains(target);
    await allow("may", "read", readQueue(queue));
    await pipes.send(new UpdatePipeCommand({ Name: "may", RoleArn }));
    await ends("may", "RUNNING");
    await remains(target);
    await allow("may", "send", sendTo(target));
    const [event] = (await bodies(target, 1)) as [{ body: string; eventSource: string }];
    assert.deepEqual([event.body, event.eventSource], ['{"n":1}', "aws:sqs"]);
    await new IAMClient(settings).send(new DeleteRolePolicyCommand({ RoleName: "may", PolicyName: "read" }));
    await send(queue, { n: 2 });
    await until("the reason", async () => {
      const { StateReason } = await pipes.send(new DescribePipeCommand({ Name: "may" }));
      return StateReason?.includes("AccessDenied");
    });
    await allow("may", "read", readQueue(queue));
    assert.equal((await bodies(target, 1)).length, 1);
    assert.equal(await ends("may", "RUNNING"), "RUNNING");
  });

  it("rest when they are stopped, go on where they were, and end when they are deleted", async () => {
    const { stream, put } = await createStreamedTable(settings, "rest");
    const target = await createQueue(settings, "rest");
    const input: CreatePipeCommandInput = {
      Name: "rest",
      RoleArn: await role("rest", readStream(stream), sendTo(target)),
      Source: stream,
      SourceParameters: { DynamoDBStreamParameters: { StartingPosition: "LATEST", BatchSize: 1 } },
      Target: target.arn,
      TargetParameters: { InputTemplate: '{"id": <$.dynamodb.Keys.id.S>}' },
    };
    await put("before");
    await create(input);
    await put("1");
    assert.deepEqual(await bodies(target, 1), [{ id: "1" }]);
    await pipes.send(new StopPipeCommand({ Name: "rest" }));
    await ends("rest", "STOPPED");
    await put("2");
    await remains(target);
    await pipes.send(new StartPipeCommand({ Name: "rest" }));
    assert.deepEqual(await bodies(target, 1), [{ id: "2" }]);
    await pipes.send(new DeletePipeCommand({ Name: "rest" }));
    await assert.rejects(pipes.send(new DescribePipeCommand({ Name: "rest" })), { name: "NotFoundException" });
    await put("3");
    await remains(target);
  });
});
