/** Records by REST from a Java function that starts from a snapshot; versions come, fail, and grow idle meanwhile. */
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
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

/** What the alias stands for, with the shares of other versions. */
async function aliasOf(context: PlayedContext): Promise<string> {
  const alias = { FunctionName: outputOf(context, "functionName"), Name: outputOf(context, "aliasName") };
  const { FunctionVersion, RoutingConfig } = await new LambdaClient(context.client).send(new GetAliasCommand(alias));
  return `${FunctionVersion} ${JSON.stringify(RoutingConfig?.AdditionalVersionWeights ?? {})}`;
}

/** What a deployment is refused with. */
async function refusedWith(deployment: Promise<string>, expected: RegExp): Promise<string> {
  const said = await deployment.then(
    (changes) => Promise.reject(new Error(`it was deployed: ${changes}`)),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const found = expected.exec(said)?.[0];
  if (found === undefined) throw new Error(said);
  return found;
}

/** Makes records one after the other until it is stopped. */
function callsUntil(records: ReturnType<typeof service>) {
  const answers: Answer[] = [];
  let goesOn = true;
  const calls = (async () => {
    while (goesOn) answers.push(await records.create(`record ${answers.length}`));
  })();
  // What fails is seen where they are stopped.
  calls.catch(() => (goesOn = false));
  return async (): Promise<Answer[]> => {
    goesOn = false;
    await calls;
    return answers;
  };
}

/** The API, called by a role that may. */
async function calledService(context: PlayedContext): Promise<ReturnType<typeof service>> {
  const { id, region } = context.deployment.account;
  const api = `arn:aws:execute-api:${region}:${id}:${outputOf(context, "apiId")}`;
  const caller = await callerOf(context, "execute-api:Invoke", `${api}/*`);

  await context.step("Who does not sign, or may not call the API, is refused", async () => {
    const other = await callerOf(context, "lambda:GetFunction", outputOf(context, "aliasArn"));
    const forger = { ...caller, credentials: { ...caller.credentials, secretAccessKey: "forged" } };
    for (const stranger of [undefined, other, forger]) {
      expectEqual(String((await service(context, stranger).create("no")).status), "403");
    }
    return "403";
  });
  return service(context, caller);
}

async function playRecords(context: PlayedContext, records: ReturnType<typeof service>): Promise<void> {
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

async function playLatest(context: PlayedContext): Promise<void> {
  const lambda = new LambdaClient(context.client);
  const FunctionName = outputOf(context, "functionName");

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
    const caller = new LambdaClient(await callerOf(context, "lambda:InvokeFunction", outputOf(context, "aliasArn")));
    const invoke = (Qualifier?: string) =>
      caller.send(new InvokeCommand({ FunctionName, Qualifier, Payload: JSON.stringify({ routeKey: "none" }) }));
    expectEqual(String((await invoke(outputOf(context, "aliasName"))).StatusCode), "200");
    for (const qualifier of [undefined, "$LATEST", "1"]) {
      expectEqual(await refusalOf(invoke(qualifier)), "AccessDeniedException");
    }
    return "AccessDeniedException";
  });
}

async function playVersions(context: PlayedContext, records: ReturnType<typeof service>): Promise<void> {
  const lambda = new LambdaClient(context.client);
  const FunctionName = outputOf(context, "functionName");

  await context.step("A new version is taken back when an alarm goes off, and the deployment fails", async () => {
    let ended = false;
    const deployment = context.redeploy({ memoryMegabytes: 512 }).finally(() => (ended = true));
    const refused = refusedWith(
      deployment,
      /CanaryFailedError.*version 2 .* is taken back: alarm \S+ is on(?!.*tryCanary)/,
    );
    await eventually(
      "version 2 is tried",
      context.signal,
      () => aliasOf(context),
      (it) => it === '1 {"2":0.5}' || ended,
      // Other stories may be deploying again: one comes after the other.
      600,
    );
    const AlarmName = outputOf(context, "errorsAlarmName");
    const set = (StateValue: "ALARM" | "OK") =>
      new CloudWatchClient(context.client).send(
        new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "story" }),
      );
    await eventually(
      "the end of the deployment",
      context.signal,
      () => set("ALARM"),
      () => ended,
    );
    await set("OK");
    await refused;
    expectEqual(await aliasOf(context), "1 {}");
    expectEqual((await records.create("as before")).version, "1");
    return "CanaryFailedError; version 1 has all requests";
  });

  await context.step("Deployed again, it goes out while calls run: none fails", async () => {
    let [changes, answers]: [string, Answer[]] = ["", []];
    const stop = callsUntil(records);
    try {
      changes = await context.redeploy({ memoryMegabytes: 512 });
      const isNew = (it: Answer) => it.version === "2";
      await eventually("version 2 answers", context.signal, () => records.create("new"), isNew);
    } finally {
      answers = await stop();
    }
    expectEqual(await aliasOf(context), "2 {}");
    const first = answers.findIndex(({ version }) => version === "2");
    const tried = answers.slice(first).filter(({ version }) => version === "1").length;
    if (tried === 0) throw new Error("version 2 got all requests at once");
    const bad = answers.filter(({ status }) => status !== 201);
    if (bad.length > 0) throw new Error(`${bad.length} of ${answers.length} failed: ${JSON.stringify(bad[0])}`);
    return `${answers.length} records, version 1, then both for a minute, then 2; ${changes}`;
  });

  await context.step("What is not built is refused, with the command", async () => {
    const deployment = context.redeploy({ code: "apps/snapstart-java/target/none" });
    return refusedWith(deployment, /there is no .*target\/none\. Build it: mvn --file .* package/);
  });

  await context.step("A version whose hook fails is not let through, and the alias stays", async () => {
    const deployment = context.redeploy({ keyParameter: "/records/missing" });
    const said = await refusedWith(deployment, /version 3 of .*CheckpointException/);
    expectEqual(await aliasOf(context), "2 {}");
    expectEqual((await records.create("still here")).version, "2");
    return said;
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
  tryFirst: [
    "aws lambda get-alias --function-name {functionName} --name {aliasName}",
    "aws dynamodb scan --table-name {tableName}",
  ],
  equip: buildService,
  prepare,
  async play(context) {
    const records = await calledService(context);
    await playRecords(context, records);
    await playLatest(context);
    await playVersions(context, records);
  },
  afterDestroy,
};
