/** The service as its users see it: HTTP requests to the API. */
import { outputOf } from "../account";
import type { PlayedContext } from "../story";

export interface Answer {
  readonly status: number;
  readonly body: { readonly id?: string; readonly text?: string; readonly receipt?: string };
  /** Version and environment that answered. */
  readonly version: string;
  readonly environment: string;
}

export function service(context: PlayedContext) {
  const base = `${context.endpoint}/_aws/execute-api/${outputOf(context, "apiId")}/$default/records`;
  const call = async (method: string, path: string, text?: string, receipt?: string): Promise<Answer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(receipt === undefined ? {} : { "x-receipt": receipt }) },
      ...(text === undefined ? {} : { body: JSON.stringify({ text }) }),
      signal: context.signal,
    });
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
