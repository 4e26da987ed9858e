/** The AWS methods that the Lambdas call, as narrow interfaces over the SDK's own types; see clients.ts. */
import type {
  GetItemCommandInput,
  GetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type { PublishCommandInput, PublishCommandOutput } from "@aws-sdk/client-sns";
import type { Clock } from "../shared/clock";
import type { MailSender } from "../shared/ses";
import type { Telemetry } from "../shared/telemetry";
import type { MetricName } from "./settings";

type Answer<Output> = Promise<Omit<Output, "$metadata">>;

export interface FindingTable {
  getItem(input: GetItemCommandInput): Answer<GetItemCommandOutput>;
  transactWriteItems(input: TransactWriteItemsCommandInput): Promise<unknown>;
}

export interface OutboxTable {
  query(input: QueryCommandInput): Answer<QueryCommandOutput>;
  updateItem(input: UpdateItemCommandInput): Answer<UpdateItemCommandOutput>;
}

export interface Publisher {
  publish(input: PublishCommandInput): Answer<PublishCommandOutput>;
}

interface Deps extends Clock {
  readonly telemetry: Telemetry<MetricName>;
}

export interface RecordDeps extends Deps {
  readonly table: FindingTable;
}

export interface ReportDeps extends Deps {
  readonly table: OutboxTable;
  readonly topic: Publisher;
  readonly mail: MailSender;
}
