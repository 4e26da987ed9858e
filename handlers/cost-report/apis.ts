/** The AWS methods that the Lambda calls, as narrow interfaces over the SDK's own types; see clients.ts. */
import type { GetCostAndUsageCommandInput, GetCostAndUsageCommandOutput } from "@aws-sdk/client-cost-explorer";
import type {
  QueryCommandInput,
  QueryCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type {
  ListAccountsCommandInput,
  ListAccountsCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-organizations";
import type {
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import type { Clock } from "../shared/clock";
import type { MailSender } from "../shared/ses";
import type { Telemetry } from "../shared/telemetry";
import type { MetricName } from "./settings";

type Answer<Output> = Promise<Omit<Output, "$metadata">>;

export interface CostReader {
  getCostAndUsage(input: GetCostAndUsageCommandInput): Answer<GetCostAndUsageCommandOutput>;
}

export interface AccountReader {
  listAccounts(input: ListAccountsCommandInput): Answer<ListAccountsCommandOutput>;
  listTagsForResource(input: ListTagsForResourceCommandInput): Answer<ListTagsForResourceCommandOutput>;
}

export interface DeliveryTable {
  query(input: QueryCommandInput): Answer<QueryCommandOutput>;
  updateItem(input: UpdateItemCommandInput): Answer<UpdateItemCommandOutput>;
}

export interface ArchiveBucket {
  putObject(input: PutObjectCommandInput): Promise<unknown>;
  /** The object's text. */
  getObject(input: GetObjectCommandInput): Promise<string>;
  listObjects(input: ListObjectsV2CommandInput): Answer<ListObjectsV2CommandOutput>;
}

export interface CostReportDeps extends Clock {
  readonly telemetry: Telemetry<MetricName>;
  readonly costExplorer: CostReader;
  readonly organizations: AccountReader;
  readonly table: DeliveryTable;
  readonly mail: MailSender;
  readonly bucket: ArchiveBucket;
}
