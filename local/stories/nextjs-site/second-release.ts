/** The second release, brought out as the provider does it, in the same order. */
import { readFileSync } from "node:fs";
import {
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as pulumi from "@pulumi/pulumi";
import { filesArchive, serverArchive } from "../../../components/nextjs-site/archives";
import { readBuild } from "../../../components/nextjs-site/build";
import { outputOf } from "../account";
import type { PlayedContext } from "../story";
import { SECOND_RELEASE } from "./build";

async function bytesOf(archive: pulumi.asset.Archive): Promise<Buffer> {
  return readFileSync(await (archive as pulumi.asset.FileArchive).path);
}

export async function bringOut(context: PlayedContext): Promise<string> {
  const read = readBuild(SECOND_RELEASE, { sourceMaps: false });
  if (!("build" in read)) throw new Error(JSON.stringify(read.faults));
  const lambda = new LambdaClient(context.client);
  const { archive, hash } = filesArchive("story", read.build);
  const Key = `deploy/${hash}.zip`;
  const s3 = new S3Client({ ...context.client, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: outputOf(context, "bucketName"), Key, Body: await bytesOf(archive) }));
  const sync = async (request: object): Promise<string> => {
    const Payload = JSON.stringify({ ...request, archive: Key, hashedPath: "_next/static/" });
    const FunctionName = outputOf(context, "syncFunctionName");
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const said = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) throw new Error(said);
    const { step, changed } = JSON.parse(said) as { step: string; changed: number };
    return `${step}: ${changed} files`;
  };
  const put = await sync({ step: "put" });
  const FunctionName = outputOf(context, "functionName");
  const ZipFile = await bytesOf(serverArchive("story", read.build));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
  const finish = await sync({ step: "finish", distributionId: outputOf(context, "distributionId") });
  return `${put}; ${finish}`;
}
