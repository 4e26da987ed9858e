/** What a person does with runs of a distributed map, through the AWS APIs. */
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  paginateListObjectsV2,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeMapRunCommand,
  type DescribeMapRunCommandOutput,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { DistributedMapArgs } from "../../../components/distributed-map/distributed-map";
import { outputOf } from "../account";
import { eventually, type PlayedContext, type StoryContext } from "../story";

/** Uploads at the same time. */
const PARALLEL = 20;

/** Makes the buckets, unless the account has them, with versions: they show what was written twice. */
export async function prepareBuckets({ client, deployment }: StoryContext): Promise<void> {
  const s3 = new S3Client(client);
  const { source, results } = deployment.args as DistributedMapArgs;
  const read = Object.values(source).map(({ bucket }: { bucket: unknown }) => bucket);
  for (const Bucket of new Set([...read, results.bucket].map(String))) {
    const { region } = client;
    const elsewhere = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere } as { Bucket: string })).catch((error: unknown) => {
      if ((error as Error).name !== "BucketAlreadyOwnedByYou") throw error;
    });
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  }
}

export interface Run {
  readonly executionArn: string;
  readonly execution: DescribeExecutionCommandOutput;
  readonly mapRun: DescribeMapRunCommandOutput;
}

export class Operator {
  private readonly s3: S3Client;
  private readonly sfn: SFNClient;
  readonly bucket: string;

  constructor(private readonly context: PlayedContext) {
    this.s3 = new S3Client(context.client);
    this.sfn = new SFNClient(context.client);
    this.bucket = String((context.deployment.args as DistributedMapArgs).results.bucket);
  }

  async put(objects: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const waiting = [...objects];
    const upload = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [Key, Body] = next;
        await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body }));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, upload));
  }

  async get(Key: string): Promise<Uint8Array> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async keys(Prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix })) {
      keys.push(...Contents.map(({ Key = "" }) => Key));
    }
    return keys;
  }

  /** How often each object was written. */
  async versions(Prefix: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (let KeyMarker: string | undefined, VersionIdMarker: string | undefined; ;) {
      const page = await this.s3.send(
        new ListObjectVersionsCommand({ Bucket: this.bucket, Prefix, KeyMarker, VersionIdMarker }),
      );
      for (const { Key = "" } of page.Versions ?? ([] as ObjectVersion[])) counts.set(Key, (counts.get(Key) ?? 0) + 1);
      if (page.IsTruncated !== true) return counts;
      ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let i = 0; i < keys.length; i += 1000) {
      const Objects = keys.slice(i, i + 1000).map((Key) => ({ Key }));
      await this.s3.send(new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects } }));
    }
  }

  async start(input: object = {}): Promise<string> {
    const stateMachineArn = outputOf(this.context, "stateMachineArn");
    const started = await this.sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    return String(started.executionArn);
  }

  async redrive(executionArn: string): Promise<void> {
    await this.sfn.send(new RedriveExecutionCommand({ executionArn }));
  }

  private execution(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    return eventually(
      "the run has ended",
      this.context.signal,
      () => this.sfn.send(new DescribeExecutionCommand({ executionArn })),
      ({ status }) => status !== "RUNNING",
      180,
    );
  }

  /** Waits for a run that fails before it has any items. */
  async failed(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    const execution = await this.execution(executionArn);
    if (execution.status !== "FAILED") throw new Error(`${execution.status} in place of FAILED`);
    return execution;
  }

  /** Waits until the run has ended. */
  async ended(executionArn: string): Promise<Run> {
    const execution = await this.execution(executionArn);
    const { mapRuns = [] } = await this.sfn.send(new ListMapRunsCommand({ executionArn }));
    const mapRun = await this.sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn }));
    return { executionArn, execution, mapRun };
  }

  /** The summary that a run ends with. */
  async summary({ execution }: Run): Promise<Record<string, unknown>> {
    const { key } = JSON.parse(execution.output ?? "{}") as { key: string };
    return JSON.parse(new TextDecoder().decode(await this.get(key))) as Record<string, unknown>;
  }

  /** The lines of a run's results of one kind: what children got and answered. */
  async results(
    run: Run,
    status: "FAILED" | "SUCCEEDED",
  ): Promise<{ Input: string; Output?: string; Error?: string }[]> {
    const { prefix } = (this.context.deployment.args as DistributedMapArgs).results;
    const id = String(run.mapRun.mapRunArn).split(":").at(-1);
    const files = (await this.keys(`${prefix}/${id}/`)).filter((key) => key.includes(`/${status}_`));
    const texts = await Promise.all(files.map(async (file) => new TextDecoder().decode(await this.get(file))));
    const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as { Input: string });
  }
}

/** @throws Error unless the run ended so */
export function expectStatus({ execution }: Run, status: string): void {
  const { error = "no error", cause = "" } = execution;
  if (execution.status !== status) throw new Error(`${execution.status} in place of ${status}: ${error}: ${cause}`);
}

/** @throws Error unless the two are the same */
export function expectEqual(what: string, seen: unknown, wanted: unknown): void {
  const [one, other] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${what}: ${one} in place of ${other}`);
}
