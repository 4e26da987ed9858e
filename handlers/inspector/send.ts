/** Sends a message to everybody, by each channel at most once an hour; see deliveries.ts. */
import { composeMime } from "../shared/mail/mime";
import { AnswerLostError, noticingLostAnswers } from "../shared/lost-answers";
import { type Call, OutOfTimeError } from "../shared/retry";
import { type Outcome, sendMail } from "../shared/ses";
import type { ReportDeps } from "./apis";
import type { Deliveries } from "./deliveries";
import type { RenderedMail } from "./mail/render";
import type { MailSettings, ReportSettings } from "./settings";

export interface Sending {
  readonly settings: ReportSettings;
  readonly deps: Pick<ReportDeps, "telemetry" | "topic" | "mail" | "now">;
  readonly call: Call;
  readonly deliveries: Deliveries;
}

/** A message as SNS takes it. */
export interface TopicMessage {
  readonly subject: string;
  /** For mail subscriptions. */
  readonly text: string;
  /** For programs. */
  readonly data: object;
  /** By which subscriptions may filter. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Message {
  /** The same whenever it is made again. */
  readonly name: string;
  readonly topic?: TopicMessage;
  readonly mail: RenderedMail;
}

/** Channel of the topic; all others are addresses. */
const TOPIC = "topic";

export interface Notified {
  /** Why it did not reach everybody; nothing where it did, or may have. */
  readonly faults: readonly string[];
  /** Channels where another run may have sent it, so that it goes out again after an hour unless that becomes known. */
  readonly held: readonly string[];
}

/** @throws OutOfTimeError */
export async function notify(message: Message, sending: Sending): Promise<Notified> {
  const { topic, mail, name } = message;
  const { mail: by } = sending.settings;
  const faults: string[] = [];
  const held: string[] = [];
  const deliver = async (channel: string, send: () => Promise<Outcome>): Promise<void> => {
    const verdict = await sending.deliveries.claim(name, channel);
    if (verdict === "held") held.push(channel);
    if (verdict !== "due") return;
    const reason = await deliverClaimed(name, channel, sending, send);
    if (reason !== undefined) faults.push(`${channel}: ${reason}`);
  };
  if (topic !== undefined) await deliver(TOPIC, () => publish(topic, sending));
  if (by !== undefined) {
    for (const address of by.recipients) await deliver(address, () => mailTo(address, mail, { ...sending, by, name }));
  }
  return { faults, held };
}

async function deliverClaimed(
  name: string,
  channel: string,
  { deliveries, deps }: Sending,
  send: () => Promise<Outcome>,
): Promise<string | undefined> {
  let outcome: Outcome | undefined;
  try {
    outcome = await send();
  } finally {
    // Nothing was sent where there was no time to begin, or no mail could be made.
    if (outcome === undefined) await deliveries.release(name, channel);
  }
  switch (outcome.kind) {
    case "sent":
      await deliveries.markSent(name, channel);
      deps.telemetry.count("MessagesSent", 1);
      return undefined;
    case "in doubt":
      deps.telemetry.count("DeliveriesInDoubt", 1);
      return outcome.reason;
    case "refused":
    case "stopped":
      await deliveries.release(name, channel);
      return outcome.reason;
  }
}

/** Longest that SNS takes, for mail subscriptions. */
const MOST_SUBJECT = 100;

async function publish({ subject, text, data, attributes }: TopicMessage, sending: Sending): Promise<Outcome> {
  const { deps, call, settings } = sending;
  const json = JSON.stringify(data);
  try {
    const { MessageId = "" } = await call("publishing to the topic", () =>
      noticingLostAnswers("SNS", () =>
        deps.topic.publish({
          TopicArn: settings.topicArn,
          // SNS takes printable ASCII only.
          Subject: subject.replaceAll(/[^ -~]/g, "?").slice(0, MOST_SUBJECT),
          MessageStructure: "json",
          Message: JSON.stringify({ default: text, sqs: json, lambda: json, https: json }),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: "String", StringValue }]),
          ),
        }),
      ),
    );
    return { kind: "sent", messageId: MessageId };
  } catch (error) {
    if (error instanceof OutOfTimeError) throw error;
    if (error instanceof AnswerLostError) return { kind: "in doubt", reason: error.message };
    return { kind: "stopped", reason: String(error), error };
  }
}

async function mailTo(
  recipient: string,
  mail: RenderedMail,
  { by, deps, call, settings, name }: Sending & { readonly by: MailSettings; readonly name: string },
): Promise<Outcome> {
  const { subject, html, text, thread } = mail;
  const mime = await composeMime({
    ...{ sender: by.sender, recipient, subject, text },
    html: html(),
    date: new Date(deps.now()),
    thread: [settings.scanId, thread ?? name],
  });
  const outcome = await sendMail(deps.mail, call, by, recipient, mime);
  if (outcome.kind === "stopped" && outcome.error instanceof OutOfTimeError) throw outcome.error;
  return outcome;
}
