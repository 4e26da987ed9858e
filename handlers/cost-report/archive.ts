/**
 * The archive of reports: `reports/YYYY/MM/DD/` holds `costs.json` (everything that a report is made of), `summary.json`
 * (what trend pages are made of) and the mails as HTML; `trend/YYYY-MM.html` is made from the summaries of a month.
 * Writing the same again changes nothing.
 */
import * as z from "zod/mini";
import { pages } from "../shared/pages";
import { type Call, OutOfTimeError } from "../shared/retry";
import { type Amount, parseAmount, sum, toDecimal } from "./amounts";
import type { ArchiveBucket } from "./apis";
import type { Costs } from "./costs";
import type { Day } from "../shared/days";
import type { ArchivedFile } from "./mail/files";
import { reportFolder } from "./report-folder";
import type { FullSettings, Metric } from "./settings";

type Place = Pick<FullSettings, "bucketName" | "prefix">;

const SCHEMA_VERSION = 1;

const amount = z.pipe(
  z.string(),
  z.transform((text: string, context): Amount => {
    const read = parseAmount(text);
    if (read !== undefined) return read;
    context.issues.push({ code: "custom", message: "is no decimal", input: text });
    return z.NEVER;
  }),
);
const metric = z.enum(["UnblendedCost", "BlendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost"]);
const head = { schemaVersion: z.literal(SCHEMA_VERSION), date: z.string(), metric, currency: z.string() };

const costsSchema = z.object({
  ...head,
  days: z.array(z.string()),
  estimated: z.array(z.string()),
  notes: z.optional(z.array(z.string())),
  accounts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      owner: z.optional(z.string()),
      trend: z.array(amount),
      monthToDate: amount,
      sameDays: amount,
      lastMonth: amount,
      services: z.array(z.object({ name: z.string(), cost: amount, previous: amount })),
    }),
  ),
});

const summarySchema = z.object({
  ...head,
  estimated: z.boolean(),
  total: amount,
  accounts: z.array(z.object({ id: z.string(), name: z.string(), cost: amount })),
});

/** One day as it was reported. */
export interface Summary {
  readonly date: Day;
  readonly metric: Metric;
  readonly currency: string;
  readonly estimated: boolean;
  readonly total: Amount;
  readonly accounts: readonly { readonly id: string; readonly name: string; readonly cost: Amount }[];
}

export function summaryOf({ date, metric: used, currency, estimated, accounts }: Costs): Summary {
  const costs = accounts.map(({ id, name, trend }) => ({ id, name, cost: trend.at(-1) ?? 0n }));
  return {
    date,
    metric: used,
    currency,
    estimated: estimated.includes(date),
    total: sum(costs.map(({ cost }) => cost)),
    accounts: costs.filter(({ cost }) => cost !== 0n),
  };
}

/** Amounts are written as exact decimals. */
export function serialize(content: Costs | Summary): string {
  const written = { schemaVersion: SCHEMA_VERSION, ...content };
  return JSON.stringify(written, (_, value: unknown) => (typeof value === "bigint" ? toDecimal(value) : value));
}

export function parseCosts(text: string): Costs {
  const { schemaVersion: _, accounts, notes, ...rest } = costsSchema.parse(JSON.parse(text));
  return {
    ...rest,
    ...(notes !== undefined && { notes }),
    accounts: accounts.map(({ owner, ...account }) => ({ ...account, ...(owner !== undefined && { owner }) })),
  };
}

export function parseSummary(text: string): Summary {
  const { schemaVersion: _, ...summary } = summarySchema.parse(JSON.parse(text));
  return summary;
}

export class Archive {
  constructor(
    private readonly bucket: ArchiveBucket,
    private readonly call: Call,
    private readonly place: Place,
  ) {}

  /** The report's folder. */
  folder(date: Day): string {
    return reportFolder(this.place, date);
  }

  trendKey(date: Day): string {
    return `${this.place.prefix}trend/${date.slice(0, 7)}.html`;
  }

  async writeCosts(costs: Costs): Promise<void> {
    const folder = this.folder(costs.date);
    await this.write(`${folder}costs.json`, serialize(costs), "application/json");
    await this.write(`${folder}summary.json`, serialize(summaryOf(costs)), "application/json");
  }

  writeMail(date: Day, view: string, html: string): Promise<void> {
    return this.write(`${this.folder(date)}${view}.html`, html, "text/html; charset=utf-8");
  }

  /** A file that is too large for the mail that tells of it. */
  writeFile({ key, content, contentType }: ArchivedFile): Promise<void> {
    return this.write(key, content, contentType);
  }

  writeTrend(date: Day, html: string): Promise<void> {
    return this.write(this.trendKey(date), html, "text/html; charset=utf-8");
  }

  /** The costs of a day reported before; undefined where they are not in the archive (any more). */
  async findCosts(date: Day): Promise<Costs | undefined> {
    const key = `${this.folder(date)}costs.json`;
    // Asking for an object that is not there is answered by "denied" where only some prefixes may be listed.
    return (await this.list(key)).includes(key) ? parseCosts(await this.read(key)) : undefined;
  }

  /** The month's reports in order, and the days whose summary cannot be read. */
  async monthSummaries(date: Day): Promise<{ summaries: Summary[]; unreadable: Day[] }> {
    const month = `${this.place.prefix}reports/${date.slice(0, 4)}/${date.slice(5, 7)}/`;
    const summaries: Summary[] = [];
    const unreadable: Day[] = [];
    for (const key of await this.list(month)) {
      const [, dayNumber] = /^(\d\d)\/summary\.json$/.exec(key.slice(month.length)) ?? [];
      if (dayNumber === undefined) continue;
      try {
        summaries.push(parseSummary(await this.read(key)));
      } catch (error) {
        if (error instanceof OutOfTimeError) throw error;
        unreadable.push(`${date.slice(0, 7)}-${dayNumber}`);
      }
    }
    return { summaries, unreadable };
  }

  /** Every key below a prefix, in order. */
  private async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    const ask = (ContinuationToken: string | undefined) =>
      this.call("listing the archive", () =>
        this.bucket.listObjects({
          Bucket: this.place.bucketName,
          Prefix: prefix,
          ...(ContinuationToken !== undefined && { ContinuationToken }),
        }),
      );
    for await (const page of pages(ask, ({ NextContinuationToken }) => NextContinuationToken)) {
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    }
    return keys.sort();
  }

  private read(key: string): Promise<string> {
    return this.call("reading the archive", () => this.bucket.getObject({ Bucket: this.place.bucketName, Key: key }));
  }

  private async write(key: string, body: string | Buffer, contentType: string): Promise<void> {
    await this.call("writing the archive", () =>
      this.bucket.putObject({ Bucket: this.place.bucketName, Key: key, Body: body, ContentType: contentType }),
    );
  }
}
