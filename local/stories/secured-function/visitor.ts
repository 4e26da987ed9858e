/** Somebody on the internet: requests by name, which the local cloud answers in the name's place. */
import { createHash } from "node:crypto";
import { request } from "node:http";

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Where it comes from; CloudFront looks that up by the address. Default: US. */
  readonly country?: string;
  readonly address?: string;
}

export interface Answer {
  readonly status: number;
  /** Those that came more than once are joined by line ends. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Visit = (url: string, sent?: Sent) => Promise<Answer>;

export function visitor(endpoint: string): Visit {
  const { hostname, port } = new URL(endpoint);
  return (address, { method = "GET", headers = {}, body, country, address: from } = {}) => {
    const url = new URL(address);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          hostname,
          port,
          method,
          path: `${url.pathname}${url.search}`,
          headers: {
            // AWS's common rules refuse those who do not say what they are.
            "user-agent": "story",
            ...headers,
            host: url.host,
            "x-forwarded-proto": url.protocol.slice(0, -1),
            ...(country !== undefined && { "x-test-viewer-country": country }),
            ...(from !== undefined && { "x-test-viewer-address": from }),
            ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            const pairs = Object.entries(response.headersDistinct).map(([name, values = []]) => [
              name,
              values.join("\n"),
            ]);
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(pairs) as Record<string, string>,
              body: Buffer.concat(parts),
            });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  };
}

export const sha256 = (text: string) => createHash("sha256").update(text);

/** A request with a JSON body as the site sends it: with the hash that Lambda's signature covers. */
export function posting(value: unknown, headers: Readonly<Record<string, string>> = {}): Sent {
  const body = JSON.stringify(value);
  return {
    method: "POST",
    headers: { "content-type": "application/json", "x-amz-content-sha256": sha256(body).digest("hex"), ...headers },
    body,
  };
}

/** What a JSON answer says in `message`; the status where it is none. */
export function messageOf({ status, body }: Answer): string {
  try {
    const { message } = JSON.parse(body.toString()) as { message?: string };
    return `${status} ${message}`;
  } catch {
    return `${status}`;
  }
}
