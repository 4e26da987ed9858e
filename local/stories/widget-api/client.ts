/** The API as its users see it: typed by the document, and signed. */
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { PlayedContext } from "../story";
import { outputOf } from "../account";
import type { components, operations } from "./api.schema";

export type Widget = components["schemas"]["widget"];
export type WidgetList = components["schemas"]["widgetList"];
export type Problem = components["schemas"]["problem"];

type Query<Name extends "filterWidgets" | "listByColor"> = operations[Name]["parameters"]["query"];

export interface Answer<Body> {
  readonly status: number;
  readonly contentType: string;
  readonly etag: string;
  readonly body: Body & Partial<Problem>;
}

/** What the signer asks of a hash. */
class Sha256 {
  private readonly hash;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = key === undefined ? createHash("sha256") : createHmac("sha256", bytes(key));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {
    throw new Error("the signer uses each hash once");
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

interface Sent {
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signed?: boolean;
}

export function widgetClient(context: PlayedContext) {
  const { endpoint, client, signal } = context;
  const base = `/_aws/execute-api/${outputOf(context, "apiId")}/${outputOf(context, "stageName")}`;
  const signer = new SignatureV4({ ...client, service: "execute-api", sha256: Sha256 });

  async function call<Body>(method: string, path: string, sent: Sent = {}): Promise<Answer<Body>> {
    const { hostname, port, protocol } = new URL(endpoint);
    const query = Object.entries(sent.query ?? {}).filter(([, value]) => value !== undefined);
    const given = Object.fromEntries(query.map(([name, value]) => [name, String(value)]));
    const headers = { host: `${hostname}:${port}`, ...(sent.body === undefined ? {} : JSON_TYPE), ...sent.headers };
    const request = { method, protocol, hostname, path: `${base}${path}`, query: given, headers };
    const body = sent.body === undefined ? {} : { body: sent.body };
    const ready = sent.signed === false ? request : await signer.sign({ ...request, ...body });
    const url = `${endpoint}${request.path}?${new URLSearchParams(given)}`;
    const response = await fetch(url, { method, headers: ready.headers, ...body, signal });
    const text = await response.text();
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      etag: response.headers.get("etag") ?? "",
      body: (text === "" ? {} : JSON.parse(text)) as Answer<Body>["body"],
    };
  }

  return {
    call,
    put: (widget: Widget, match?: string) =>
      call<Widget>("PUT", "/widget", {
        body: JSON.stringify(widget),
        ...(match === undefined ? {} : { headers: { "if-match": match } }),
      }),
    get: (name: string) => call<Widget>("GET", `/widget/${name}`),
    remove: (name: string) => call<object>("DELETE", `/widget/${name}`),
    byColor: (query: Query<"listByColor">) => call<WidgetList>("GET", "/reports/color", { query }),
    filter: (query: Query<"filterWidgets">) => call<WidgetList>("GET", "/reports/filterpage", { query }),
  };
}

const JSON_TYPE = { "content-type": "application/json" };
