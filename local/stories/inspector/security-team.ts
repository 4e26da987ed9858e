/** Who looks after findings: with the AWS APIs, and with what a test can make Inspector find. */
import { DynamoDBClient, ListTablesCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { BatchGetAccountStatusCommand, Inspector2Client, ListFiltersCommand } from "@aws-sdk/client-inspector2";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { InvalidAccessException, paginateGetFindings, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { ListTopicsCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { outputOf } from "../account";
import { eventually, type PlayedContext } from "../story";
import type { Finding } from "./findings";

interface Reported {
  readonly hour: string;
  readonly resourceId: string;
  readonly notices: readonly { readonly arn: string; readonly kind: string }[];
}

export class SecurityTeam {
  private readonly sqs: SQSClient;
  private readonly sns: SNSClient;
  private readonly securityHub: SecurityHubClient;
  private readonly inspector: Inspector2Client;
  private queueUrl = "";
  private subscriptionArn = "";
  /** What the topic said so far. */
  readonly reported: Reported[] = [];

  constructor(private readonly context: PlayedContext) {
    this.sqs = new SQSClient(context.client);
    this.sns = new SNSClient(context.client);
    this.securityHub = new SecurityHubClient(context.client);
    this.inspector = new Inspector2Client(context.client);
  }

  async scanned(): Promise<string[]> {
    const { accounts = [] } = await this.inspector.send(new BatchGetAccountStatusCommand({}));
    const states = Object.entries(accounts[0]?.resourceState ?? {});
    return states.flatMap(([name, state]) => (state?.status === "ENABLED" ? [name] : []));
  }

  /** Subscribes a queue to the topic. */
  async listen(): Promise<void> {
    const TopicArn = outputOf(this.context, "topicArn");
    const name = "security-team";
    const QueueArn = TopicArn.replace(":sns:", ":sqs:").replace(/[^:]+$/, name);
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: QueueArn,
          Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
        },
      ],
    });
    const made = await this.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
    this.queueUrl = made.QueueUrl ?? "";
    const subscribe = { TopicArn, Protocol: "sqs", Endpoint: QueueArn, ReturnSubscriptionArn: true };
    this.subscriptionArn = (await this.sns.send(new SubscribeCommand(subscribe))).SubscriptionArn ?? "";
  }

  async leave(): Promise<void> {
    await this.sns.send(new UnsubscribeCommand({ SubscriptionArn: this.subscriptionArn }));
    await this.sqs.send(new DeleteQueueCommand({ QueueUrl: this.queueUrl }));
  }

  /** Inspector finds these, and says so. */
  async find(findings: readonly Finding[]): Promise<void> {
    const { account } = this.context.deployment;
    const answer = await fetch(`${this.context.endpoint}/_aws-patterns/findings`, {
      method: "POST",
      body: JSON.stringify({ account: account.id, region: account.region, findings }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** The findings in the table, by ARN: when each changed last, its status and its severity. */
  async table(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const client = new DynamoDBClient(this.context.client);
    const input = {
      TableName: outputOf(this.context, "tableName"),
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "finding" } },
    };
    for await (const { Items = [] } of paginateQuery({ client }, input)) {
      for (const { arn, updatedAt, status, severity } of Items) {
        found.set(arn?.S ?? "", `${updatedAt?.N} ${status?.S} ${severity?.S}`);
      }
    }
    return found;
  }

  /** The findings in Security Hub, by ARN: their status in Inspector, and whether they are records of the past. */
  async hub(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const { Findings = [] } of paginateGetFindings({ client: this.securityHub, pageSize: 100 }, {})) {
      for (const { Id = "", ProductFields = {}, RecordState } of Findings) {
        found.set(Id, `${ProductFields["aws/inspector/FindingStatus"]} ${RecordState}`);
      }
    }
    return found;
  }

  private hubIsOn(): Promise<boolean> {
    return this.hub().then(
      () => true,
      (error: unknown) => {
        if (error instanceof InvalidAccessException) return false;
        throw error;
      },
    );
  }

  /** Once nothing is on the queue of events any more. */
  async settled(): Promise<void> {
    const QueueUrl = outputOf(this.context, "eventQueueUrl");
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const left = async (): Promise<number> => {
      const { Attributes = {} } = await this.sqs.send(asked);
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
    };
    await eventually("every event recorded", this.context.signal, left, (count) => count === 0);
  }

  /** Has the function say what it has to say, as if this many hours had passed. */
  async report(report: "notices" | "digest", hours = 0): Promise<number> {
    const time = new Date(Date.now() + hours * 3_600_000).toISOString();
    const { Payload, FunctionError } = await new LambdaClient(this.context.client).send(
      new InvokeCommand({
        FunctionName: outputOf(this.context, "reportFunctionName"),
        Payload: JSON.stringify({ report, time }),
      }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(`the function failed: ${text}`);
    return (JSON.parse(text) as { reported: number }).reported;
  }

  /** Hears what the topic said, until there were so many messages. */
  async hear(messages: number): Promise<void> {
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 600,
    });
    await eventually(
      `${messages} messages`,
      this.context.signal,
      async () => {
        const { Messages = [] } = await this.sqs.send(receive);
        for (const { Body = "" } of Messages) {
          this.reported.push(JSON.parse((JSON.parse(Body) as { Message: string }).Message) as Reported);
        }
        return this.reported.length;
      },
      (count) => count >= messages,
    );
    if (this.reported.length > messages) throw new Error(`${this.reported.length} messages, not ${messages}`);
  }

  /** What of ours is left in the account, by name. */
  async leftovers(): Promise<string[]> {
    const { client, deployment } = this.context;
    const { Functions = [] } = await new LambdaClient(client).send(new ListFunctionsCommand({}));
    const { TableNames = [] } = await new DynamoDBClient(client).send(new ListTablesCommand({}));
    const { QueueUrls = [] } = await this.sqs.send(new ListQueuesCommand({}));
    const { Topics = [] } = await this.sns.send(new ListTopicsCommand({}));
    const { filters = [] } = await this.inspector.send(new ListFiltersCommand({}));
    const names = [
      ...Functions.map(({ FunctionName = "" }) => FunctionName),
      ...TableNames,
      ...QueueUrls.map((url) => url.slice(url.lastIndexOf("/") + 1)),
      ...Topics.map(({ TopicArn = "" }) => TopicArn.slice(TopicArn.lastIndexOf(":") + 1)),
      ...filters.map(({ name = "" }) => name),
    ];
    const scans = (await this.scanned()).map((type) => `scans of ${type}`);
    const hub = (await this.hubIsOn()) ? ["Security Hub"] : [];
    return [...names.filter((name) => name.startsWith(`${deployment.name}-`)), ...scans, ...hub];
  }
}
