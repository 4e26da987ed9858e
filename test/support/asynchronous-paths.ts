/** Follows every way that work takes through queues, rules, schedules, pipes, machines and streams, to where it ends when it fails. */
import { matches } from "./arn-pattern";
import { ofType, type Registered } from "./mocks";
import { permissionsOf, statementsOf } from "./policies";

const ACCOUNT_PREFIX = /^arn:aws:\w+:us-east-1:111111111111:/;

function arnOf(resources: readonly Registered[], arn: unknown, type: string): Registered | undefined {
  const name = String(arn)
    .replace(ACCOUNT_PREFIX, "")
    .replace(/^.*[:/]/, "");
  return ofType(resources, type).find((resource) => resource.name === name);
}

const queueOf = (resources: readonly Registered[], arn: unknown) => arnOf(resources, arn, "aws:sqs/queue:Queue");

/** What is wrong with a queue as the place where failed work ends: nobody would look there, or it would be lost. */
function deadLetterGaps(resources: readonly Registered[], path: string, arn: unknown): string[] {
  const queue = arn === undefined ? undefined : queueOf(resources, arn);
  if (queue === undefined) return [`${path}: no dead-letter queue`];
  const alarms = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").filter(
    ({ inputs }) =>
      inputs.metricName === "ApproximateNumberOfMessagesVisible" &&
      (inputs.dimensions as { QueueName?: string }).QueueName === queue.name,
  );
  const gaps: string[] = [];
  if (alarms.length !== 1) gaps.push(`${path}: ${alarms.length} alarms on ${queue.name}`);
  if (queue.inputs.messageRetentionSeconds !== 1_209_600) gaps.push(`${path}: ${queue.name} forgets too soon`);
  return gaps;
}

/** Whether a queue's policy lets a service send on behalf of a resource. */
function maySend(resources: readonly Registered[], arn: unknown, service: string, sourceArn: string): boolean {
  const queue = queueOf(resources, arn);
  const policy = ofType(resources, "aws:sqs/queuePolicy:QueuePolicy").find(({ inputs }) =>
    String(inputs.queueUrl).endsWith(`/${queue?.name}`),
  );
  return statementsOf(policy?.inputs.policy).some(({ Effect, Principal, Action, Condition }) => {
    const pattern = Condition?.ArnLike?.["aws:SourceArn"];
    const principal = (Principal as { Service?: string }).Service;
    return (
      Effect === "Allow" &&
      principal === service &&
      Action.includes("sqs:SendMessage") &&
      matches(String(pattern), sourceArn)
    );
  });
}

function startsMachine(Action: readonly string[], Resource: readonly string[], arn: unknown): boolean {
  return Action.includes("states:StartExecution") && Resource.includes(String(arn));
}

function ruleGaps(resources: readonly Registered[]): string[] {
  return ofType(resources, "aws:cloudwatch/eventTarget:EventTarget").flatMap(({ name, inputs }) => {
    const rule = ofType(resources, "aws:cloudwatch/eventRule:EventRule").find((other) => other.name === inputs.rule);
    const ruleArn = `arn:aws:events:us-east-1:111111111111:rule/${rule?.name}`;
    const deadLetters = (inputs.deadLetterConfig as { arn?: string } | undefined)?.arn;
    const gaps = deadLetterGaps(resources, name, deadLetters);
    const toQueue = queueOf(resources, inputs.arn) !== undefined;
    if (toQueue && !maySend(resources, inputs.arn, "events.amazonaws.com", ruleArn)) gaps.push(`${name}: may not send`);
    if (deadLetters !== undefined && !maySend(resources, deadLetters, "events.amazonaws.com", ruleArn)) {
      gaps.push(`${name}: may not send dead letters`);
    }
    const role = String(inputs.roleArn ?? "").replace(/^.*\//, "");
    const toMachine = String(inputs.arn).startsWith("arn:aws:states:");
    const permitted = toMachine
      ? permissionsOf(resources, role).some(({ Action, Resource }) => startsMachine(Action, Resource, inputs.arn))
      : ofType(resources, "aws:lambda/permission:Permission").some(
          ({ inputs: { sourceArn } }) => sourceArn === ruleArn,
        );
    if (!toQueue && !permitted) gaps.push(`${name}: may not invoke`);
    return gaps;
  });
}

function scheduleGaps(resources: readonly Registered[]): string[] {
  return ofType(resources, "aws:scheduler/schedule:Schedule").flatMap(({ name, inputs }) => {
    const target = inputs.target as { arn: string; roleArn: string; deadLetterConfig?: { arn: string } };
    const deadLetters = target.deadLetterConfig?.arn;
    const allowed = permissionsOf(resources, target.roleArn.replace(/^.*\//, ""));
    const may = (action: string, arn: unknown) =>
      allowed.some(({ Action, Resource }) => Action.includes(action) && Resource.includes(String(arn)));
    const isMachine = target.arn.startsWith("arn:aws:states:");
    const direct = isMachine ? "states:StartExecution" : "lambda:InvokeFunction";
    const action = queueOf(resources, target.arn) === undefined ? direct : "sqs:SendMessage";
    return [
      ...deadLetterGaps(resources, name, deadLetters),
      ...(may(action, target.arn) ? [] : [`${name}: may not ${action}`]),
      ...(may("sqs:SendMessage", deadLetters) ? [] : [`${name}: may not send dead letters`]),
    ];
  });
}

function mappingGaps(resources: readonly Registered[]): string[] {
  return ofType(resources, "aws:lambda/eventSourceMapping:EventSourceMapping").flatMap(({ name, inputs }) => {
    const lambda = arnOf(resources, inputs.functionName, "aws:lambda/function:Function");
    const partial = (inputs.functionResponseTypes as string[] | undefined)?.includes("ReportBatchItemFailures");
    const gaps = partial === true ? [] : [`${name}: one failed item fails the whole batch`];
    const queue = queueOf(resources, inputs.eventSourceArn);
    if (queue === undefined) {
      const config = inputs.destinationConfig as { onFailure?: { destinationArn?: string } } | undefined;
      return [...gaps, ...deadLetterGaps(resources, name, config?.onFailure?.destinationArn)];
    }
    const redrive = JSON.parse(String(queue.inputs.redrivePolicy ?? "{}")) as { deadLetterTargetArn?: string };
    gaps.push(...deadLetterGaps(resources, name, redrive.deadLetterTargetArn));
    const deadLetters = queueOf(resources, redrive.deadLetterTargetArn);
    if (deadLetters?.inputs.fifoQueue !== queue.inputs.fifoQueue) gaps.push(`${name}: dead letters of another kind`);
    const [visible, timeout] = [queue.inputs.visibilityTimeoutSeconds, lambda?.inputs.timeout].map(Number);
    if (!((visible ?? 0) >= 6 * (timeout ?? Infinity)))
      gaps.push(`${name}: a message comes back while it is worked on`);
    return gaps;
  });
}

/** Whether an alarm watches a metric of a resource. */
function isWatched(resources: readonly Registered[], metric: string, dimension: string, value: string): boolean {
  return ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").some(
    ({ inputs: { metricName, dimensions } }) =>
      metricName === metric && (dimensions as Record<string, string> | undefined)?.[dimension]?.endsWith(value),
  );
}

/** Records of a stream end in the pipe's dead letters, messages of a queue in the queue's own. */
function pipeGaps(resources: readonly Registered[]): string[] {
  return ofType(resources, "aws:pipes/pipe:Pipe").flatMap(({ name, inputs }) => {
    const parameters = inputs.sourceParameters as Record<string, { deadLetterConfig?: { arn: string } } | undefined>;
    const stream = parameters.dynamodbStreamParameters ?? parameters.kinesisStreamParameters;
    return [
      ...(stream === undefined ? [] : deadLetterGaps(resources, name, stream.deadLetterConfig?.arn)),
      ...(isWatched(resources, "ExecutionFailed", "PipeName", name) ? [] : [`${name}: no alarm on failures`]),
    ];
  });
}

/** An execution keeps what it works on; nobody looks at one that failed without an alarm. */
function machineGaps(resources: readonly Registered[]): string[] {
  return ofType(resources, "aws:sfn/stateMachine:StateMachine").flatMap(({ name }) =>
    ["ExecutionsFailed", "ExecutionsTimedOut"]
      .filter((metric) => !isWatched(resources, metric, "StateMachineArn", name))
      .map((metric) => `${name}: no alarm on ${metric}`),
  );
}

/** Functions that a pipe or a state machine waits for, which sees to their errors. */
function awaitedInFlows(resources: readonly Registered[]): string[] {
  const pipes = ofType(resources, "aws:pipes/pipe:Pipe").map(({ inputs }) => String(inputs.enrichment));
  const machines = ofType(resources, "aws:sfn/stateMachine:StateMachine").flatMap(
    ({ inputs }) => String(inputs.definition).match(/arn:aws:lambda:[^"]+/g) ?? [],
  );
  return [...pipes, ...machines].map((arn) => arn.replace(/^.*:/, ""));
}

/** A function that nothing waits for keeps its failures only if it says where. */
function functionGaps(resources: readonly Registered[]): string[] {
  const mapped = ofType(resources, "aws:lambda/eventSourceMapping:EventSourceMapping").map(({ inputs }) =>
    String(inputs.functionName).replace(/^.*:/, ""),
  );
  // A deployment that invokes a function waits for its answer, and fails with it.
  const awaited = ofType(resources, "aws:lambda/invocation:Invocation").map(({ inputs }) => inputs.functionName);
  // So does a client of an API, or of a function's own URL.
  const answering = [
    ...ofType(resources, "aws:lambda/permission:Permission")
      .filter(({ inputs }) => inputs.principal === "apigateway.amazonaws.com")
      .map(({ inputs }) => inputs.function),
    ...ofType(resources, "aws:lambda/functionUrl:FunctionUrl").map(({ inputs }) => inputs.functionName),
  ];
  const inFlows = [...awaitedInFlows(resources), ...answering];
  return ofType(resources, "aws:lambda/function:Function").flatMap(({ name }) => {
    if (mapped.includes(name) || awaited.includes(name) || inFlows.includes(name)) return [];
    const config = ofType(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").find(
      ({ inputs }) => inputs.functionName === name,
    );
    const destination = config?.inputs.destinationConfig as { onFailure?: { destination?: string } } | undefined;
    return deadLetterGaps(resources, name, destination?.onFailure?.destination);
  });
}

/** Every place where failed work would vanish, or where nobody would be informed of it. */
export function unguardedPaths(resources: readonly Registered[]): string[] {
  return [ruleGaps, scheduleGaps, mappingGaps, pipeGaps, machineGaps, functionGaps].flatMap((gaps) => gaps(resources));
}
