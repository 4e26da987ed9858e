/** Mails and mailboxes of tests. */
import { CreateEmailIdentityCommand, PutAccountDetailsCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import type { TestCloud } from "./cloud";

/** A mail as the local cloud's inbox shows it; `Raw` is its MIME in base64. */
export interface ReceivedMail {
  MessageId: string;
  Source: string;
  To: string[];
  CC: string[];
  BCC: string[];
  Subject: string;
  BodyText: string;
  BodyHtml: string;
  Raw: string;
  Region: string;
  ConfigurationSetName: string;
  EmailTags: Record<string, string>;
}

/** What an account has sent, oldest first. */
export async function mailsOf(cloud: Pick<TestCloud, "endpoint">, account: string): Promise<ReceivedMail[]> {
  const response = await fetch(`${cloud.endpoint}/_ministack/ses/messages?account=${account}`);
  const { messages } = (await response.json()) as { messages: Record<string, ReceivedMail[]> };
  return messages[account] ?? [];
}

/** The owner of an address follows the link that SES mails. */
export async function verifyEmail(
  cloud: Pick<TestCloud, "endpoint">,
  identity: string,
  account?: string,
): Promise<unknown> {
  const query = new URLSearchParams({ identity, ...(account === undefined ? {} : { account }) });
  const response = await fetch(`${cloud.endpoint}/_aws-patterns/verify-email?${query}`, { method: "POST" });
  return response.json();
}

export async function createVerified(
  cloud: TestCloud,
  account: string,
  identity: string,
  more: { ConfigurationSetName?: string } = {},
): Promise<void> {
  await new SESv2Client(cloud.as(account)).send(new CreateEmailIdentityCommand({ EmailIdentity: identity, ...more }));
  await verifyEmail(cloud, identity, account);
}

export async function leaveSandbox(cloud: TestCloud, account: string): Promise<void> {
  const details = { MailType: "TRANSACTIONAL" as const, WebsiteURL: "https://example.com" };
  const command = new PutAccountDetailsCommand({ ...details, ProductionAccessEnabled: true });
  await new SESv2Client(cloud.as(account)).send(command);
}

/** A raw mail with these headers, a text and an HTML part. */
export function rawMail(headers: Record<string, string>, extraPart = ""): { Raw: { Data: Uint8Array } } {
  const all = { "MIME-Version": "1.0", "Content-Type": 'multipart/mixed; boundary="b"', ...headers };
  const parts = [
    "Content-Type: text/plain; charset=utf-8\r\n\r\nCosts: 12 €",
    "Content-Type: text/html; charset=utf-8\r\n\r\n<b>Costs: 12 €</b>",
    ...(extraPart === "" ? [] : [extraPart]),
  ];
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const body = [...parts.map((part) => `--b\r\n${part}`), "--b--\r\n"].join("\r\n");
  return { Raw: { Data: Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`) } };
}
