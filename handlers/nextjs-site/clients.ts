/** What the sync uses of AWS, and its production side. */
import { createHash, randomUUID } from "node:crypto";
import { CloudFrontClient, CreateInvalidationCommand } from "@aws-sdk/client-cloudfront";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { pages } from "../shared/pages";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

/** How an object is served. */
export interface About {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** The site's bucket. */
export interface Store {
  /** Entity tags by key: S3 makes them of the contents (MD5) where it encrypts with its own keys. */
  list(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Undefined for an object that is not there. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Puts an object without tags. */
  put(key: string, bytes: Uint8Array, about: About): Promise<void>;
  /** Writes an object in place of the one with these contents, or of none; false where there is another by now. */
  swap(key: string, text: string, instead: string | undefined): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Marks as replaced, by which the lifecycle removes it; its age begins again. */
  mark(key: string, about: About): Promise<void>;
  isMarked(key: string): Promise<boolean>;
}

export interface SyncDeps extends Clock {
  readonly telemetry: Pick<Telemetry<never>, "info" | "error">;
  readonly store: Store;
  readonly edge: { invalidate(distributionId: string, paths: readonly string[]): Promise<void> };
}

/** What the bucket's lifecycle rule looks for. */
export const MARK = { Key: "replaced", Value: "true" };

let known: SyncDeps | undefined;

/** Made once for each execution environment. */
export function productionDeps(bucket: string): SyncDeps {
  known ??= {
    ...systemClock,
    telemetry: powertoolsTelemetry<never>({ service: "nextjs-site", namespace: "aws-patterns", dimensions: {} }),
    store: storeOf(bucket, new S3Client(clientConfig(60_000))),
    edge: edgeOf(new CloudFrontClient(clientConfig(20_000))),
  };
  return known;
}

const LOST = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

/** What S3 makes entity tags of. */
export const md5 = (contents: string | Uint8Array): string => createHash("md5").update(contents).digest("hex");

export function storeOf(Bucket: string, s3: Pick<S3Client, "send">): Store {
  return {
    async list(Prefix) {
      const found = new Map<string, string>();
      const ask = (ContinuationToken: string | undefined) =>
        s3.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
      for await (const { Contents = [] } of pages(ask, (page) => page.NextContinuationToken)) {
        for (const { Key = "", ETag = "" } of Contents) found.set(Key, ETag.replaceAll('"', ""));
      }
      return found;
    },
    async read(Key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async put(Key, Body, { contentType: ContentType, cacheControl: CacheControl }) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, CacheControl }));
    },
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    async swap(Key, Body, instead) {
      const condition = instead === undefined ? { IfNoneMatch: "*" } : { IfMatch: `"${md5(instead)}"` };
      try {
        await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/json", ...condition }));
        return true;
      } catch (error) {
        if (error instanceof S3ServiceException && LOST.includes(error.name)) return false;
        throw error;
      }
    },
    async remove(Key) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async mark(Key, { contentType: ContentType, cacheControl: CacheControl }) {
      const CopySource = `${Bucket}/${Key.split("/").map(encodeURIComponent).join("/")}`;
      const tags = { TaggingDirective: "REPLACE", Tagging: `${MARK.Key}=${MARK.Value}` } as const;
      // An object is copied to itself only where more than its tags is given.
      const metadata = { MetadataDirective: "REPLACE", ContentType, CacheControl } as const;
      await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...metadata, ...tags }));
    },
    async isMarked(Key) {
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
      return TagSet.some((tag) => tag.Key === MARK.Key && tag.Value === MARK.Value);
    },
  };
}

function edgeOf(cloudFront: CloudFrontClient): SyncDeps["edge"] {
  return {
    async invalidate(DistributionId, Items) {
      const InvalidationBatch = { CallerReference: randomUUID(), Paths: { Quantity: Items.length, Items: [...Items] } };
      await cloudFront.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch }));
    },
  };
}
