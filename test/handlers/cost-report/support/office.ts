/** Everything that the Lambda of pattern cost-report talks to, simulated around the real handler. */
import type { GetCostAndUsageCommandInput, GetCostAndUsageCommandOutput } from "@aws-sdk/client-cost-explorer";
import type { SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import type { Context } from "aws-lambda";
import type { CostReportDeps } from "../../../../handlers/cost-report/apis";
import { makeHandler } from "../../../../handlers/cost-report/handler";
import type { CostReportSettings } from "../../../../handlers/cost-report/settings";
import type { CostHistory, CostRow } from "../../../../local/stories/cost-report/history";
import { SimClock } from "../../../../fakes/clock";
import { awsError, type Caller, Wire } from "../../../../fakes/wire";
import { type Message, parseMessage } from "./mime";
import { HISTORY, pagesOf } from "./pages";
import { FakeDeliveryTable } from "./table";
import { RecordingTelemetry } from "./telemetry";

export interface OfficeOptions {
  readonly settings?: Partial<CostReportSettings>;
  readonly history?: CostHistory;
  /** Groups on one page of Cost Explorer. */
  readonly pageSize?: number;
  /** The moment at which the simulation begins. */
  readonly now?: string;
  readonly currencyOf?: (row: CostRow) => string;
}

export interface Mail extends Message {
  readonly to: string;
  readonly input: SendEmailCommandInput;
}

export const REPORT = "project/stack/costs";

const asked: CostReportSettings = {
  reportId: REPORT,
  recipients: [{ address: "ann@example.com" }],
  sender: "AWS costs <costs@example.com>",
  bucketName: "archive",
  tableName: "deliveries",
};

export class Office {
  /** Composing a mail takes some forty turns. */
  readonly clock = new SimClock(1, 60);
  readonly wire = new Wire(this.clock);
  readonly table = new FakeDeliveryTable(this.wire);
  readonly telemetry = new RecordingTelemetry();
  readonly mails: Mail[] = [];
  /** Keys and texts. */
  readonly objects = new Map<string, string>();
  readonly costRequests: GetCostAndUsageCommandInput[] = [];
  readonly settings: { -readonly [Name in keyof CostReportSettings]: CostReportSettings[Name] };
  history: CostHistory;
  /** Why SES refuses a recipient; undefined where it does not. */
  refusal: (to: string) => Error | undefined = () => undefined;
  /** Why Organizations says nothing. */
  organizationsError: Error | undefined;
  /** Owner tags by account id. */
  readonly owners = new Map<string, string>();
  /** Operations that are answered by nothing, until the client gives up after 15 seconds. */
  readonly hanging = new Set<string>();
  /** Objects that a page of a listing holds. */
  listPageSize = 1000;
  private invocations = 0;

  constructor(private readonly options: OfficeOptions = {}) {
    this.settings = { ...asked, ...options.settings };
    this.history = options.history ?? HISTORY;
  }

  /** Lets time pass until a moment. */
  async until(moment: string): Promise<this> {
    await this.clock.run(Date.parse(moment) - this.clock.now());
    return this;
  }

  /** Begins at the moment of the options, by default the morning after the history's usual last day. */
  async open(): Promise<this> {
    return this.until(this.options.now ?? "2026-11-13T11:18:00Z");
  }

  /** One invocation to its end. */
  async invoke(event: unknown = {}, options: { requestId?: string; timeoutMs?: number } = {}) {
    return this.clock.finish(this.begin(event, options));
  }

  /** The error that an invocation ends with. */
  async failure(event: unknown = {}, options: { requestId?: string; timeoutMs?: number } = {}): Promise<Error> {
    try {
      await this.invoke(event, options);
    } catch (error) {
      if (error instanceof Error) return error;
    }
    throw new Error("The invocation should have failed");
  }

  /** Undefined where the invocation was killed. */
  async begin(event: unknown = {}, options: { requestId?: string; timeoutMs?: number } = {}) {
    this.invocations += 1;
    const { requestId = `request-${this.invocations}`, timeoutMs = 300_000 } = options;
    const caller: Caller = { id: requestId, killed: false };
    const endsAt = this.clock.now() + timeoutMs;
    const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => endsAt - this.clock.now() } as Context;
    let over = false;
    const killed = new Promise<undefined>((resolve) => {
      const check = (): void => {
        if (this.clock.now() >= endsAt) caller.killed = true;
        if (caller.killed) resolve(undefined);
        else if (!over) this.clock.at(this.clock.now() + 1000, check);
      };
      check();
    });
    const handler = makeHandler(this.settings, this.depsFor(caller));
    return Promise.race([handler(event, context), killed]).finally(() => (over = true));
  }

  depsFor(caller: Caller): CostReportDeps {
    const { clock, telemetry } = this;
    const wire = {
      call: async <T>(by: Caller, operation: string, effect: () => T): Promise<T> => {
        if (!this.hanging.has(operation)) return this.wire.call(by, operation, effect);
        await clock.sleep(15_000);
        throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
      },
    };
    return {
      now: clock.now,
      random: clock.random,
      sleep: async (milliseconds) => {
        await clock.sleep(milliseconds);
        if (caller.killed) await new Promise<never>(() => undefined);
      },
      telemetry,
      table: this.table.for(caller),
      costExplorer: { getCostAndUsage: (input) => wire.call(caller, "GetCostAndUsage", () => this.costs(input)) },
      organizations: {
        listAccounts: ({ NextToken }) => wire.call(caller, "ListAccounts", () => this.listAccounts(NextToken)),
        listTagsForResource: ({ ResourceId = "" }) =>
          wire.call(caller, "ListTagsForResource", () => {
            const owner = this.owners.get(ResourceId);
            return { Tags: owner === undefined ? [] : [{ Key: "owner", Value: owner }] };
          }),
      },
      mail: { sendEmail: (input) => wire.call(caller, "SendEmail", () => this.deliver(input)) },
      bucket: {
        putObject: (input) =>
          wire.call(caller, "PutObject", () => void this.objects.set(input.Key ?? "", String(input.Body))),
        getObject: (input) => wire.call(caller, "GetObject", () => this.readObject(input.Key ?? "")),
        listObjects: (input) =>
          wire.call(caller, "ListObjects", () => this.list(input.Prefix ?? "", input.ContinuationToken)),
      },
    };
  }

  private costs(input: GetCostAndUsageCommandInput): Omit<GetCostAndUsageCommandOutput, "$metadata"> {
    const { NextPageToken, ...query } = input;
    this.costRequests.push(input);
    const { pageSize, currencyOf } = this.options;
    const pages = pagesOf(this.history, query, {
      ...(pageSize !== undefined && { pageSize }),
      ...(currencyOf !== undefined && { currencyOf }),
    });
    const page = pages[Number((NextPageToken ?? "page-0").slice("page-".length))];
    if (page === undefined) throw awsError("InvalidNextTokenException");
    return page;
  }

  private listAccounts(token: string | undefined) {
    if (this.organizationsError !== undefined) throw this.organizationsError;
    const from = Number(token ?? 0);
    const page = this.history.accounts.slice(from, from + 4);
    return {
      Accounts: page.map(({ id, name }) => ({ Id: id, Name: `${name} (organization)` })),
      ...(from + 4 < this.history.accounts.length && { NextToken: String(from + 4) }),
    };
  }

  private deliver(input: SendEmailCommandInput): { MessageId: string } {
    const to = input.Destination?.ToAddresses?.[0] ?? "";
    const error = this.refusal(to);
    if (error !== undefined) throw error;
    const { length } = input.Content?.Raw?.Data ?? [];
    // https://docs.aws.amazon.com/ses/latest/dg/quotas.html
    if (length > 40 * 1024 * 1024) throw awsError("BadRequestException", "Message length is more than 41943040 bytes");
    this.mails.push({ ...parseMessage(Buffer.from(input.Content?.Raw?.Data ?? [])), to, input });
    return { MessageId: `message-${this.mails.length}` };
  }

  private readObject(key: string): string {
    const text = this.objects.get(key);
    if (text === undefined) throw awsError("NoSuchKey", "The specified key does not exist.", 404);
    return text;
  }

  private list(prefix: string, token: string | undefined) {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > (token ?? "")).sort();
    const page = keys.slice(0, this.listPageSize);
    const last = page.at(-1);
    return {
      Contents: page.map((Key) => ({ Key })),
      ...(keys.length > page.length && last !== undefined && { NextContinuationToken: last }),
    };
  }
}
