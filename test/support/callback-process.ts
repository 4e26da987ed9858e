/** Runs a function's archive as Lambda does: its files alone in a folder, in a fresh process with Lambda's environment. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { REGION, type Registered } from "./mocks";
import { packageOf } from "./packages-on-demand";

/** Loads the module, then calls its handler once; the last line printed is what came of it. */
const BOOTSTRAP = `
  const [file, event, timeout] = process.argv.slice(1);
  const { handler } = require(file);
  const endsAt = Date.now() + Number(timeout) * 1000;
  const context = {
    awsRequestId: "5a0e1c2d-0000-4000-8000-000000000001",
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:111111111111:function:" + process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
  };
  const report = (result) => console.log(JSON.stringify({ parameters: handler.length, ...result }));
  handler(JSON.parse(event), context).then((answer) => report({ answer }), (error) => report({ error: error.name }));`;

export interface Outcome {
  /** How many parameters the handler declares; Lambda's newest Node.js refuses more than two. */
  parameters: number;
  answer?: unknown;
  /** Name of the error that the handler threw. */
  error?: string;
  /** Everything that it printed. */
  logs: string;
}

/** The text of each file in a function's archive. */
export async function archiveFiles({ inputs }: Registered): Promise<Record<string, string>> {
  const files = await textsOf(inputs.code as pulumi.asset.AssetArchive);
  const packaged = await packageOf(files["index.js"] ?? "");
  return packaged === undefined ? files : textsOf(packaged);
}

async function textsOf(archive: pulumi.asset.AssetArchive): Promise<Record<string, string>> {
  const assets = await archive.assets;
  const files: Record<string, string> = {};
  for (const [name, asset] of Object.entries(assets)) {
    files[name] =
      "text" in asset
        ? await (asset as pulumi.asset.StringAsset).text
        : readFileSync(await (asset as pulumi.asset.FileAsset).path, "utf8");
  }
  return files;
}

/** Whether it is a function made of a callback; others bring an archive along. */
export function isCallback({ type, inputs }: Registered): boolean {
  return type === "aws:lambda/function:Function" && inputs.handler === "index.handler";
}

/** A hash of everything that is in a function's archive. */
export async function archiveHash(lambda: Registered): Promise<string> {
  const files = Object.entries(await archiveFiles(lambda)).sort(([a], [b]) => a.localeCompare(b));
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}

/** Unpacks a function's archive into a new folder. */
export async function unpack(lambda: Registered, parent: string): Promise<string> {
  const folder = join(parent, lambda.name);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(await archiveFiles(lambda))) writeFileSync(join(folder, name), text);
  return folder;
}

/** Invokes an unpacked function once; its AWS calls go to `endpoint`. */
export async function invoke(lambda: Registered, folder: string, event: unknown, endpoint: string): Promise<Outcome> {
  const { timeout, memorySize, handler, environment } = lambda.inputs;
  const variables = (environment as { variables?: Record<string, string> } | undefined)?.variables ?? {};
  const { stdout, stderr } = await execa(
    process.execPath,
    ["-e", BOOTSTRAP, join(folder, "index.js"), JSON.stringify(event), String(timeout)],
    {
      cwd: folder,
      // Nothing of the developer's own environment: no credentials, no NODE_PATH.
      extendEnv: false,
      env: {
        ...variables,
        AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_SESSION_TOKEN: "token",
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_LAMBDA_FUNCTION_NAME: lambda.name,
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        LAMBDA_TASK_ROOT: folder,
        _HANDLER: String(handler),
        TZ: ":UTC",
        AWS_ENDPOINT_URL: endpoint,
      },
    },
  );
  const lines = stdout.trimEnd().split("\n");
  const result = JSON.parse(lines.at(-1) ?? "") as Omit<Outcome, "logs">;
  return { ...result, logs: [...lines.slice(0, -1), stderr].join("\n") };
}
