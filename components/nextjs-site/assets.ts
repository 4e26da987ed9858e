import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "aws-lambda";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmTopics, Component, type ObservabilityArgs } from "../building-blocks/component";
import { privateBucket } from "../internal/private-bucket";
import { lastingPolicy } from "../internal/role-policy";
import { tlsOnlyStatement } from "../internal/policy";
import { filesArchive } from "./archives";
import type { NextBuild } from "./build";

/** What the keys of public files begin with: CloudFront's path at the origin, with a slash after it. */
const PREFIX = "site/";

export interface SiteAssetsArgs extends ObservabilityArgs {
  build: NextBuild;
  keepReplacedDays: number;
}

/**
 * The bucket with a site's public files. They are one archive, which a function unpacks; a resource for each file is
 * slower by far (docs/nextjs-site.md).
 */
export class SiteAssets extends Component {
  /** Path at the origin. */
  static readonly originPath = `/${PREFIX.slice(0, -1)}`;

  readonly bucket: aws.s3.Bucket;
  readonly sync: CallbackLambda;
  /** Done when the build's files are there, and those of the former build still are. */
  readonly put: aws.lambda.Invocation;

  private readonly request: { archive: pulumi.Input<string>; hashedPath: string };

  constructor(name: string, args: SiteAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nextjs", name, opts);
    this.bucket = this.createBucket(args.keepReplacedDays);
    const archive = this.createArchive(args.build);
    this.sync = this.createSync(args);
    const hashedPath = `${args.build.basePath}/_next/static/`.slice(1);
    this.request = { archive: archive.key, hashedPath };
    this.put = this.createPut(archive);
    this.registerOutputs({ bucketName: this.bucket.bucket });
  }

  /** Lets one distribution read the public files. It may list, too, so that what is missing is 404 and not 403. */
  allow(distribution: aws.cloudfront.Distribution): void {
    const { arn, bucket } = this.bucket;
    const Principal = { Service: "cloudfront.amazonaws.com" };
    const Condition = { StringEquals: { "aws:SourceArn": distribution.arn } };
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        tlsOnlyStatement("s3:*", [arn, pulumi.interpolate`${arn}/*`]),
        {
          Effect: "Allow",
          Principal,
          Action: "s3:GetObject",
          Resource: pulumi.interpolate`${arn}/${PREFIX}*`,
          Condition,
        },
        { Effect: "Allow", Principal, Action: "s3:ListBucket", Resource: arn, Condition },
      ],
    });
    new aws.s3.BucketPolicy(this.named("policy"), { bucket, policy }, this.child);
  }

  /** What comes after the build's server runs: `dependsOn` has it, and whatever leads to it. */
  finish(distribution: aws.cloudfront.Distribution, dependsOn: pulumi.Resource[]): void {
    const invalidation = lastingPolicy(
      this.named("invalidation"),
      this.sync.role,
      [{ actions: ["cloudfront:CreateInvalidation"], resources: [distribution.arn] }],
      this.child,
    );
    new aws.lambda.Invocation(
      this.named("finish"),
      {
        functionName: this.sync.function.name,
        input: pulumi.jsonStringify({ step: "finish", ...this.request, distributionId: distribution.id }),
        // Not the archive: a deployment that goes back after one that failed has the same, and has to be finished, too.
        triggers: { put: this.put.result },
      },
      { ...this.child, dependsOn: [...dependsOn, invalidation, this.put] },
    );
  }

  private createBucket(keepReplacedDays: number): aws.s3.Bucket {
    // All of it can be made again from the application. Entity tags are the contents' hashes, by which the sync sees what
    // differs, as S3 encrypts it with keys of its own.
    const made = privateBucket((role) => this.named(role), { forceDestroy: true }, this.child);
    const { bucket } = made;
    const tag = { key: "replaced", value: "true" };
    const replaced = { id: "replaced", status: "Enabled", filter: { tag }, expiration: { days: keepReplacedDays } };
    new aws.s3.BucketLifecycleConfiguration(this.named("lifecycle"), { bucket, rules: [replaced] }, this.child);
    return made;
  }

  private createArchive(build: NextBuild): aws.s3.BucketObjectv2 {
    const { archive, hash } = filesArchive(this.componentName, build);
    return new aws.s3.BucketObjectv2(
      this.named("files"),
      { bucket: this.bucket.bucket, key: `deploy/${hash}.zip`, source: archive, contentType: "application/zip" },
      this.child,
    );
  }

  private createSync(args: SiteAssetsArgs): CallbackLambda {
    const bucketName = this.bucket.bucket;
    const { arn } = this.bucket;
    const objects = (...paths: string[]) => paths.map((path) => pulumi.interpolate`${arn}/${path}`);
    return new CallbackLambda(
      this.named("sync"),
      {
        description: `${this.componentName}: brings a build's files into the bucket`,
        timeoutSeconds: 900,
        memoryMegabytes: 2048,
        policies: [
          { actions: ["s3:GetObject", "s3:PutObject"], resources: objects(`${PREFIX}*`, "deploy/*") },
          {
            actions: ["s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging"],
            resources: objects(`${PREFIX}*`),
          },
          // Not of some prefix alone: else a manifest that is missing would be a refusal.
          { actions: ["s3:ListBucket"], resources: [arn] },
        ],
        callback: async (event: unknown, context: Context) => {
          const { makeSync } = await import("../../handlers/nextjs-site/sync");
          const bucket = bucketName.get();
          const keys = { prefix: "site/", manifestKey: "deploy/manifest.json", lockKey: "deploy/lock.json" };
          return makeSync({ bucket, ...keys })(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createPut(archive: aws.s3.BucketObjectv2): aws.lambda.Invocation {
    return new aws.lambda.Invocation(
      this.named("put"),
      {
        functionName: this.sync.function.name,
        input: pulumi.jsonStringify({ step: "put", ...this.request }),
        triggers: { archive: archive.key },
      },
      { ...this.child, dependsOn: [this.sync, archive] },
    );
  }
}
