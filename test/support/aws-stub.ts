/** An AWS endpoint on this machine: it notes every call, answers those it is asked to, and refuses all others. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StubCall {
  /** As in the request's signature: `sqs`, `ec2`, `route53`… */
  service: string;
  operation: string;
  body: string;
}

/** An error of the JSON and REST-JSON protocols. */
export interface StubError {
  readonly status: number;
  /** Such as `ConflictException`. */
  readonly error: string;
}

/** Response bodies, or errors, by operation, or by operation and the end of the path: `GetObject /manifest.json`. */
export type StubAnswers = Readonly<Record<string, string | Uint8Array | StubError>>;

export class AwsStub {
  readonly calls: StubCall[] = [];

  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  static async start(answers: StubAnswers): Promise<AwsStub> {
    const server = createServer((request, response) => void answer(stub, answers, request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const stub = new AwsStub(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return stub;
  }

  /** Names of the operations that were called, each once, sorted. */
  operations(): string[] {
    return [...new Set(this.calls.map(({ operation }) => operation))].sort();
  }

  bodyOf(operation: string): string {
    return this.calls.find((call) => call.operation === operation)?.body ?? "";
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

async function answer(
  stub: AwsStub,
  answers: StubAnswers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const service =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "unsigned";
  const operation = operationOf(request, body);
  stub.calls.push({ service, operation, body });
  const path = request.url?.split("?")[0] ?? "";
  const at = Object.keys(answers).find(
    (key) => key.startsWith(`${operation} `) && path.endsWith(key.split(" ")[1] ?? ""),
  );
  const text = answers[at ?? operation];
  if (typeof text === "object" && "status" in text) {
    response.writeHead(text.status, { "x-amzn-errortype": text.error });
    response.end(JSON.stringify({ message: text.error }));
    return;
  }
  response.writeHead(text === undefined ? 403 : 200);
  response.end(text ?? refusal(request, service, operation));
}

/** By header for the JSON protocols, by form field for the query protocols, by method and path for REST. */
function operationOf(request: IncomingMessage, body: string): string {
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? "";
  const action = new URLSearchParams(body).get("Action");
  if (action !== null) return action;
  const path = request.url?.split("?")[0]?.replace(/^\/\d{4}-\d\d-\d\d/, "") ?? "";
  // Of S3, what else than method and path tells operations apart.
  if (request.headers["x-amz-copy-source"] !== undefined) return "CopyObject";
  if (/[?&]tagging\b/.test(request.url ?? "")) return "GetObjectTagging";
  const known = REST.find(([method, pattern]) => method === request.method && pattern.test(path));
  return known?.[2] ?? `${request.method} ${path}`;
}

/** Operations of the REST protocols by method and path, without the path's version. */
const REST: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ["GET", /^\/hostedzone\/[^/]+\/rrset\/?$/, "ListResourceRecordSets"],
  ["POST", /^\/hostedzone\/[^/]+\/rrset\/?$/, "ChangeResourceRecordSets"],
  ["GET", /^\/change\/[^/]+$/, "GetChange"],
  ["POST", /^\/v2\/email\/outbound-emails$/, "SendEmail"],
  ["GET", /^\/functions\/[^/]+\/configuration$/, "GetFunctionConfiguration"],
  ["POST", /^\/schedules\/[^/]+$/, "CreateSchedule"],
  ["GET", /^\/schedules\/[^/]+$/, "GetSchedule"],
  ["PUT", /^\/schedules\/[^/]+$/, "UpdateSchedule"],
  ["POST", /^\/distribution\/[^/]+\/invalidation$/, "CreateInvalidation"],
  // What is left is S3: buckets and objects may have any name.
  ["GET", /^\/[^/]+\/?$/, "ListObjectsV2"],
  ["GET", /^\/[^/]+\/.+$/, "GetObject"],
  ["PUT", /^\/[^/]+\/.+$/, "PutObject"],
  ["DELETE", /^\/[^/]+\/.+$/, "DeleteObject"],
];

/** How each protocol says that a role lacks a permission. */
function refusal(request: IncomingMessage, service: string, operation: string): string {
  const message = `not authorized to perform: ${service}:${operation}`;
  if (request.headers["x-amz-target"] !== undefined || ["lambda", "scheduler", "ses"].includes(service))
    return JSON.stringify({ __type: "AccessDeniedException", message });
  const code = service === "ec2" ? "UnauthorizedOperation" : "AccessDenied";
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return service === "ec2"
    ? `<Response><Errors>${error}</Errors><RequestID>r</RequestID></Response>`
    : `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`;
}
