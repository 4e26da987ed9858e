import * as assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import { startTestCloud, until, type ClientSettings, type TestCloud } from "../support/cloud";
import { createFunction, createQueue, createRole, policy, type Permission } from "../support/functions";
import { given } from "../support/network";

const STATES = "states.amazonaws.com";

interface Outcome {
  status: string;
  output?: unknown;
  error?: string;
  cause?: string | undefined;
}

/** That Step Functions acts with the permissions of the machine's role, and says what AWS says. */
describe("the local cloud's state machines", () => {
  let cloud: TestCloud;
  let settings: ClientSettings;
  let sfn: SFNClient;
  let roles = 0;

  before(async () => {
    cloud = await startTestCloud();
    settings = cloud.as("777777777777");
    sfn = new SFNClient({ ...settings, disableHostPrefix: true });
  });
  after(() => cloud.stop());

  const role = (...permissions: Permission[]): Promise<string> =>
    createRole(settings, `role-${++roles}`, STATES, permissions);
  const machine = async (roleArn: string, states: object, more: object = {}): Promise<string> => {
    const definition = JSON.stringify({ StartAt: "A", States: states, ...more });
    const created = await sfn.send(new CreateStateMachineCommand({ name: `m-${++roles}`, roleArn, definition }));
    return given(created.stateMachineArn, "stateMachineArn");
  };
  const start = async (stateMachineArn: string, input: object): Promise<string> => {
    const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    return given(started.executionArn, "executionArn");
  };
  const ended = (executionArn: string): Promise<Outcome> =>
    until("the execution's end", async () => {
      const { status = "", output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (status === "RUNNING") return false;
      return { status, ...(output && { output: JSON.parse(output) as unknown }), ...(error && { error, cause }) };
    });
  /** What came of one task. */
  const task = async (roleArn: string, state: object, input: object = {}): Promise<Outcome> =>
    ended(await start(await machine(roleArn, { A: { Type: "Task", End: true, ...state } }), input));

  it("are refused where the role does not trust Step Functions", async () => {
    const other = await createRole(settings, "other", "lambda.amazonaws.com", []);
    await assert.rejects(machine(other, { A: { Type: "Pass", End: true } }), {
      name: "AccessDeniedException",
      message: /Neither the global service principal states\.amazonaws\.com/,
    });
  });

  it("invoke exactly the functions that the role may", async () => {
    const code =
      "exports.handler = async (event) => { if (event.fail) throw new RangeError('too far'); return event.n + 1; };";
    const fn = await createRole(settings, "fn", "lambda.amazonaws.com", []);
    const arn = await createFunction(settings, "plus", fn, code);
    const invoke = { Resource: "arn:aws:states:::lambda:invoke" };
    const parameters = { Parameters: { FunctionName: arn, "Payload.$": "$" }, OutputPath: "$.Payload" };
    const may = await role({ Action: "lambda:InvokeFunction", Resource: arn });
    assert.deepEqual(await task(may, { ...invoke, ...parameters }, { n: 1 }), { status: "SUCCEEDED", output: 2 });
    assert.deepEqual(await task(may, { Resource: arn }, { n: 2 }), { status: "SUCCEEDED", output: 3 });
    const failed = await task(may, { ...invoke, ...parameters }, { fail: true });
    assert.equal(failed.error, "RangeError");
    assert.equal((JSON.parse(failed.cause ?? "") as { errorMessage: string }).errorMessage, "too far");
    for (const state of [{ ...invoke, ...parameters }, { Resource: arn }]) {
      const denied = await task(await role(), state, { n: 1 });
      assert.equal(denied.error, "Lambda.AWSLambdaException");
      assert.match(denied.cause ?? "", /role-\d+.* is not authorized to perform: lambda:InvokeFunction/);
    }
  });

  it("call services as the role may, by optimized integrations and by the SDK's", async () => {
    const dynamodb = new DynamoDBClient(settings);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "orders",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const table = "arn:aws:dynamodb:us-east-1:777777777777:table/orders";
    const put = {
      Resource: "arn:aws:states:::dynamodb:putItem",
      Parameters: {
        TableName: "orders",
        Item: { id: { "S.$": "$.id" } },
        ConditionExpression: "attribute_not_exists(id)",
      },
      ResultPath: null,
    };
    const may = await role({ Action: "dynamodb:PutItem", Resource: table });
    assert.equal((await task(may, put, { id: "1" })).status, "SUCCEEDED");
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: "1" } } }));
    assert.deepEqual(Item, { id: { S: "1" } });
    assert.equal((await task(may, put, { id: "1" })).error, "DynamoDB.ConditionalCheckFailedException");
    assert.equal((await task(await role(), put, { id: "2" })).error, "DynamoDB.AmazonDynamoDBException");
    const get = {
      Resource: "arn:aws:states:::aws-sdk:dynamodb:getItem",
      Parameters: { TableName: "orders", Key: { id: { S: "1" } } },
    };
    assert.equal((await task(may, get)).error, "DynamoDb.DynamoDbException");
    const reader = await role({ Action: "dynamodb:GetItem", Resource: table });
    assert.deepEqual((await task(reader, get)).output, { Item: { id: { S: "1" } } });
    const missing = { ...get, Parameters: { ...get.Parameters, TableName: "missing" } };
    const all = await role({ Action: "dynamodb:GetItem", Resource: "*" });
    assert.equal((await task(all, missing)).error, "DynamoDb.ResourceNotFoundException");
  });

  it("catch what was refused, and go on", async () => {
    const queue = await createQueue(settings, "refused");
    const states = {
      A: {
        Type: "Task",
        Resource: "arn:aws:states:::sqs:sendMessage",
        Parameters: { QueueUrl: queue.url, MessageBody: { text: "hello" } },
        Catch: [{ ErrorEquals: ["SQS.AmazonSQSException"], Next: "B" }],
        End: true,
      },
      B: { Type: "Pass", Result: "caught", End: true },
    };
    assert.equal((await ended(await start(await machine(await role(), states), {}))).output, "caught");
    const sender = await role({ Action: "sqs:SendMessage", Resource: queue.arn });
    assert.equal((await ended(await start(await machine(sender, states), {}))).status, "SUCCEEDED");
    const [message] = await queue.take(1);
    assert.equal(message?.Body, '{"text":"hello"}');
  });

  it("wait for a token that they send, where they may send it", async () => {
    const queue = await createQueue(settings, "tokens");
    const waiting = {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters: { QueueUrl: queue.url, MessageBody: { "token.$": "$$.Task.Token" } },
      End: true,
    };
    assert.equal((await task(await role(), waiting)).error, "SQS.AmazonSQSException");
    const sender = await role({ Action: "sqs:SendMessage", Resource: queue.arn });
    const execution = await start(await machine(sender, { A: waiting }), {});
    const [message] = await queue.take(1);
    const { token } = JSON.parse(message?.Body ?? "") as { token: string };
    await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '"done"' }));
    assert.deepEqual(await ended(execution), { status: "SUCCEEDED", output: "done" });
  });

  it("start other machines, and wait for them, as the role may", async () => {
    const child = await machine(await role(), { A: { Type: "Pass", Result: { answer: 42 }, End: true } });
    const execution = child.replace(":stateMachine:", ":execution:");
    const starting = (suffix: string) => ({
      Resource: `arn:aws:states:::states:startExecution${suffix}`,
      Parameters: { StateMachineArn: child, Input: { a: 1 } },
    });
    const starter = await role({ Action: "states:StartExecution", Resource: child });
    const started = await task(starter, starting(""));
    assert.match((started.output as { ExecutionArn: string }).ExecutionArn, /:execution:/);
    assert.equal((await task(await role(), starting(""))).error, "StepFunctions.AWSStepFunctionsException");
    assert.equal((await task(starter, starting(".sync:2"))).error, "StepFunctions.AWSStepFunctionsException");
    const both = await role(
      { Action: "states:StartExecution", Resource: child },
      { Action: ["states:DescribeExecution", "states:StopExecution"], Resource: `${execution}:*` },
    );
    assert.deepEqual(((await task(both, starting(".sync:2"))).output as { Output: object }).Output, { answer: 42 });
  });

  it("act as another role that Credentials name, where they may assume it and it trusts them", async () => {
    const identity = { Resource: "arn:aws:states:::aws-sdk:sts:getCallerIdentity", Parameters: {} };
    const target = "arn:aws:iam::777777777777:role/target";
    const assume = await role({ Action: "sts:AssumeRole", Resource: target });
    await createRole(settings, "target", STATES, []);
    const as = { ...identity, Credentials: { RoleArn: target } };
    const own = (await task(assume, identity)).output as { Arn: string };
    assert.match(own.Arn, /assumed-role\/role-\d+\//);
    assert.equal((await task(assume, as)).error, "States.TaskFailed");
    const trust = policy({ Principal: { AWS: assume }, Action: "sts:AssumeRole" });
    const iam = new IAMClient(settings);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "target", PolicyDocument: trust }));
    assert.match(((await task(assume, as)).output as { Arn: string }).Arn, /assumed-role\/target\/states/);
    assert.equal((await task(await role(), as)).error, "States.TaskFailed");
  });

  it("are redriven from the state that failed, with what was assigned before it", async () => {
    const queue = await createQueue(settings, "redriven");
    const send = { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Output: "{% $kept %}", End: true };
    const states = {
      A: { Type: "Pass", Assign: { kept: "{% $states.input.n %}" }, Next: "B" },
      B: { ...send, Arguments: { QueueUrl: queue.url, MessageBody: "{% $string($kept) %}" } },
    };
    const roleArn = await role();
    const executionArn = await start(await machine(roleArn, states, { QueryLanguage: "JSONata" }), { n: 7 });
    assert.equal((await ended(executionArn)).error, "SQS.AmazonSQSException");
    const RoleName = given(roleArn.split("/").at(-1), "role's name");
    const PolicyDocument = policy({ Action: "sqs:SendMessage", Resource: queue.arn });
    await new IAMClient(settings).send(new PutRolePolicyCommand({ RoleName, PolicyName: "later", PolicyDocument }));
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
    assert.deepEqual(await ended(executionArn), { status: "SUCCEEDED", output: 7 });
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    assert.equal(events.filter(({ type }) => type === "PassStateEntered").length, 1);
  });

  it("are run by StartSyncExecution with the role's permissions too", async () => {
    const arn = await machine(await role(), {
      A: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sqs:listQueues", Parameters: {}, End: true },
    });
    const { status, error } = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn: arn, input: "{}" }));
    assert.deepEqual([status, error], ["FAILED", "Sqs.SqsException"]);
  });
});
