/** One execution environment of the Java service on this machine: AWS's runtime client, and a Runtime API for it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SERVICE } from "../../local/stories/snapstart/build";
import { lambdaJavaFolder } from "../../local/toolchain/lambda-java";

export interface Times {
  /** From the start of the process until its snapshot could be taken, in milliseconds. */
  readonly initMs: number;
  /** From the restore until the first answer: what a first caller waits for, besides the restore itself. */
  readonly firstMs: number;
}

const EVENT = { routeKey: "POST /records", body: JSON.stringify({ text: "a record" }) };

/** The client takes each of them for granted. */
const INVOCATION = {
  "content-type": "application/json",
  "lambda-runtime-aws-request-id": "1",
  "lambda-runtime-deadline-ms": String(Date.now() + 600_000),
  "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:111111111111:function:records:1",
};

/** What AWS answers: the key, and that a table has no such item. */
const ANSWERS: Readonly<Record<string, object>> = {
  GetParameter: { Parameter: { Name: "/records/key", Type: "SecureString", Value: "a key" } },
  GetItem: {},
  PutItem: {},
};

async function listening(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(request, response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export async function environment(priming: boolean): Promise<Times> {
  const aws = await listening(({ headers }, response) => {
    const answer = ANSWERS[String(headers["x-amz-target"]).split(".").at(-1) ?? ""];
    response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(answer ?? { __type: "ValidationException" }));
  });
  let [started, restored, prepared, done] = [0, 0, 0, (_: Times): void => undefined];
  const times = new Promise<Times>((resolve) => (done = resolve));
  const runtime = await listening(({ url = "", method }, response) => {
    if (url.endsWith("/restore/next")) [prepared, restored] = [performance.now(), performance.now()];
    if (url.endsWith("/response")) {
      done({ initMs: prepared - started, firstMs: performance.now() - restored });
      started = 0;
    }
    // After its first answer the environment is not asked again.
    if (method === "GET" && url.endsWith("/invocation/next") && started === 0) return;
    const body = url.endsWith("/invocation/next") ? JSON.stringify(EVENT) : "";
    response.writeHead(200, { ...INVOCATION, "content-length": body.length }).end(body);
  });
  started = performance.now();
  const child = spawn("java", options(), {
    stdio: "ignore",
    env: { ...process.env, ...variables(aws.address, runtime.address), PRIMING: String(priming) },
  });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("the environment ended before it answered")));
  try {
    return await Promise.race([times, ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill("SIGKILL");
    for (const { server } of [aws, runtime]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

const CLIENT = "com.amazonaws.services.lambda.runtime.api.client";

function options(): string[] {
  const client = lambdaJavaFolder(process.env);
  const native = join(client, "jni", `libaws-lambda-jni.linux-${process.arch === "arm64" ? "aarch_64" : "x86_64"}.so`);
  return [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
    `-D${CLIENT}.runtimeapi.NativeClient.JNI=${native}`,
    ...["-cp", `${join(SERVICE, "target", "function", "lib", "*")}:${join(client, "*")}`],
    ...[`${CLIENT}.AWSLambda`, "records.RecordsHandler"],
  ];
}

function variables(aws: string, runtime: string): Record<string, string> {
  return {
    AWS_LAMBDA_INITIALIZATION_TYPE: "snap-start",
    AWS_LAMBDA_RUNTIME_API: runtime,
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    AWS_ENDPOINT_URL: `http://${aws}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    TABLE_NAME: "records",
    KEY_PARAMETER: "/records/key",
  };
}
