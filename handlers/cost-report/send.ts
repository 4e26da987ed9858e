/** Brings each recipient the mail that is due: one after the other, each at most once. */
import { type Call, OutOfTimeError } from "../shared/retry";
import type { CostReportDeps } from "./apis";
import type { Day } from "./days";
import type { Deliveries, Delivery, Verdict } from "./deliveries";
import { type Refusal, RecipientsNotReachedError, SendingRefusedError } from "./errors";
import { composeMail } from "./mail/compose";
import type { RenderedMail } from "./mail/render";
import { sendMail } from "./ses";
import type { FullSettings } from "./settings";
import { recipientKey, type View } from "./views";

export interface Sending {
  readonly settings: FullSettings;
  readonly deps: Pick<CostReportDeps, "mail" | "telemetry">;
  readonly call: Call;
  readonly date: Day;
  readonly deliveries: Deliveries;
  /** The deliveries as they were when the invocation began. */
  readonly known: ReadonlyMap<string, Delivery>;
  readonly views: readonly View[];
  /** By name of the view; may be empty where nothing is due. */
  readonly mails: ReadonlyMap<string, RenderedMail>;
}

export interface Sent {
  /** Addresses that got the mail now. */
  readonly sent: readonly string[];
  /** Addresses that had it before. */
  readonly alreadySent: readonly string[];
  /** Addresses that another invocation is sending to at this moment. */
  readonly leftToAnother: readonly string[];
}

const DOUBT = "the Lambda was stopped, or SES's answer was lost, in the moment of sending";

/** @throws SendingRefusedError, RecipientsNotReachedError after everybody who can be reached was */
export async function sendViews(sending: Sending): Promise<Sent> {
  const { deps, date, settings } = sending;
  const tally = { sent: [] as string[], alreadySent: [] as string[], leftToAnother: [] as string[] };
  const refused: Refusal[] = [];
  const inDoubt: Refusal[] = [];
  const doubt = (address: string, reason: string): void => {
    inDoubt.push({ address, reason: `${reason}; to send it again, delete ${itemOf(sending, address)} first` });
  };
  const queue = sending.views.flatMap((view) => view.recipients.map(({ address }) => ({ view, address })));
  for (const [n, { view, address }] of queue.entries()) {
    const outcome = await deliver(sending, view, address);
    switch (outcome.kind) {
      case "sent":
        tally.sent.push(address);
        break;
      case "done":
        tally.alreadySent.push(address);
        break;
      case "left to another":
        tally.leftToAnother.push(address);
        break;
      case "refused":
        refused.push({ address, reason: outcome.reason });
        break;
      case "in doubt":
        doubt(address, outcome.reason);
        break;
      case "stopped": {
        count(deps, tally.sent.length, refused.length, inDoubt.length);
        // Not SES, but our own time is at its end: Lambda tries again.
        if (outcome.error instanceof OutOfTimeError) throw outcome.error;
        const unsent = queue.slice(n).map((it) => it.address);
        throw new SendingRefusedError(settings.sender, unsent, outcome.reason, { cause: outcome.error });
      }
    }
  }
  count(deps, tally.sent.length, refused.length, inDoubt.length);
  deps.telemetry.info("Sent the report", { date, ...tally });
  if (refused.length + inDoubt.length > 0) throw new RecipientsNotReachedError(date, refused, inDoubt);
  return tally;
}

function count({ telemetry }: Sending["deps"], sent: number, refused: number, inDoubt: number): void {
  telemetry.count("ReportsSent", sent);
  telemetry.count("RecipientsRefused", refused);
  telemetry.count("DeliveriesInDoubt", inDoubt);
}

type Step =
  | { readonly kind: "done" | "left to another" | "sent" }
  | { readonly kind: "in doubt" | "refused"; readonly reason: string }
  | { readonly kind: "stopped"; readonly reason: string; readonly error: unknown };

async function deliver(sending: Sending, view: View, address: string): Promise<Step> {
  const { deliveries, deps, call, settings, date, known, mails } = sending;
  const key = recipientKey(address);
  const before = deliveries.judge(known.get(key));
  const mail = mails.get(view.name);
  if (before !== "due" || mail === undefined) return step(before);
  const claimed = await deliveries.claim(key);
  if (claimed !== "due") return step(claimed);
  const mime = await composeMail(mail, { settings, date, view: view.name, recipient: address });
  if (!(await deliveries.markSending(key))) return step("left to another");
  const outcome = await sendMail(deps.mail, call, settings, address, mime);
  if (outcome.kind === "sent") await deliveries.markSent(key, outcome.messageId);
  if (outcome.kind === "refused" || outcome.kind === "stopped") await deliveries.markFailed(key, outcome.reason);
  return outcome;
}

function step(verdict: Verdict): Step {
  switch (verdict) {
    case "in doubt":
      return { kind: "in doubt", reason: DOUBT };
    case "due":
    case "left to another":
      return { kind: "left to another" };
    case "done":
      return { kind: "done" };
  }
}

function itemOf({ settings, date }: Sending, address: string): string {
  return `item ${JSON.stringify({ pk: settings.reportId, sk: `${date}#${recipientKey(address)}` })} of table ${settings.tableName}`;
}
