/** The program of `engine-functions.local.test.ts`. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export const ACCOUNT = "100000000001";

export interface Settings {
  word: string;
  maySend: boolean;
  batchSize: number;
  retention: number;
  threshold: number;
  schedule: string;
}

export const BASE: Settings = {
  word: "seen",
  maySend: true,
  batchSize: 10,
  retention: 7,
  threshold: 0,
  schedule: "rate(1 day)",
};

function code(word: string): pulumi.asset.AssetArchive {
  const text = `
    const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");
    const client = new SQSClient({ maxAttempts: 1 });
    exports.handler = async ({ Records }) => {
      for (const { body } of Records)
        await client.send(new SendMessageCommand({ QueueUrl: process.env.ANSWERS, MessageBody: "${word} " + body }));
    };`;
  return new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(text) });
}

type Statement = { Effect: "Allow"; Action: string[]; Resource: pulumi.Input<string> };

function policy(...statements: Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

function trust(service: string): aws.iam.PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
}

interface Queues {
  work: aws.sqs.Queue;
  answers: aws.sqs.Queue;
  dead: aws.sqs.Queue;
}

function worker({ work, answers, dead }: Queues, settings: Settings, opts: pulumi.CustomResourceOptions) {
  const role = new aws.iam.Role("worker", { assumeRolePolicy: trust("lambda.amazonaws.com") }, opts);
  const read: Statement = {
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: work.arn,
  };
  const send: Statement = { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: answers.arn };
  const inline = new aws.iam.RolePolicy(
    "worker",
    { role, policy: settings.maySend ? policy(read, send) : policy(read) },
    opts,
  );
  const logs = new aws.iam.Policy(
    "logs",
    { policy: policy({ Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" }) },
    opts,
  );
  const attached = new aws.iam.RolePolicyAttachment("logs", { role: role.name, policyArn: logs.arn }, opts);
  const group = new aws.cloudwatch.LogGroup(
    "worker",
    { name: "/aws/lambda/worker", retentionInDays: settings.retention },
    opts,
  );
  const made = new aws.lambda.Function(
    "worker",
    {
      name: "worker",
      code: code(settings.word),
      role: role.arn,
      handler: "index.handler",
      runtime: "nodejs22.x",
      timeout: 2,
      publish: true,
      environment: { variables: { ANSWERS: answers.url } },
      loggingConfig: { logFormat: "JSON", logGroup: group.name },
    },
    { ...opts, dependsOn: [inline, attached] },
  );
  const live = new aws.lambda.Alias(
    "live",
    { name: "live", functionName: made.name, functionVersion: made.version },
    opts,
  );
  const mapping = new aws.lambda.EventSourceMapping(
    "worker",
    { functionName: live.arn, eventSourceArn: work.arn, batchSize: settings.batchSize },
    opts,
  );
  const onFailure = { destinationConfig: { onFailure: { destination: dead.arn } }, maximumRetryAttempts: 0 };
  new aws.lambda.FunctionEventInvokeConfig("worker", { functionName: made.name, ...onFailure }, opts);
  new aws.cloudwatch.LogMetricFilter(
    "errors",
    {
      logGroupName: group.name,
      pattern: "ERROR",
      metricTransformation: { name: "Errors", namespace: "Patterns", value: "1" },
    },
    opts,
  );
  return { made, mapping };
}

/** Three ways into the queue: an event of a bus, a message of a topic, a schedule. */
function sources({ work }: Queues, settings: Settings, opts: pulumi.CustomResourceOptions) {
  const services = { Service: ["events.amazonaws.com", "sns.amazonaws.com"] };
  const statement = { Effect: "Allow", Principal: services, Action: "sqs:SendMessage", Resource: work.arn };
  const allowed = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [statement] });
  new aws.sqs.QueuePolicy("work", { queueUrl: work.url, policy: allowed }, opts);
  const bus = new aws.cloudwatch.EventBus("bus", {}, opts);
  const eventPattern = JSON.stringify({ source: ["patterns"] });
  const rule = new aws.cloudwatch.EventRule("events", { eventBusName: bus.name, eventPattern }, opts);
  const transformer = { inputPaths: { text: "$.detail.text" }, inputTemplate: '"<text>"' };
  new aws.cloudwatch.EventTarget(
    "events",
    { rule: rule.name, eventBusName: bus.name, arn: work.arn, inputTransformer: transformer },
    opts,
  );
  const topic = new aws.sns.Topic("topic", {}, opts);
  const toQueue = { topic, protocol: "sqs", endpoint: work.arn, rawMessageDelivery: true };
  new aws.sns.TopicSubscription("work", toQueue, opts);
  const role = new aws.iam.Role("scheduler", { assumeRolePolicy: trust("scheduler.amazonaws.com") }, opts);
  const send: Statement = { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: work.arn };
  const inline = new aws.iam.RolePolicy("scheduler", { role: role.id, policy: policy(send) }, opts);
  const group = new aws.scheduler.ScheduleGroup("group", {}, opts);
  new aws.scheduler.Schedule(
    "daily",
    {
      groupName: group.name,
      scheduleExpression: settings.schedule,
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: work.arn, roleArn: role.arn, input: "daily" },
    },
    { ...opts, dependsOn: [inline] },
  );
  return { bus, topic };
}

function watch({ dead }: Queues, topic: aws.sns.Topic, settings: Settings, opts: pulumi.CustomResourceOptions) {
  const alarms = { Service: "cloudwatch.amazonaws.com" };
  const publish = { Effect: "Allow", Principal: alarms, Action: "SNS:Publish", Resource: topic.arn };
  const allowed = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [publish] });
  new aws.sns.TopicPolicy("topic", { arn: topic.arn, policy: allowed }, opts);
  new aws.cloudwatch.MetricAlarm(
    "dead",
    {
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      metricName: "ApproximateNumberOfMessagesVisible",
      namespace: "AWS/SQS",
      period: 60,
      statistic: "Maximum",
      threshold: settings.threshold,
      dimensions: { QueueName: dead.name },
      alarmActions: [topic],
    },
    opts,
  );
  const widget = { type: "text", x: 0, y: 0, width: 6, height: 3, properties: { markdown: dead.name } };
  const dashboardBody = pulumi.jsonStringify({ widgets: [widget] });
  new aws.cloudwatch.Dashboard("dashboard", { dashboardName: "work", dashboardBody }, opts);
}

/** Every resource type of these services at once, each depending on others. */
export function program(settings: Settings) {
  return async (): Promise<Record<string, unknown>> => {
    const provider = new aws.Provider("account", {
      region: "us-east-1",
      assumeRoles: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer` }],
      defaultTags: { tags: { owner: "edge@example.com" } },
    });
    const opts = { provider };
    const dead = new aws.sqs.Queue("dead", {}, opts);
    const redrivePolicy = pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    const work = new aws.sqs.Queue("work", { visibilityTimeoutSeconds: 2, redrivePolicy }, opts);
    const queues = { dead, work, answers: new aws.sqs.Queue("answers", {}, opts) };
    const { made, mapping } = worker(queues, settings, opts);
    const { bus, topic } = sources(queues, settings, opts);
    watch(queues, topic, settings, opts);
    const rule = new aws.cloudwatch.EventRule("daily", { scheduleExpression: "rate(1 day)" }, opts);
    const invoke = { action: "lambda:InvokeFunction", principal: "events.amazonaws.com" };
    new aws.lambda.Permission("daily", { function: made, ...invoke, sourceArn: rule.arn }, opts);
    new aws.cloudwatch.EventTarget("daily", { rule: rule.name, arn: made.arn }, opts);
    const server = new aws.iam.Role("server", { assumeRolePolicy: trust("ec2.amazonaws.com") }, opts);
    new aws.iam.InstanceProfile("server", { role: server }, opts);
    new aws.iam.OpenIdConnectProvider("issuer", { url: "https://issuer.example.com", clientIdLists: ["a"] }, opts);
    return {
      work: work.url,
      answers: queues.answers.url,
      dead: dead.url,
      bus: bus.name,
      topic: topic.arn,
      functionArn: made.arn,
      version: made.version,
      mapping: mapping.id,
      account: aws.getCallerIdentityOutput({}, opts).accountId,
      region: aws.getRegionOutput({}, opts).region,
    };
  };
}

/** The provider, and everything above but the stack itself. */
export const RESOURCES = 34;
