/** Brings each recipient the mail that is due: one after the other, each at most once. */
import { type Call, OutOfTimeError } from "../shared/retry";
import type { CostReportDeps } from "./apis";
import type { Day } from "../shared/days";
import type { Deliveries, Delivery, Verdict } from "./deliveries";
import { type Refusal, RecipientsNotReachedError, SendingRefusedError } from "./errors";
import { sendMail } from "../shared/ses";
import type { FullSettings } from "./settings";
import { recipientKey, type View } from "./views";

/** A view's mail to one of its recipients, as SES takes it. */
export type Compose = (view: View, address: string) => Promise<Buffer>;

export interface Sending {
  readonly settings: FullSettings;
  readonly deps: Pick<CostReportDeps, "mail" | "telemetry" | "sleep">;
  readonly call: Call;
  readonly date: Day;
  readonly deliveries: Deliveries;
  readonly views: readonly View[];
  /** Makes every view's mail; asked once, when the first recipient is due, and given the deliveries as they are then. */
  readonly prepare: (known: ReadonlyMap<string, Delivery>) => Promise<Compose>;
}

export interface Sent {
  /** Addresses that got the mail now. */
  readonly sent: readonly string[];
  /** Addresses that had it before. */
  readonly alreadySent: readonly string[];
  /** Addresses that another invocation has sent to meanwhile. */
  readonly leftToAnother: readonly string[];
}

/** Between two looks at what another invocation is sending, in milliseconds. */
const WAIT_MS = 5000;
const DOUBT = "the Lambda was stopped, or SES's answer was lost, in the moment of sending";

interface Post {
  readonly view: View;
  readonly address: string;
}

/**
 * Ends when everybody has the mail, or cannot get it. What another invocation is sending at this moment is waited for:
 * should that one die, its event may never be tried again.
 *
 * @throws SendingRefusedError, RecipientsNotReachedError after everybody who can be reached was; OutOfTimeError
 */
export async function sendViews(sending: Sending): Promise<Sent> {
  const { deps, date } = sending;
  const tally = { sent: [] as string[], alreadySent: [] as string[], leftToAnother: [] as string[] };
  const [refused, inDoubt]: [Refusal[], Refusal[]] = [[], []];
  let prepared: Promise<Compose> | undefined;
  let queue = sending.views.flatMap((view) => view.recipients.map(({ address }): Post => ({ view, address })));
  try {
    for (let round = 0; queue.length > 0; round += 1) {
      if (round > 0) await sending.call("waiting for another invocation that sends", () => deps.sleep(WAIT_MS));
      const known = await sending.deliveries.read();
      const left: Post[] = [];
      for (const [n, post] of queue.entries()) {
        const { address } = post;
        const compose = () => (prepared ??= sending.prepare(known));
        const step = await deliver(sending, known.get(recipientKey(address)), post, compose);
        switch (step.kind) {
          case "sent":
            tally.sent.push(address);
            break;
          case "done":
            tally[round === 0 ? "alreadySent" : "leftToAnother"].push(address);
            break;
          case "left to another":
            left.push(post);
            break;
          case "refused":
            refused.push({ address, reason: step.reason });
            break;
          case "in doubt":
            inDoubt.push({ address, reason: howToRepeat(sending, address, step.reason) });
            break;
          case "stopped":
            throw stoppedBy(step, sending, [...queue.slice(n), ...left]);
        }
      }
      queue = left;
    }
  } finally {
    deps.telemetry.count("ReportsSent", tally.sent.length);
    deps.telemetry.count("RecipientsRefused", refused.length);
    deps.telemetry.count("DeliveriesInDoubt", inDoubt.length);
  }
  deps.telemetry.info("Sent the report", { date, ...tally });
  if (refused.length + inDoubt.length > 0) throw new RecipientsNotReachedError(date, refused, inDoubt);
  return tally;
}

type Step =
  | { readonly kind: "done" | "left to another" | "sent" }
  | { readonly kind: "in doubt" | "refused"; readonly reason: string }
  | Stopped;

interface Stopped {
  readonly kind: "stopped";
  readonly reason: string;
  readonly error: unknown;
}

async function deliver(
  { deliveries, deps, call, settings }: Sending,
  before: Delivery | undefined,
  { view, address }: Post,
  prepared: () => Promise<Compose>,
): Promise<Step> {
  const key = recipientKey(address);
  const verdict = deliveries.judge(before);
  if (verdict !== "due") return stepOf(verdict);
  const compose = await prepared();
  const mime = await compose(view, address);
  const begun = await deliveries.begin(key);
  if (begun !== "due") return stepOf(begun);
  const outcome = await sendMail(deps.mail, call, settings, address, mime);
  if (outcome.kind === "sent") await deliveries.markSent(key, outcome.messageId);
  if (outcome.kind === "refused" || outcome.kind === "stopped") await deliveries.markFailed(key, outcome.reason);
  return outcome;
}

function stepOf(verdict: Exclude<Verdict, "due">): Step {
  return verdict === "in doubt" ? { kind: verdict, reason: DOUBT } : { kind: verdict };
}

/** Where it was not SES, but our own time that came to its end, Lambda tries again. */
function stoppedBy({ error, reason }: Stopped, { settings }: Sending, unsent: readonly Post[]): unknown {
  if (error instanceof OutOfTimeError) return error;
  const addresses = unsent.map(({ address }) => address);
  return new SendingRefusedError(settings.sender, addresses, reason, { cause: error });
}

function howToRepeat({ settings, date }: Sending, address: string, reason: string): string {
  const item = JSON.stringify({ pk: settings.reportId, sk: `${date}#${recipientKey(address)}` });
  return `${reason}; to send it again, delete item ${item} of table ${settings.tableName} first`;
}
