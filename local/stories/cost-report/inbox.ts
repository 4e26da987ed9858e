/** What came out of SES, as recipients got it. */
import { setTimeout as sleep } from "node:timers/promises";
import PostalMime from "postal-mime";
import { eventually, type StoryContext } from "../story";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** The HTML as a page of its own: pictures are inside. */
  readonly page: string;
}

interface Message {
  readonly To?: readonly string[];
  /** Named by what components send; mails of Cognito to the account's users name none. */
  readonly ConfigurationSetName?: string;
  /** The whole mail, in base64. */
  readonly Raw?: string;
}

export class Inbox {
  constructor(private readonly context: StoryContext) {}

  private async messages(): Promise<Message[]> {
    const { endpoint, deployment } = this.context;
    const account = deployment.account.id;
    const answer = await fetch(`${endpoint}/_ministack/ses/messages?account=${account}`);
    const { messages = {} } = (await answer.json()) as { messages?: Record<string, Message[]> };
    return (messages[account] ?? []).filter(({ ConfigurationSetName }) => ConfigurationSetName);
  }

  /** Waits until there are so many mails; in the order in which they were sent. */
  async settled(count: number): Promise<Mail[]> {
    const found = await eventually(
      `${count} mails`,
      this.context.signal,
      () => this.messages(),
      (messages) => messages.length >= count,
    );
    if (found.length > count) throw new Error(`${found.length} mails, not ${count}`);
    return Promise.all(found.map(read));
  }

  /** How many mails there are after everything that was asked for has had its time. */
  async quiet(count: number): Promise<number> {
    const until = Date.now() + 4000;
    while (Date.now() < until) {
      await sleep(250, undefined, { signal: this.context.signal });
      const { length } = await this.messages();
      if (length !== count) throw new Error(`${length} mails, not ${count}`);
    }
    return count;
  }
}

async function read({ To = [], Raw = "" }: Message): Promise<Mail> {
  const { subject = "", html = "", text = "", attachments } = await PostalMime.parse(Buffer.from(Raw, "base64"));
  let page = html;
  for (const { contentId = "", mimeType, content } of attachments) {
    const id = contentId.replace(/^<|>$/g, "");
    const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
    if (id !== "") page = page.replaceAll(`cid:${id}`, `data:${mimeType};base64,${bytes.toString("base64")}`);
  }
  return { to: To[0] ?? "", subject, html, text, page };
}
