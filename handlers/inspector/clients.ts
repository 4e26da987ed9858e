/**
 * The production side of apis.ts. Clients, logger and metrics are made once per execution environment; commands are
 * imported one by one, so that bundles hold what is called and no more.
 */
import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { powertoolsTelemetry } from "../shared/powertools";
import type { RecordDeps, ReportDeps } from "./apis";
import { METRIC_DIMENSION, METRIC_NAMESPACE, type MetricName } from "./settings";

/** Each of the functions is one instance's. */
let recordDeps: RecordDeps | undefined;
let reportDeps: ReportDeps | undefined;

export function productionRecordDeps(scanId: string): RecordDeps {
  recordDeps ??= makeRecordDeps(scanId);
  return recordDeps;
}

export function productionReportDeps(scanId: string): ReportDeps {
  reportDeps ??= makeReportDeps(scanId);
  return reportDeps;
}

function makeRecordDeps(scanId: string): RecordDeps {
  const dynamo = new DynamoDBClient(clientConfig());
  return {
    ...surroundings(scanId),
    table: {
      getItem: (input) => dynamo.send(new GetItemCommand(input)),
      transactWriteItems: (input) => dynamo.send(new TransactWriteItemsCommand(input)),
    },
  };
}

function makeReportDeps(scanId: string): ReportDeps {
  const dynamo = new DynamoDBClient(clientConfig());
  const sns = new SNSClient(clientConfig());
  const ses = new SESv2Client(clientConfig());
  return {
    ...surroundings(scanId),
    table: {
      query: (input) => dynamo.send(new QueryCommand(input)),
      updateItem: (input) => dynamo.send(new UpdateItemCommand(input)),
    },
    topic: { publish: (input) => sns.send(new PublishCommand(input)) },
    mail: { sendEmail: (input) => ses.send(new SendEmailCommand(input)) },
  };
}

function surroundings(scanId: string) {
  const telemetry = powertoolsTelemetry<MetricName>({
    service: "inspector",
    namespace: METRIC_NAMESPACE,
    dimensions: { [METRIC_DIMENSION]: scanId },
  });
  return { ...systemClock, telemetry };
}
