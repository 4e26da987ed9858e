/** Collects what EventBridge delivers, through a rule and a queue, as a pattern would. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { until, type ClientSettings } from "./cloud";
import { createQueue, policy } from "./functions";

export interface AwsEvent {
  version: string;
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

export interface EventLog {
  /** Everything delivered so far, in order of delivery. */
  readonly events: AwsEvent[];
  /** Wait for the first event, delivered or to come, that passes. */
  waitFor(what: string, passes: (event: AwsEvent) => boolean): Promise<AwsEvent>;
}

async function poll(sqs: SQSClient, QueueUrl: string): Promise<AwsEvent[]> {
  const batch = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const messages = batch.Messages ?? [];
  if (messages.length === 0) return [];
  await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: messages.map((m, index) => ({ Id: String(index), ReceiptHandle: m.ReceiptHandle })),
    }),
  );
  return messages.map((m) => JSON.parse(m.Body ?? "") as AwsEvent);
}

/** Collect the events of these sources from now on. */
export async function collectEvents(settings: ClientSettings, sources: string[]): Promise<EventLog> {
  const sqs = new SQSClient(settings);
  const eventBridge = new EventBridgeClient(settings);
  const name = `events-${sources.join("-").replaceAll(".", "-")}`;
  const { url: QueueUrl, arn: Arn } = await createQueue(settings, name);
  const Policy = policy({
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: Arn,
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await eventBridge.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: sources }) }));
  await eventBridge.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: "queue", Arn }] }));
  const events: AwsEvent[] = [];
  return {
    events,
    waitFor: (what, passes) =>
      until(what, async () => {
        events.push(...(await poll(sqs, QueueUrl)));
        return events.find(passes);
      }),
  };
}
