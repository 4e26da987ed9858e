/** The files that hold what the mail folds: attached while a mail can carry them, else left to the archive. */
import type { Day } from "../../shared/days";
import type { Report } from "../report";
import { reportFolder } from "../report-folder";
import type { FullSettings } from "../settings";
import { accountsCsv, servicesCsv } from "./csv";
import { zipOf } from "./zip";

export interface MailFile {
  /** "services.csv.zip" where "services.csv" is large. */
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A file that is too large for a mail, and its place in the archive. */
export interface ArchivedFile extends MailFile {
  readonly bucketName: string;
  readonly key: string;
}

export interface MailFiles {
  readonly attached: readonly MailFile[];
  readonly archived: readonly ArchivedFile[];
}

/** A larger file is zipped. */
export const MOST_PLAIN_BYTES = 500_000;

/**
 * What all attachments of a mail have together, at most. In base64 it is a third more, and the mail as a whole stays below
 * the 10 MB above which many servers refuse it; SES itself takes 40 MB, and slows down above 10.
 * https://docs.aws.amazon.com/ses/latest/dg/quotas.html
 */
export const MOST_ATTACHED_BYTES = 6_500_000;

export const NO_FILES: MailFiles = { attached: [], archived: [] };

/** @param view name of the view that they are of, in which their names in the archive begin */
export function filesOf(
  report: Report,
  { bucketName, prefix }: Pick<FullSettings, "bucketName" | "prefix">,
  view: string,
): MailFiles {
  const attached: MailFile[] = [];
  const archived: ArchivedFile[] = [];
  let room = MOST_ATTACHED_BYTES;
  for (const file of [
    fileOf("accounts.csv", accountsCsv(report), report.date),
    fileOf("services.csv", servicesCsv(report), report.date),
  ]) {
    const { length } = file.content;
    if (length > room) {
      archived.push({ ...file, bucketName, key: `${reportFolder({ prefix }, report.date)}${view}-${file.filename}` });
    } else {
      room -= length;
      attached.push(file);
    }
  }
  return { attached, archived };
}

function fileOf(filename: string, csv: string, date: Day): MailFile {
  const content = Buffer.from(csv);
  if (content.length <= MOST_PLAIN_BYTES) return { filename, contentType: "text/csv; charset=utf-8", content };
  return { filename: `${filename}.zip`, contentType: "application/zip", content: zipOf(filename, content, date) };
}

/** Where readers of the mail find a file: "in the attached accounts.csv". */
export function whereIs(filename: string, { attached, archived }: MailFiles): string {
  const isIt = (file: MailFile): boolean => file.filename.startsWith(filename);
  const found = attached.find(isIt);
  if (found !== undefined) return `in the attached ${found.filename}`;
  return `in ${archived.find(isIt)?.filename ?? filename}, see below`;
}

/** What the mail says of a file that it cannot carry. */
export function archivedNote({ filename, content, bucketName, key }: ArchivedFile, hasArchive: boolean): string {
  const size = `${(content.length / 1_000_000).toFixed(1)} MB`;
  const place = hasArchive
    ? `it is in the archive, as s3://${bucketName}/${key}`
    : "the archive did not take it either";
  return `${filename} is too large for a mail (${size}): ${place}`;
}
