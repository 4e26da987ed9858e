/** Lambda's Runtime API, for one environment that answers one event after the other. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export class RuntimeApi {
  /** When the environment was ready, by performance.now(). */
  ready = 0;
  private event: string | undefined;
  private waiting: ServerResponse | undefined;
  private done: (result: Result) => void = () => undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RuntimeApi> {
    const server = createServer();
    const api = new RuntimeApi(server);
    server.on("request", (request, response: ServerResponse) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => api.answer(request.url ?? "", Buffer.concat(parts).toString(), response));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return api;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** One at a time. */
  invoke(event: object): Promise<Result> {
    this.event = JSON.stringify(event);
    const result = new Promise<Result>((resolve) => (this.done = resolve));
    this.deliver();
    return result;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(url: string, body: string, response: ServerResponse): void {
    if (url.endsWith("/invocation/next")) {
      this.ready ||= performance.now();
      this.waiting = response;
      this.deliver();
      return;
    }
    response.writeHead(202).end();
    this.done(JSON.parse(body) as Result);
  }

  private deliver(): void {
    if (this.event === undefined || this.waiting === undefined) return;
    const headers = { "content-type": "application/json", "lambda-runtime-aws-request-id": "1" };
    this.waiting.writeHead(200, headers).end(this.event);
    this.event = this.waiting = undefined;
  }
}
