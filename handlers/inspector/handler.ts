/**
 * The Lambdas of pattern inspector. One takes SQS batches of Inspector's events and answers with those that failed, so its
 * event source mapping needs `ReportBatchItemFailures`. The other is invoked asynchronously by schedules: every few
 * minutes for notices, once a day for the digest.
 */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { callWithin } from "../shared/invocation";
import { failing, readRecords } from "../shared/sqs";
import type { RecordDeps, ReportDeps } from "./apis";
import { productionRecordDeps, productionReportDeps } from "./clients";
import { Deliveries } from "./deliveries";
import { digestOf } from "./digest";
import { NotSentError } from "./errors";
import { parseEvent, parseRequest } from "./events";
import { type Group, groupName, type Notice } from "./items";
import { MOST_SHOWN, renderDigest, renderNotices, sorted } from "./mail/render";
import { Outbox } from "./outbox";
import { record } from "./record";
import { type Message, type Sending, notify, type TopicMessage } from "./send";
import { daysToFixMetric, type RecordSettings, type ReportSettings } from "./settings";

/** Time kept at the end of an invocation: for the call under way (see clients.ts), and for saying what came of it. */
export const MARGIN_MS = 8000;
/** Time in which not even what came of a message is written down any more. */
const CLOSING_MARGIN_MS = 1000;
const CLOCKS_DIFFER_MS = 5000;

/** The Lambda on the queue of events: keeps the findings, and notes what people have to know. */
export function makeRecordHandler(
  { tableName, scanId }: RecordSettings,
  deps: RecordDeps = productionRecordDeps(scanId),
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    const call = callWithin(deps, context, MARGIN_MS);
    const { good, malformed } = readRecords(event.Records, parseEvent);
    for (const {
      record: { messageId, body },
      error,
    } of malformed) {
      deps.telemetry.error("An event cannot be read; it will end in the dead-letter queue", error, {
        messageId,
        body: body.slice(0, 1000),
      });
    }
    if (malformed.length > 0) deps.telemetry.count("MalformedEvents", malformed.length);
    const failed: SQSRecord[] = [];
    // One after the other: those of one batch are often of one resource, whose transactions would conflict.
    for (const { record: message, content } of good) {
      try {
        const step = await record(content, { deps, call, tableName });
        if (step.kind === "change" && step.daysToFix !== undefined) {
          deps.telemetry.count(daysToFixMetric(content.severity), step.daysToFix);
        }
      } catch (error) {
        deps.telemetry.error("A finding is not written down; the queue will retry", error, { arn: content.arn });
        failed.push(message);
      }
    }
    deps.telemetry.flush();
    return failing([...malformed.map(({ record: message }) => message), ...failed]);
  };
}

export interface Reported {
  /** Messages that everybody has now. */
  readonly reported: number;
}

/**
 * The Lambda of the schedules.
 *
 * @throws BadEventError; NotSentError after all that can be sent was, or OutOfTimeError: Lambda then tries the event
 *   again, and gives it to the dead-letter queue at last; trying again sends only what has not been sent
 */
export function makeReportHandler(
  settings: ReportSettings,
  deps: ReportDeps = productionReportDeps(settings.scanId),
): (event: unknown, context: Context) => Promise<Reported> {
  return async (event, context) => {
    const { tableName } = settings;
    const call = callWithin(deps, context, MARGIN_MS);
    const closing = callWithin(deps, context, CLOSING_MARGIN_MS);
    const endsAt = deps.now() + context.getRemainingTimeInMillis() + CLOCKS_DIFFER_MS;
    const deliveries = new Deliveries(deps.table, { call, closing }, { tableName, endsAt, now: deps.now });
    const outbox = new Outbox(deps.table, call, tableName, deps.now);
    const sending: Sending = { settings, deps, call, deliveries };
    try {
      const { report, time } = parseRequest(event);
      const at = time === undefined ? deps.now() : Date.parse(time);
      const reported = await (report === "notices" ? reportNotices : sendDigest)(outbox, sending, at);
      deps.telemetry.info("Everybody was notified", { report, reported });
      return { reported };
    } catch (error) {
      deps.telemetry.error("Not everybody was notified", error);
      throw error;
    } finally {
      deps.telemetry.flush();
    }
  };
}

/** A moment to come closes the present hour's groups, too; what happens later is reported with the next hour's. */
async function reportNotices(outbox: Outbox, sending: Sending, at: number): Promise<number> {
  const reasons: string[] = [];
  let reported = 0;
  for (const group of await outbox.due(at)) {
    const notices = await outbox.close(group);
    const { faults, held } = await notify(noticeMessage(group, notices, sending.settings), sending);
    reasons.push(...faults.map((fault) => `${groupName(group)} to ${fault}`));
    if (held.length > 0) sending.deps.telemetry.warn("Another run may have reported it", { ...group, held });
    if (faults.length + held.length > 0) continue;
    await outbox.finish(group);
    reported += 1;
  }
  if (reasons.length > 0) throw new NotSentError("Notices", reasons);
  return reported;
}

function noticeMessage(group: Group, notices: readonly Notice[], { scanId }: ReportSettings): Message {
  const mail = renderNotices(group, notices, scanId);
  const ordered = sorted(notices);
  const topic: TopicMessage = {
    subject: mail.subject,
    text: mail.text,
    data: { ...group, notices: ordered.slice(0, MOST_SHOWN), more: Math.max(0, ordered.length - MOST_SHOWN) },
    attributes: {
      account: group.account,
      resourceType: group.resourceType,
      severity: ordered[0]?.severity ?? "UNTRIAGED",
    },
  };
  return { name: groupName(group), topic, mail };
}

async function sendDigest(outbox: Outbox, sending: Sending, now: number): Promise<number> {
  const { settings, deps } = sending;
  const digest = digestOf(await outbox.findings(), now, settings.fixWithinDays);
  deps.telemetry.count("OpenFindings", digest.open);
  deps.telemetry.count("OverdueFindings", digest.overdue.length);
  if (settings.mail === undefined) return 0;
  const date = new Date(now).toISOString().slice(0, 10);
  const mail = renderDigest(digest, date, settings.scanId);
  const { faults, held } = await notify({ name: `digest|${date}`, mail }, sending);
  // No later run has this day, so that somebody has to know.
  const doubts = held.map((address) => `${address}: another run may have sent it; invoke this again after an hour`);
  if (faults.length + held.length > 0) throw new NotSentError(`The digest of ${date}`, [...faults, ...doubts]);
  return 1;
}
