import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { EventPipe, pipeValue, StateMachine, WorkQueue } from "../../../components";
import { bootstrapAccount, rootCredentials } from "../../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../../local/local-run";
import { until } from "../../support/cloud";

const ACCOUNT = "100000000001";

/** Queue → Express machine → Express machine → queue. */
function program(): Promise<Record<string, unknown>> {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer`;
  const opts = { provider: new aws.Provider("account", { region: "us-east-1", assumeRoles: [{ roleArn }] }) };
  const queueOf = (name: string): WorkQueue =>
    new WorkQueue(name, { purpose: name, visibilityTimeoutSeconds: 30 }, opts);
  const [numbers, doubled] = [queueOf("numbers"), queueOf("doubled")];
  const twice = { "twice.$": "States.MathAdd($[0].n, $[0].n)" };
  const double = new StateMachine(
    "double",
    {
      ...{ description: "Doubles a number", type: "EXPRESS", policies: [] },
      definition: { StartAt: "Double", States: { Double: { Type: "Pass", Parameters: twice, End: true } } },
    },
    opts,
  );
  const Parameters = { QueueUrl: doubled.queue.url, "MessageBody.$": "$[0]" };
  const send = new StateMachine(
    "send",
    {
      ...{ description: "Sends a number", type: "EXPRESS" },
      policies: [{ actions: ["sqs:SendMessage"], resources: [doubled.queue.arn] }],
      definition: {
        StartAt: "Send",
        States: { Send: { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Parameters, End: true } },
      },
    },
    opts,
  );
  new EventPipe(
    "twice",
    {
      description: "Numbers are doubled",
      source: { queue: numbers, batchSize: 1 },
      enrichment: { stateMachine: double, inputTemplate: { n: pipeValue("$.body.n") } },
      target: { stateMachine: send },
    },
    opts,
  );
  return Promise.resolve({ from: numbers.queue.url, to: doubled.queue.url });
}

describe("an EventPipe between Express machines", () => {
  let run: LocalRun;
  let stack: Stack;

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT);
    stack = await LocalWorkspace.createStack(
      { stackName: "pipe", projectName: "pipe", program },
      await workspaceOptions(run),
    );
  });
  after(() => run?.stop());

  it("waits for both, with the permissions of its role", async () => {
    const { outputs } = await stack.up();
    const [from, to] = [outputs.from?.value as string, outputs.to?.value as string];
    const { endpoint } = run.cloud;
    const sqs = new SQSClient({ region: "us-east-1", endpoint, credentials: rootCredentials(ACCOUNT) });
    await sqs.send(new SendMessageCommand({ QueueUrl: from, MessageBody: '{"n":21}' }));
    const body = await until("the number", async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: to }));
      return Messages[0]?.Body;
    });
    assert.deepEqual(JSON.parse(body), { twice: 42 });
    assert.deepEqual(Object.keys((await stack.preview()).changeSummary), ["same"]);
    await stack.destroy();
  });
});
