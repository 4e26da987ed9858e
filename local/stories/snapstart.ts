/** Records by REST from a Java function that starts from a snapshot; versions come, fail, and grow idle meanwhile. */
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { checkNoTables, outputOf } from "./account";
import { service, type Answer } from "./snapstart/service";
import { buildService } from "./snapstart/build";
import { callerOf } from "./snapstart/caller";
import { eventually, type PlayedContext, type Story, type StoryContext } from "./story";

/** What the stack file says. */
const KEY_PARAMETER = "/records/key";

async function prepare({ client }: StoryContext): Promise<void> {
  const key = { Name: KEY_PARAMETER, Type: "SecureString", Value: "a key of the story", Overwrite: true } as const;
  await new SSMClient(client).send(new PutParameterCommand(key));
}

/** The name of the error that a call is refused with. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const refused = await call.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  if (refused === undefined) throw new Error("it was not refused");
  return refused.name;
}

function expectEqual(found: string, expected: string): void {
  if (found !== expected) throw new Error(`${found} instead of ${expected}`);
}

/** Publishes a version, as the provider does. */
async function publish(context: PlayedContext, variables: Record<string, string>): Promise<string> {
  const lambda = new LambdaClient(context.client);
  const FunctionName = outputOf(context, "functionName");
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, ...variables };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  const { Version = "" } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  return Version;
}

/** What the gate says of a version, by which the alias moves. */
async function gate(context: PlayedContext, version: string): Promise<{ answer: string; failed: boolean }> {
  const Payload = JSON.stringify({ functionName: outputOf(context, "functionName"), version });
  const FunctionName = outputOf(context, "gateFunctionName");
  const { FunctionError, Payload: said } = await new LambdaClient(context.client).send(
    new InvokeCommand({ FunctionName, Payload }),
  );
  return { answer: Buffer.from(said ?? []).toString(), failed: FunctionError !== undefined };
}

/** The shares of versions beside the alias's own. */
async function weightsOf(context: PlayedContext): Promise<Record<string, number>> {
  const alias = { FunctionName: outputOf(context, "functionName"), Name: outputOf(context, "aliasName") };
  const { RoutingConfig } = await new LambdaClient(context.client).send(new GetAliasCommand(alias));
  return RoutingConfig?.AdditionalVersionWeights ?? {};
}

/** Makes records one after the other until it is stopped. */
function callsUntil(records: ReturnType<typeof service>) {
  const answers: Answer[] = [];
  let goesOn = true;
  const calls = (async () => {
    while (goesOn) answers.push(await records.create(`record ${answers.length}`));
  })();
  // What fails is seen by whoever stops them.
  calls.catch(() => (goesOn = false));
  return async (): Promise<Answer[]> => {
    goesOn = false;
    await calls;
    return answers;
  };
}

async function playRecords(context: PlayedContext): Promise<void> {
  const records = service(context);

  await context.step("A record is made, read, changed with its receipt, and deleted", async () => {
    const made = await records.create("first");
    expectEqual(String(made.status), "201");
    const { id = "", receipt = "" } = made.body;
    expectEqual((await records.read(id)).body.text ?? "", "first");
    expectEqual(String((await records.change(id, "second", receipt)).status), "200");
    expectEqual((await records.read(id)).body.text ?? "", "second");
    expectEqual(String((await records.remove(id, receipt)).status), "204");
    expectEqual(String((await records.read(id)).status), "404");
    return `by version ${made.version}, through API Gateway and the alias`;
  });

  await context.step("What is no record, or has another's receipt, is refused", async () => {
    const { id = "" } = (await records.create("mine")).body;
    expectEqual(String((await records.create("")).status), "400");
    expectEqual(String((await records.change(id, "yours", "forged")).status), "403");
    expectEqual((await records.read(id)).body.text ?? "", "mine");
    return "400 and 403";
  });

  await context.step("Environments of one version have ids of their own, made after the restore", async () => {
    const answers = await Promise.all(Array.from({ length: 3 }, () => records.create("at once")));
    const environments = new Set(answers.map(({ environment }) => environment));
    if (environments.size < 2) throw new Error("one environment answered all of them");
    expectEqual(String(new Set(answers.map(({ body }) => body.id)).size), "3");
    return `${environments.size} environments, 3 records`;
  });
}

async function playVersions(context: PlayedContext): Promise<void> {
  const lambda = new LambdaClient(context.client);
  const FunctionName = outputOf(context, "functionName");
  const records = service(context);

  await context.step("The version has a snapshot, $LATEST has none", async () => {
    const status = async (Qualifier: string): Promise<string> => {
      const of = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
      return `${of.State} ${of.SnapStart?.OptimizationStatus}`;
    };
    expectEqual(await status("1"), "Active On");
    expectEqual(await status("$LATEST"), "Active Off");
    return "OptimizationStatus On and Off";
  });

  await context.step("A caller may invoke the alias alone: $LATEST and versions are refused", async () => {
    const caller = new LambdaClient(await callerOf(context, outputOf(context, "aliasArn")));
    const invoke = (Qualifier?: string) =>
      caller.send(new InvokeCommand({ FunctionName, Qualifier, Payload: JSON.stringify({ routeKey: "none" }) }));
    expectEqual(String((await invoke(outputOf(context, "aliasName"))).StatusCode), "200");
    for (const qualifier of [undefined, "$LATEST", "1"]) {
      expectEqual(await refusalOf(invoke(qualifier)), "AccessDeniedException");
    }
    return "AccessDeniedException";
  });

  await context.step("A new version goes out while calls run: none fails", async () => {
    let [early, answers]: [string, Answer[]] = ["", []];
    const stop = callsUntil(records);
    try {
      const version = await publish(context, { RELEASE: "2" });
      early = await refusalOf(lambda.send(new InvokeCommand({ FunctionName, Qualifier: version })));
      const { answer, failed } = await gate(context, version);
      if (failed) throw new Error(answer);
      expectEqual(JSON.stringify(await weightsOf(context)), "{}");
      const alias = { FunctionName, Name: outputOf(context, "aliasName"), FunctionVersion: version };
      await lambda.send(new UpdateAliasCommand(alias));
      const isNew = (it: Answer) => it.version === version;
      await eventually("the new version answers", context.signal, () => records.create("new"), isNew);
    } finally {
      answers = await stop();
    }
    expectEqual(early, "ResourceConflictException");
    const first = answers.findIndex(({ version }) => version === "2");
    const tried = answers.slice(first).filter(({ version }) => version === "1").length;
    if (tried === 0) throw new Error("version 2 got all requests at once");
    const bad = answers.filter(({ status }) => status !== 201);
    if (bad.length > 0) throw new Error(`${bad.length} of ${answers.length} failed: ${JSON.stringify(bad[0])}`);
    return `${answers.length} records, version 1, then both for a minute, then 2; too early it answers ${early}`;
  });

  await context.step("A version is taken back when an alarm goes off while it is tried", async () => {
    const version = await publish(context, { RELEASE: "3" });
    let ended = false;
    const verdict = gate(context, version).finally(() => (ended = true));
    await eventually(
      "weights",
      context.signal,
      () => weightsOf(context),
      (it) => it[version] === 0.5,
    );
    const cloudwatch = new CloudWatchClient(context.client);
    const alarm = {
      AlarmName: outputOf(context, "errorsAlarmName"),
      StateValue: "ALARM",
      StateReason: "story",
    } as const;
    await eventually(
      "the end",
      context.signal,
      () => cloudwatch.send(new SetAlarmStateCommand(alarm)),
      () => ended,
    );
    const { answer, failed } = await verdict;
    if (!failed || !answer.includes("CanaryFailedError")) throw new Error(`the gate said ${answer}`);
    expectEqual(JSON.stringify(await weightsOf(context)), "{}");
    expectEqual((await records.create("as before")).version, "2");
    await cloudwatch.send(new SetAlarmStateCommand({ ...alarm, StateValue: "OK" }));
    return "CanaryFailedError; version 2 has all requests";
  });

  await context.step("A version whose hook fails is not let through, and the alias stays", async () => {
    const version = await publish(context, { KEY_PARAMETER: "/records/missing" });
    const { answer, failed } = await gate(context, version);
    if (!failed || !answer.includes("VersionFailedError")) throw new Error(`the gate said ${answer}`);
    await publish(context, { KEY_PARAMETER });
    expectEqual((await records.create("still here")).version, "2");
    return "VersionFailedError";
  });

  await context.step("A version that was idle for 14 days is initialized again when it is called", async () => {
    const { deployment, endpoint, signal } = context;
    const query = `function=${FunctionName}&version=2&account=${deployment.account.id}`;
    const idle = await fetch(`${endpoint}/_aws-patterns/idle-version?${query}`, { method: "POST" });
    if (!idle.ok) throw new Error(await idle.text());
    const invoke = new InvokeCommand({ FunctionName, Qualifier: outputOf(context, "aliasName") });
    const first = await refusalOf(lambda.send(invoke));
    expectEqual(first, "SnapStartNotReadyException");
    await eventually(
      "it answers again",
      signal,
      () => records.create("awake"),
      ({ status }) => status === 201,
    );
    return `${first}, then records again`;
  });

  await context.step("Provisioned concurrency is refused", async () => {
    const settings = { FunctionName, Qualifier: outputOf(context, "aliasName"), ProvisionedConcurrentExecutions: 1 };
    const refusal = await refusalOf(lambda.send(new PutProvisionedConcurrencyConfigCommand(settings)));
    expectEqual(refusal, "InvalidParameterValueException");
    return refusal;
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left", () => checkNoTables(context, "tableName"));
}

export const snapstart: Story = {
  title: "Records by REST from a Java function that starts from a snapshot; versions come, fail and grow idle",
  equip: buildService,
  prepare,
  async play(context) {
    await playRecords(context);
    await playVersions(context);
  },
  afterDestroy,
};
