/** Execution environments of the two servers on this machine: each is a fresh process that a Runtime API feeds. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { median } from "../support/statistics";
import { EVENT } from "./event";
import { type Result, RuntimeApi } from "./runtime-api";
import { adapt } from "./web-adapter";

export interface Times {
  /** From the start of the process until it asks for its first event. */
  readonly initMs: number;
  /** From the start of the process until its first answer. */
  readonly firstAnswerMs: number;
  /** Median of the answers that come after. */
  readonly warmAnswerMs: number;
}

/** Starts a server whose files are in a folder, on the Node.js that is at a path. */
export type Start = (folder: string, runtimeApi: string, node: string) => Promise<ChildProcess>;

const WARM = 100;

const MEMORY_MEGABYTES = 1024;

const COMMON = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  AWS_LAMBDA_FUNCTION_NAME: "server",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MEMORY_MEGABYTES),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  TZ: ":UTC",
};

const stdio = ["ignore", "ignore", "inherit"] as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

/** run.sh, as the web adapter starts it. */
export const startOurs: Start = async (folder, runtimeApi, node) => {
  const port = await freePort();
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  const env = { ...COMMON, PATH, LAMBDA_TASK_ROOT: folder, PORT: String(port) };
  const child = spawn("sh", [join(folder, "run.sh")], { cwd: folder, env, stdio: [...stdio] });
  // It ends with the Runtime API.
  adapt(runtimeApi, port).catch(() => undefined);
  return child;
};

/** As Lambda starts its own Node.js: shares of the function's memory, which run.sh gives as well. */
const LAMBDA_OPTIONS = [
  `--max-semi-space-size=${Math.floor(MEMORY_MEGABYTES / 20)}`,
  `--max-old-space-size=${Math.floor((MEMORY_MEGABYTES * 9) / 10)}`,
];

/** The handler, loaded by Node.js, with the settings that OpenNext's server has by default. */
export const startOpenNext: Start = (folder, runtimeApi, node) => {
  const env = {
    ...COMMON,
    LAMBDA_TASK_ROOT: folder,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    CACHE_BUCKET_NAME: "assets",
    CACHE_BUCKET_KEY_PREFIX: "_cache",
    CACHE_BUCKET_REGION: "us-east-1",
    CACHE_DYNAMO_TABLE: "tags",
    REVALIDATION_QUEUE_REGION: "us-east-1",
    REVALIDATION_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111111111111/revalidation.fifo",
  };
  const client = join(__dirname, "runtime-client.mjs");
  return Promise.resolve(spawn(node, [...LAMBDA_OPTIONS, client], { cwd: folder, env, stdio: [...stdio] }));
};

function check(result: Result): void {
  const body = Buffer.from(result.body, result.isBase64Encoded ? "base64" : "utf8").toString();
  if (result.statusCode === 200 && /Hello, (<!-- -->)?Ada/.test(body)) return;
  throw new Error(`the server did not answer as it should: ${result.statusCode} ${body.slice(0, 500)}`);
}

export async function environment(start: Start, folder: string, node: string): Promise<Times> {
  const api = await RuntimeApi.start();
  const first = api.invoke(EVENT);
  const started = performance.now();
  const child = await start(folder, api.address, node);
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended (${code})`)));
  ended.catch(() => undefined);
  try {
    check(await Promise.race([first, ended]));
    const firstAnswerMs = performance.now() - started;
    const warm: number[] = [];
    for (let i = 0; i < WARM; i++) {
      const asked = performance.now();
      const result = await Promise.race([api.invoke(EVENT), ended]);
      warm.push(performance.now() - asked);
      check(result);
    }
    return { initMs: api.ready - started, firstAnswerMs, warmAnswerMs: median(warm) };
  } finally {
    child.kill("SIGKILL");
    api.stop();
  }
}
