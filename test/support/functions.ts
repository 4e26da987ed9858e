/** Roles, queues and functions of tests, made through the public APIs. */
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient, type CreateFunctionCommandInput } from "@aws-sdk/client-lambda";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { until, type ClientSettings } from "./cloud";
import { given } from "./network";
import { zip } from "./zip";

export interface Permission {
  Action: string | string[];
  Resource: string | string[];
  Effect?: "Allow" | "Deny";
  Condition?: Record<string, Record<string, string>>;
}

export function policy(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map((s) => ({ Effect: "Allow", ...s })) });
}

/** A role that a service may assume, with exactly these permissions. */
export async function createRole(
  settings: ClientSettings,
  RoleName: string,
  service: string,
  permissions: Permission[],
): Promise<string> {
  const iam = new IAMClient(settings);
  const trust = policy({ Principal: { Service: service }, Action: "sts:AssumeRole" });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  if (permissions.length > 0)
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: "permissions", PolicyDocument: policy(...permissions) }),
    );
  if (service === "lambda.amazonaws.com")
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName,
        PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      }),
    );
  return given(Role?.Arn, "role ARN");
}

export interface Queue {
  url: string;
  arn: string;
  /** Messages that come within the time given, deleted once received. */
  take(count: number, withinMilliseconds?: number): Promise<Message[]>;
}

export async function createQueue(
  settings: ClientSettings,
  QueueName: string,
  Attributes: Record<string, string> = {},
): Promise<Queue> {
  const sqs = new SQSClient(settings);
  const url = given((await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl, "QueueUrl");
  const all = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  return {
    url,
    arn: given(all.Attributes?.["QueueArn"], "QueueArn"),
    async take(count, withinMilliseconds): Promise<Message[]> {
      const messages: Message[] = [];
      return until(
        `${count} messages in ${QueueName}`,
        async () => {
          const received = await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl: url,
              MaxNumberOfMessages: 10,
              MessageAttributeNames: ["All"],
              MessageSystemAttributeNames: ["All"],
            }),
          );
          for (const message of received.Messages ?? []) {
            messages.push(message);
            await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
          }
          return messages.length >= count && messages;
        },
        withinMilliseconds,
      );
    },
  };
}

/** A function whose module is CommonJS source; returns its ARN. */
export async function createFunction(
  settings: ClientSettings,
  FunctionName: string,
  Role: string,
  source: string,
  more: Partial<CreateFunctionCommandInput> = {},
): Promise<string> {
  const response = await new LambdaClient(settings).send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Timeout: 10,
      Code: { ZipFile: zip({ "index.js": source }) },
      ...more,
    }),
  );
  return given(response.FunctionArn, "FunctionArn");
}
