/** Browsers of the site: requests to CloudFront's name, which the local cloud answers on its own port. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { Browser, Page } from "playwright-core";
import { outputOf } from "../account";
import type { PlayedContext } from "../story";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string | undefined;
  readonly scheme?: "http" | "https";
  readonly host?: string;
}

export function ask(context: PlayedContext, path: string, asked: Asked = {}): Promise<Answer> {
  const { hostname, port } = new URL(context.endpoint);
  const { method = "GET", scheme = "https", host = outputOf(context, "domainName") } = asked;
  const headers = { "user-agent": "a story", "x-forwarded-proto": scheme, ...asked.headers, host };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, method, headers, signal: context.signal }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    sent.on("error", reject);
    sent.end(asked.body);
  });
}

/** A window in which the site is at its own name. */
export async function open(browser: Browser, context: PlayedContext): Promise<Page> {
  const session = await browser.newContext({ viewport: { width: 760, height: 260 } });
  await session.route("**/*", async (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const all = Object.entries(await request.allHeaders());
    const headers = Object.fromEntries(
      all.filter(([name]) => !/^(:|host$|content-length$|accept-encoding$)/.test(name)),
    );
    const body = request.postDataBuffer() ?? undefined;
    const answer = await ask(context, pathname + search, { method: request.method(), headers, body });
    const answered = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join("\n")] as const);
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answered), body: answer.body });
  });
  return session.newPage();
}
