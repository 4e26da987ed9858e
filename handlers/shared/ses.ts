/** One mail to one recipient, and what became of it. */
import type { SendEmailCommandInput, SendEmailCommandOutput } from "@aws-sdk/client-sesv2";
import type { Call } from "./retry";
import { AnswerLostError, noticingLostAnswers } from "./lost-answers";
import { bareAddress } from "./mail/addresses";
import { fromHeader } from "./mail/mime";

export interface MailSender {
  sendEmail(input: SendEmailCommandInput): Promise<Omit<SendEmailCommandOutput, "$metadata">>;
}

export interface SendingSettings {
  /** Sender, a verified identity of SES or of a verified domain, with or without a name. */
  readonly sender: string;
  readonly configurationSetName?: string;
}

export type Outcome =
  | { readonly kind: "sent"; readonly messageId: string }
  /** SES does not take a mail to this recipient; others may get theirs. */
  | { readonly kind: "refused"; readonly reason: string }
  /** SES takes no mail from us, to whomever. */
  | { readonly kind: "stopped"; readonly reason: string; readonly error: unknown }
  /** The answer was lost, or does not say: SES may have taken the mail. */
  | { readonly kind: "in doubt"; readonly reason: string };

export async function sendMail(
  api: MailSender,
  call: Call,
  settings: SendingSettings,
  recipient: string,
  mime: Buffer,
): Promise<Outcome> {
  const { configurationSetName } = settings;
  try {
    const { MessageId = "" } = await call("sending a mail", () =>
      noticingLostAnswers("SES", () =>
        api.sendEmail({
          FromEmailAddress: fromHeader(mime),
          Destination: { ToAddresses: [bareAddress(recipient)] },
          Content: { Raw: { Data: mime } },
          ...(configurationSetName !== undefined && { ConfigurationSetName: configurationSetName }),
        }),
      ),
    );
    return { kind: "sent", messageId: MessageId };
  } catch (error) {
    if (error instanceof AnswerLostError) return { kind: "in doubt", reason: error.message };
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return isAboutRecipient(error, settings.sender) ? { kind: "refused", reason } : { kind: "stopped", reason, error };
  }
}

/**
 * In the sandbox SES refuses a recipient with the same error as an unverified sender, and names the identity in its
 * message. An address that is none is a bad request.
 */
function isAboutRecipient(error: unknown, sender: string): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name !== "MessageRejected" && error.name !== "BadRequestException") return false;
  const address = bareAddress(sender).toLowerCase();
  const domain = address.split("@").pop() ?? address;
  // The identity that SES names is the sender's address or domain, not an address of somebody else at that domain.
  const named = error.message.toLowerCase().split(/[\s,:;<>()"']+/);
  return !named.some((word) => word === address || word === domain);
}
