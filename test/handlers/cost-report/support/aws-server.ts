/** Just enough of six AWS services over HTTP to see that the production clients are wired as AWS expects. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { HISTORY, pagesOf } from "./pages";

export interface SeenRequest {
  readonly operation: string;
  readonly path: string;
  readonly body: string;
  /** Access key of the signature. */
  readonly key: string;
}

export class AwsServer {
  readonly seen: SeenRequest[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const operation = operationOf(request, body);
        const key = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
        this.seen.push({ operation, path: request.url ?? "", body, key });
        const answer = this.answer(operation, body);
        response.statusCode = answer === undefined ? 400 : 200;
        response.end(answer ?? "");
      });
    });
  }

  /** Listens on a free port of this machine alone; gives the address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  all(operation: string): SeenRequest[] {
    return this.seen.filter((it) => it.operation === operation);
  }

  private answer(operation: string, body: string): string | undefined {
    switch (operation) {
      case "GetCostAndUsage":
        return JSON.stringify(pagesOf(HISTORY, JSON.parse(body) as GetCostAndUsageCommandInput)[0]);
      case "ListAccounts":
        return JSON.stringify({ Accounts: HISTORY.accounts.map(({ id, name }) => ({ Id: id, Name: name })) });
      case "ListTagsForResource":
        return JSON.stringify({ Tags: [{ Key: "team", Value: "Payments" }] });
      case "Query":
        return JSON.stringify({ Items: [], Count: 0 });
      case "UpdateItem":
      case "PutObject":
        return "{}";
      case "SendEmail":
        return JSON.stringify({ MessageId: "m1" });
      case "ListObjects":
        return `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>
          <Contents><Key>reports/2026/11/12/summary.json</Key></Contents></ListBucketResult>`;
      case "GetObject":
        return this.all("PutObject").find(({ path }) => path.includes("summary.json"))?.body;
      case "AssumeRole":
        return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
          <AccessKeyId>AKIABILLING</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
          <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
      default:
        return undefined;
    }
  }
}

/** By header for the JSON services, by form field for STS, by method and path for SES and S3. */
function operationOf({ headers, method, url = "" }: IncomingMessage, body: string): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".")[1] ?? "";
  if (url === "/v2/email/outbound-emails") return "SendEmail";
  if (url.startsWith("/archive")) {
    if (method === "PUT") return "PutObject";
    return url.includes("list-type=2") ? "ListObjects" : "GetObject";
  }
  return new URLSearchParams(body).get("Action") ?? url;
}
