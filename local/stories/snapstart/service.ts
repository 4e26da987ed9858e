/** The service as its users see it: HTTP requests to the API, signed by those whom IAM knows. */
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { outputOf } from "../account";
import type { PlayedContext, StoryContext } from "../story";

export interface Answer {
  readonly status: number;
  readonly body: { readonly id?: string; readonly text?: string; readonly receipt?: string };
  /** Version and environment that answered. */
  readonly version: string;
  readonly environment: string;
}

/** @param caller who signs the requests; nobody where it is left out */
export function service(context: PlayedContext, caller?: StoryContext["client"]) {
  const base = `${context.endpoint}/_aws/execute-api/${outputOf(context, "apiId")}/$default/records`;
  const signer = caller && new SignatureV4({ ...caller, service: "execute-api", sha256: Sha256 });
  const call = async (method: string, path: string, text?: string, receipt?: string): Promise<Answer> => {
    const url = new URL(`${base}${path}`);
    const request = {
      method,
      ...{ protocol: url.protocol, hostname: url.hostname, path: url.pathname },
      headers: {
        host: url.host,
        "content-type": "application/json",
        ...(receipt === undefined ? {} : { "x-receipt": receipt }),
      },
      ...(text === undefined ? {} : { body: JSON.stringify({ text }) }),
    };
    const { headers } = signer === undefined ? request : await signer.sign(request);
    const response = await fetch(url, { ...request, headers, signal: context.signal });
    const body = await response.text();
    return {
      status: response.status,
      body: body === "" ? {} : (JSON.parse(body) as Answer["body"]),
      version: response.headers.get("x-version") ?? "",
      environment: response.headers.get("x-environment") ?? "",
    };
  };
  return {
    create: (text: string) => call("POST", "", text),
    read: (id: string) => call("GET", `/${id}`),
    change: (id: string, text: string, receipt: string) => call("PUT", `/${id}`, text, receipt),
    remove: (id: string, receipt: string) => call("DELETE", `/${id}`, undefined, receipt),
  };
}
