import * as assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { CreateApiDestinationCommand, CreateConnectionCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  CreatePipeCommand,
  DescribePipeCommand,
  PipesClient,
  type CreatePipeCommandInput,
} from "@aws-sdk/client-pipes";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { collectEvents } from "../support/events";
import { createQueue, createRole, type Permission, type Queue } from "../support/functions";
import { given } from "../support/network";

const ACCOUNT = "888888888888";

/** That pipes take events through the ends that wait for an answer, each with the one permission that EventPipe gives. */
describe("the local cloud's pipes, with Express machines, APIs and event buses", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let api: Server;
  const called: unknown[] = [];

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(ACCOUNT);
    // Answers ten times the number; has no answer for those below zero.
    api = createServer((request, response) => {
      void text(request).then((body) => {
        const { n } = JSON.parse(body) as { n: number };
        called.push([request.method, request.url, request.headers["x-api-key"], n]);
        response.statusCode = n < 0 ? 500 : 200;
        response.end(JSON.stringify({ n: n * 10 }));
      });
    });
    await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    api?.close();
    await cloud?.stop();
  });

  /** An Express machine that does one task, but fails for numbers that the condition fits. */
  const express = async (name: string, refused: object, task: object, ...may: Permission[]): Promise<string> => {
    const roleArn = await createRole(settings, name, "states.amazonaws.com", may);
    const States = {
      Check: { Type: "Choice", Choices: [{ Variable: "$[0].n", ...refused, Next: "No" }], Default: "Do" },
      No: { Type: "Fail", Error: "Refused" },
      Do: { ...task, End: true },
    };
    const definition = JSON.stringify({ StartAt: "Check", States });
    const create = new CreateStateMachineCommand({ name, roleArn, definition, type: "EXPRESS" });
    return given((await new SFNClient(settings).send(create)).stateMachineArn, "machine");
  };

  const apiDestination = async (): Promise<string> => {
    const events = new EventBridgeClient(settings);
    const ApiKeyAuthParameters = { ApiKeyName: "X-Api-Key", ApiKeyValue: "secret" };
    const connection = { Name: "api", AuthorizationType: "API_KEY", AuthParameters: { ApiKeyAuthParameters } } as const;
    const { ConnectionArn } = await events.send(new CreateConnectionCommand(connection));
    const InvocationEndpoint = `http://127.0.0.1:${(api.address() as AddressInfo).port}/enrich`;
    const destination = { Name: "api", ConnectionArn, InvocationEndpoint, HttpMethod: "POST" } as const;
    return given((await events.send(new CreateApiDestinationCommand(destination))).ApiDestinationArn, "destination");
  };

  /** A pipe from a queue, to which the numbers are sent; answers the queue of its dead letters. */
  const pipe = async (
    Name: string,
    ends: Pick<CreatePipeCommandInput, "Enrichment" | "Target" | "TargetParameters">,
    may: Permission[],
    numbers: readonly number[],
  ): Promise<Queue> => {
    const dead = await createQueue(settings, `${Name}-dead`);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const source = await createQueue(settings, Name, { VisibilityTimeout: "1", RedrivePolicy });
    const Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    const RoleArn = await createRole(settings, Name, "pipes.amazonaws.com", [{ Action, Resource: source.arn }, ...may]);
    const pipes = new PipesClient(settings);
    await pipes.send(
      new CreatePipeCommand({
        ...{ Name, RoleArn, Source: source.arn, SourceParameters: { SqsQueueParameters: { BatchSize: 1 } } },
        ...{ EnrichmentParameters: { InputTemplate: '{"n": <$.body.n>}' }, ...ends },
      }),
    );
    await until(`${Name} to run`, async () => {
      const { CurrentState } = await pipes.send(new DescribePipeCommand({ Name }));
      return CurrentState === "RUNNING";
    });
    for (const n of numbers) {
      const message = { QueueUrl: source.url, MessageBody: JSON.stringify({ n }) };
      await new SQSClient(settings).send(new SendMessageCommand(message));
    }
    return dead;
  };
  const bodies = async (queue: Queue, count: number): Promise<unknown[]> =>
    (await queue.take(count)).map(({ Body = "" }) => JSON.parse(Body) as unknown);

  it("enrich by an Express machine, and put what it answers on a bus", async () => {
    const log = await collectEvents(settings, ["shop"]);
    const twice = { Type: "Pass", Parameters: { "twice.$": "States.MathAdd($[0].n, $[0].n)" } };
    const Enrichment = await express("twice", { NumericLessThan: 0 }, twice);
    const Target = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`;
    const TargetParameters = { EventBridgeEventBusParameters: { Source: "shop", DetailType: "Order" } };
    const may = [
      { Action: "states:StartSyncExecution", Resource: Enrichment },
      { Action: "events:PutEvents", Resource: Target },
    ];
    const dead = await pipe("to-bus", { Enrichment, Target, TargetParameters }, may, [-1, 2]);
    const event = await log.waitFor("the event", () => true);
    assert.deepEqual([event.source, event["detail-type"], event.detail], ["shop", "Order", { twice: 4 }]);
    assert.deepEqual(await bodies(dead, 1), [{ n: -1 }]);
    assert.equal(log.events.length, 1);
  });

  it("enrich by an API, with its connection's key, and wait for an Express machine", async () => {
    const results = await createQueue(settings, "results");
    const Resource = "arn:aws:states:::sqs:sendMessage";
    const send = { Type: "Task", Resource, Parameters: { QueueUrl: results.url, "MessageBody.$": "$[0]" } };
    const sendTo = { Action: "sqs:SendMessage", Resource: results.arn };
    const Target = await express("send", { NumericGreaterThan: 50 }, send, sendTo);
    const Enrichment = await apiDestination();
    const TargetParameters = { StepFunctionStateMachineParameters: { InvocationType: "REQUEST_RESPONSE" } } as const;
    const may = [
      { Action: "events:InvokeApiDestination", Resource: Enrichment },
      { Action: "states:StartSyncExecution", Resource: Target },
    ];
    const dead = await pipe("to-machine", { Enrichment, Target, TargetParameters }, may, [-1, 2, 7]);
    assert.deepEqual(await bodies(results, 1), [{ n: 20 }]);
    // The API refused one, the machine the other, each twice.
    const failed = (await bodies(dead, 2)) as { n: number }[];
    assert.deepEqual(failed.map(({ n }) => n).sort(), [-1, 7]);
    const expected = [-1, -1, 2, 7, 7].map((n) => ["POST", "/enrich", "secret", n]);
    assert.deepEqual([...called].sort(), expected.sort());
    assert.deepEqual(await results.take(0), []);
  });

  it("keep messages where the role may not call the enrichment", async () => {
    const target = await createQueue(settings, "nobody");
    const Enrichment = await express("pass", { NumericLessThan: 0 }, { Type: "Pass" });
    const may = [
      { Action: "states:StartExecution", Resource: Enrichment },
      { Action: "sqs:SendMessage", Resource: target.arn },
    ];
    const dead = await pipe("may-not", { Enrichment, Target: target.arn }, may, [1]);
    assert.deepEqual(await bodies(dead, 1), [{ n: 1 }]);
    assert.deepEqual(await target.take(0), []);
  });
});
