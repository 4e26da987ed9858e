import * as assert from "node:assert/strict";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createQueue, createRole, type Queue } from "../support/functions";
import { given } from "../support/network";

const account = "666666666666";

/** Source of a function that reports each batch to a queue, as raw SQS calls so that the archive needs no package. */
const reporter = (body: string): string => `
const { createHash, createHmac } = require("node:crypto");
async function report(text) {
  const url = new URL(process.env.AWS_ENDPOINT_URL);
  const now = new Date().toISOString().replace(/[-:]|\\.\\d{3}/g, "");
  const payload = JSON.stringify({ QueueUrl: process.env.REPORTS, MessageBody: text });
  const hash = (v) => createHash("sha256").update(v).digest("hex");
  const hmac = (k, v) => createHmac("sha256", k).update(v).digest();
  const headers = { "content-type": "application/x-amz-json-1.0", host: url.host, "x-amz-date": now,
    "x-amz-security-token": process.env.AWS_SESSION_TOKEN, "x-amz-target": "AmazonSQS.SendMessage" };
  const names = Object.keys(headers).sort();
  const canonical = ["POST", "/", "", ...names.map((n) => n + ":" + headers[n]), "", names.join(";"), hash(payload)].join("\\n");
  const scope = [now.slice(0, 8), process.env.AWS_REGION, "sqs", "aws4_request"];
  const key = scope.reduce(hmac, "AWS4" + process.env.AWS_SECRET_ACCESS_KEY);
  const signature = createHmac("sha256", key).update(["AWS4-HMAC-SHA256", now, scope.join("/"), hash(canonical)].join("\\n")).digest("hex");
  headers.authorization = "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID + "/" + scope.join("/") +
    ", SignedHeaders=" + names.join(";") + ", Signature=" + signature;
  const response = await fetch(url, { method: "POST", headers, body: payload });
  if (!response.ok) throw new Error(await response.text());
}
exports.handler = async (event, context) => { ${body} };
`;

describe("the local cloud's functions", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let lambda: LambdaClient;
  let sqs: SQSClient;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as(account);
    lambda = new LambdaClient(settings);
    sqs = new SQSClient(settings);
  });
  after(() => cloud.stop());

  const readFrom = (queue: Queue) => ({
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: queue.arn,
  });
  const invoke = async (FunctionName: string, payload: object = {}): Promise<unknown> => {
    const response = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    return JSON.parse(Buffer.from(given(response.Payload, "payload")).toString());
  };
  const sendMany = async (queue: Queue, bodies: string[]): Promise<void> => {
    for (let start = 0; start < bodies.length; start += 10)
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.url,
          Entries: bodies.slice(start, start + 10).map((MessageBody, index) => ({ Id: String(index), MessageBody })),
        }),
      );
  };

  /** A function fed by a queue, which reports to another; returns both queues. */
  const pipeline = async (
    name: string,
    body: string,
    mapping: Partial<CreateEventSourceMappingCommandInput>,
    attributes: Record<string, string> = {},
    timeoutSeconds = 10,
  ): Promise<{ source: Queue; reports: Queue; mappingId: string }> => {
    const source = await createQueue(settings, `${name}-source`, { VisibilityTimeout: "10", ...attributes });
    const reports = await createQueue(settings, `${name}-reports`);
    const role = await createRole(settings, name, "lambda.amazonaws.com", [
      readFrom(source),
      { Action: "sqs:SendMessage", Resource: reports.arn },
    ]);
    await createFunction(settings, name, role, reporter(body), {
      Timeout: timeoutSeconds,
      Environment: { Variables: { REPORTS: reports.url } },
    });
    const { UUID } = await lambda.send(
      new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: source.arn, ...mapping }),
    );
    return { source, reports, mappingId: given(UUID, "UUID") };
  };

  for (const Runtime of ["nodejs24.x", "nodejs22.x"] as const)
    it(`run from an archive on ${Runtime}, arm64, and log what they write`, async () => {
      const name = `hello-${Runtime.slice(0, 8)}`;
      const role = await createRole(settings, name, "lambda.amazonaws.com", []);
      const source =
        "exports.handler = async (event) => { console.log('hello ' + event.who); return { who: event.who }; };";
      await createFunction(settings, name, role, source, { Runtime });
      assert.deepEqual(await invoke(name, { who: "edge" }), { who: "edge" });
      const logs = new CloudWatchLogsClient(settings);
      await until("the line in the log", async () => {
        const found = await logs.send(
          new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: '"hello edge"' }),
        );
        return (found.events ?? []).length > 0;
      });
    });

  it("act with their role's credentials, and may do what the role may, nothing else", async () => {
    const mine = await createQueue(settings, "mine");
    const other = await createQueue(settings, "other");
    const role = await createRole(settings, "bounded", "lambda.amazonaws.com", [
      { Action: "sqs:SendMessage", Resource: mine.arn },
    ]);
    const source = reporter(
      "process.env.REPORTS = event.queue; await report('x'); return process.env.AWS_ACCESS_KEY_ID;",
    );
    await createFunction(settings, "bounded", role, source);
    assert.match(String(await invoke("bounded", { queue: mine.url })), /^ASIA/);
    const refused = (await invoke("bounded", { queue: other.url })) as { errorMessage: string };
    assert.match(refused.errorMessage, /AccessDenied.*bounded.*sqs:SendMessage/);
  });

  describe("with a queue as their source", () => {
    it("get what one batching window gathers, more than ten at once", async () => {
      const { source, reports } = await pipeline("gathers", "await report(String(event.Records.length));", {
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
      });
      const started = Date.now();
      await sendMany(
        source,
        Array.from({ length: 30 }, (_, index) => String(index)),
      );
      const [report] = await reports.take(1);
      assert.equal(report?.Body, "30");
      assert.ok(Date.now() - started >= 950, "the window was cut short");
    });

    it("get a full batch before the window ends", async () => {
      const { source, reports } = await pipeline("fills", "await report(String(event.Records.length));", {
        BatchSize: 20,
        MaximumBatchingWindowInSeconds: 300,
      });
      await sendMany(
        source,
        Array.from({ length: 20 }, (_, index) => String(index)),
      );
      assert.equal((await reports.take(1))[0]?.Body, "20");
    });

    it("see only the failed items of a batch again, which end in the dead-letter queue", async () => {
      const dead = await createQueue(settings, "partial-dead");
      const body = `const bad = event.Records.filter((r) => r.body === "bad");
        await report(event.Records.map((r) => r.body + r.attributes.ApproximateReceiveCount).sort().join());
        return { batchItemFailures: bad.map((r) => ({ itemIdentifier: r.messageId })) };`;
      const { source, reports } = await pipeline(
        "partial",
        body,
        { FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumBatchingWindowInSeconds: 1, BatchSize: 10 },
        {
          VisibilityTimeout: "2",
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
        },
        2,
      );
      await sendMany(source, ["good", "bad"]);
      const batches = await reports.take(2, 15_000);
      assert.deepEqual(
        batches.map((b) => b.Body),
        ["bad1,good1", "bad2"],
      );
      assert.equal((await dead.take(1, 15_000))[0]?.Body, "bad");
    });

    it("run at most as many at a time as their mapping says", async () => {
      const body = "await report('begin'); await new Promise((r) => setTimeout(r, 400)); await report('end');";
      const { source, reports } = await pipeline("bounded-pollers", body, {
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
      });
      await sendMany(source, ["1", "2", "3", "4"]);
      let running = 0;
      let most = 0;
      for (const report of await reports.take(8, 20_000)) {
        running += report.Body === "begin" ? 1 : -1;
        most = Math.max(most, running);
      }
      assert.equal(most, 2);
    });

    it("are throttled by reserved concurrency, which costs a receive but loses nothing", async () => {
      const body =
        "await report(event.Records[0].attributes.ApproximateReceiveCount); await new Promise((r) => setTimeout(r, 300));";
      const { source, reports, mappingId } = await pipeline(
        "reserved",
        body,
        { BatchSize: 1, Enabled: false },
        { VisibilityTimeout: "2" },
        2,
      );
      await lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName: "reserved", ReservedConcurrentExecutions: 1 }),
      );
      await sendMany(source, ["1", "2", "3"]);
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mappingId, Enabled: true }));
      const counts = (await reports.take(3, 30_000)).map((r) => Number(r.Body));
      assert.ok(Math.max(...counts) > 1, `receive counts were ${counts.join()}`);
    }).timeout(60_000);

    it("are refused where they could not work, in AWS's words", async () => {
      const source = await createQueue(settings, "refused", { VisibilityTimeout: "5" });
      const fifo = await createQueue(settings, "refused.fifo", { FifoQueue: "true" });
      const able = await createRole(settings, "able", "lambda.amazonaws.com", [readFrom(source), readFrom(fifo)]);
      const unable = await createRole(settings, "unable", "lambda.amazonaws.com", []);
      const code = "exports.handler = async () => undefined;";
      await createFunction(settings, "slow", able, code, { Timeout: 6 });
      await createFunction(settings, "quick", able, code, { Timeout: 5 });
      await createFunction(settings, "powerless", unable, code, { Timeout: 5 });
      const refused: [CreateEventSourceMappingCommandInput, RegExp][] = [
        [
          { FunctionName: "slow", EventSourceArn: source.arn },
          /visibility timeout: 5 seconds is less than Function timeout: 6 seconds/,
        ],
        [
          { FunctionName: "powerless", EventSourceArn: source.arn },
          /does not have permissions to call ReceiveMessage on SQS/,
        ],
        [
          { FunctionName: "quick", EventSourceArn: source.arn, BatchSize: 11 },
          /batch window in seconds must be greater than 0/,
        ],
        [
          { FunctionName: "quick", EventSourceArn: fifo.arn, MaximumBatchingWindowInSeconds: 1 },
          /not supported for FIFO queues/,
        ],
        [
          { FunctionName: "quick", EventSourceArn: source.arn, ScalingConfig: { MaximumConcurrency: 1 } },
          /greater than or equal to 2/,
        ],
        [{ FunctionName: "quick", EventSourceArn: `${source.arn}-none` }, /NonExistentQueue/],
      ];
      for (const [input, message] of refused)
        await assert.rejects(lambda.send(new CreateEventSourceMappingCommand(input)), message);
      const fine = { FunctionName: "quick", EventSourceArn: source.arn };
      const { UUID } = await lambda.send(new CreateEventSourceMappingCommand(fine));
      await assert.rejects(lambda.send(new CreateEventSourceMappingCommand(fine)), {
        name: "ResourceConflictException",
      });
      await assert.rejects(lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 50 })), /greater than 0/);
    });

    it("lose no message under a burst, with senders and pollers at once", async () => {
      const body = "await report(event.Records.map((r) => r.body).join());";
      const { source, reports } = await pipeline("burst", body, {
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 5 },
      });
      const wanted = Array.from({ length: 600 }, (_, index) => `m${index}`);
      await Promise.all(
        [0, 1, 2].map((part) =>
          sendMany(
            source,
            wanted.filter((_, index) => index % 3 === part),
          ),
        ),
      );
      await sqs.send(new SendMessageCommand({ QueueUrl: source.url, MessageBody: "last" }));
      const seen = new Set<string>();
      await until(
        "all messages",
        async () => {
          for (const report of await reports.take(1)) for (const id of (report.Body ?? "").split(",")) seen.add(id);
          return seen.size === 601;
        },
        30_000,
      );
    });
  });
});
