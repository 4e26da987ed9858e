/** Errors of HTTP APIs in one shape. https://www.rfc-editor.org/rfc/rfc9457 */
import type { APIGatewayProxyResult } from "aws-lambda";

const TITLES = {
  400: "Bad Request",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  415: "Unsupported Media Type",
  500: "Internal Server Error",
} as const;

/** A request that is answered with an error. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: keyof typeof TITLES,
    readonly detail: string,
  ) {
    super(detail);
  }

  get answer(): APIGatewayProxyResult {
    const { status, detail } = this;
    return answer(status, { type: "about:blank", title: TITLES[status], status, detail }, PROBLEM);
  }
}

const PROBLEM = { "content-type": "application/problem+json" };

export function answer(statusCode: number, body: object, headers: Record<string, string> = {}): APIGatewayProxyResult {
  return { statusCode, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
