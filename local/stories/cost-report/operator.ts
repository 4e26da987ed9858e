/** Who looks after the report: with the AWS APIs and nothing else. */
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListEmailIdentitiesCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { outputOf, runScheduleNow } from "../account";
import { eventually, type PlayedContext } from "../story";

/** What the function answers. */
interface Answer {
  sent?: string[];
  alreadySent?: string[];
  html?: string;
}

export class Operator {
  private readonly lambda: LambdaClient;
  private readonly s3: S3Client;
  private readonly sqs: SQSClient;

  constructor(private readonly context: PlayedContext) {
    this.lambda = new LambdaClient(context.client);
    this.s3 = new S3Client({ ...context.client, forcePathStyle: true });
    this.sqs = new SQSClient(context.client);
  }

  private output(name: string): string {
    return outputOf(this.context, name);
  }

  /** Runs what the schedule runs, right away. */
  fireSchedule(input?: string): Promise<void> {
    return runScheduleNow(this.context, this.output("scheduleName"), input);
  }

  /** An event that the function cannot read. */
  fireBadEvent(): Promise<void> {
    return this.fireSchedule(JSON.stringify({ date: "tomorrow" }));
  }

  async deadLetter(): Promise<string> {
    const QueueUrl = this.output("deadLetterQueueUrl");
    const messages = await eventually(
      "a dead letter",
      this.context.signal,
      async () => (await this.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))).Messages ?? [],
      (found) => found.length > 0,
    );
    const { responsePayload } = JSON.parse(messages[0]?.Body ?? "{}") as {
      responsePayload?: { errorMessage?: string };
    };
    return `dead letter: ${responsePayload?.errorMessage ?? messages[0]?.Body ?? ""}`;
  }

  async invoke(event: object): Promise<Answer> {
    const request = new InvokeCommand({ FunctionName: this.output("functionName"), Payload: JSON.stringify(event) });
    const { Payload, FunctionError } = await this.lambda.send(request);
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(`the function failed: ${text}`);
    return JSON.parse(text) as Answer;
  }

  /** Does something while the function may not call these. */
  async without<T>(actions: readonly string[], work: () => Promise<T>): Promise<T> {
    const iam = new IAMClient(this.context.client);
    const asked = new GetFunctionConfigurationCommand({ FunctionName: this.output("functionName") });
    const { Role = "" } = await this.lambda.send(asked);
    const policy = { RoleName: Role.slice(Role.lastIndexOf("/") + 1), PolicyName: "story-denies" };
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: actions, Resource: "*" }],
    });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    try {
      return await work();
    } finally {
      await iam.send(new DeleteRolePolicyCommand(policy));
    }
  }

  async archived(): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: this.output("bucketName") }));
    return Contents.map(({ Key = "" }) => Key);
  }

  /** The newest page of a month, from the archive. */
  async trendPage(): Promise<string> {
    const keys = (await this.archived()).filter((key) => /trend\/\d{4}-\d{2}\.html$/.test(key)).sort();
    const request = new GetObjectCommand({ Bucket: this.output("bucketName"), Key: keys.at(-1) });
    return (await this.s3.send(request)).Body?.transformToString() ?? "";
  }

  /** What of ours is left in the account, by name. */
  async leftovers(): Promise<string[]> {
    const { client, deployment } = this.context;
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({}));
    const { TableNames = [] } = await new DynamoDBClient(client).send(new ListTablesCommand({}));
    const { Buckets = [] } = await this.s3.send(new ListBucketsCommand({}));
    const { QueueUrls = [] } = await this.sqs.send(new ListQueuesCommand({}));
    const { Schedules = [] } = await new SchedulerClient(client).send(new ListSchedulesCommand({}));
    const { EmailIdentities = [] } = await new SESv2Client(client).send(new ListEmailIdentitiesCommand({}));
    const names = [
      ...Functions.map(({ FunctionName = "" }) => FunctionName),
      ...TableNames,
      ...Buckets.map(({ Name = "" }) => Name),
      ...QueueUrls.map((url) => url.slice(url.lastIndexOf("/") + 1)),
      ...Schedules.map(({ Name = "" }) => Name),
    ];
    const identities = EmailIdentities.map(({ IdentityName = "" }) => `identity ${IdentityName}`);
    return [...names.filter((name) => name.startsWith(`${deployment.name}-`)), ...identities];
  }
}
