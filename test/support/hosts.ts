/** Requests to hosts of AWS's, which the local cloud knows by the Host header. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { LocalCloud } from "../../local/cloud";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function ask(
  { endpoint }: Pick<LocalCloud, "endpoint">,
  host: string,
  path: string,
  { method = "GET", headers = {}, body = "" } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    const sent = { "user-agent": "test", "x-forwarded-proto": "https", ...headers, host };
    const request = httpRequest({ hostname, port, path, method, headers: sent }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}
