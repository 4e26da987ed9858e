/** What the ready-made items use of AWS, and its production side. */
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

export interface MapDeps {
  readonly telemetry: Pick<Telemetry<never>, "info" | "error">;
  /** Also for `streamJsonLines`. */
  readonly s3: Pick<S3Client, "send">;
}

let known: MapDeps | undefined;

/** Made once for each execution environment. */
export function productionDeps(): MapDeps {
  known ??= {
    telemetry: powertoolsTelemetry<never>({ service: "distributed-map", namespace: "aws-patterns", dimensions: {} }),
    s3: new S3Client({ requestHandler: { connectionTimeout: 2000, requestTimeout: 30_000 } }),
  };
  return known;
}

/** The whole of a small object. */
export async function readObject({ s3 }: MapDeps, Bucket: string, Key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

export async function writeObject({ s3 }: MapDeps, input: PutObjectCommandInput): Promise<void> {
  await s3.send(new PutObjectCommand(input));
}
