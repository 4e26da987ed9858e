/**
 * What AWS Lambda Web Adapter does between the Runtime API and the server: it asks every 10 ms whether the server is
 * ready, makes requests of events, and results of answers. It is in the benchmark's own process: the adapter is a small
 * program in Rust, which takes next to no time to start.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestEvent } from "./event";
import { ask } from "./http";

/** Answers events until the Runtime API ends. */
export async function adapt(runtimeApi: string, port: number): Promise<void> {
  const server = `http://127.0.0.1:${port}`;
  while (!(await ask(`${server}/_next/ready`).catch(() => false))) await sleep(10);
  const invocations = `http://${runtimeApi}/2018-06-01/runtime/invocation`;
  for (;;) {
    const { headers, body } = await ask(`${invocations}/next`);
    const event = JSON.parse(body.toString()) as RequestEvent;
    const answer = await ask(`${server}${event.rawPath}?${event.rawQueryString}`, {
      method: event.requestContext.http.method,
      headers: { ...event.headers, "x-amzn-request-context": JSON.stringify(event.requestContext) },
    });
    const isText = /^text\//.test(answer.headers["content-type"] ?? "");
    const result = {
      statusCode: answer.status,
      headers: answer.headers,
      isBase64Encoded: !isText,
      body: answer.body.toString(isText ? "utf8" : "base64"),
    };
    const id = String(headers["lambda-runtime-aws-request-id"]);
    await ask(`${invocations}/${id}/response`, { method: "POST", body: JSON.stringify(result) });
  }
}
