import { existsSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { contentType } from "mime-types";
import { Component, type ComponentOptions } from "../building-blocks/component";
import { refuseToDeploy } from "../internal/not-built";
import { tlsOnlyStatement } from "../internal/policy";
import { privateBucket } from "../internal/private-bucket";

/** Vite puts a hash of its contents into the name of each file of this folder: it never changes. */
const HASHED = "assets/";

/** A built site's folder, and its files by their paths from there. */
interface Site {
  readonly folder: string;
  readonly files: readonly string[];
}

/** The site's files in a private bucket, which one distribution of CloudFront may read over TLS. */
export class SiteBucket extends Component {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, { folder, files }: Site, opts?: ComponentOptions) {
    super("secured", name, opts);
    this.bucket = privateBucket((role) => this.named(role), {}, this.child);
    for (const file of files) this.createFile(file, folder);
    this.registerOutputs({ bucketName: this.bucket.bucket });
  }

  private createFile(file: string, folder: string): void {
    this.object(file, {
      source: new pulumi.asset.FileAsset(join(folder, file)),
      cacheControl: file.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
    });
  }

  private object(key: string, args: Pick<aws.s3.BucketObjectv2Args, "cacheControl" | "content" | "source">): void {
    const type = contentType(extname(key)) || "application/octet-stream";
    new aws.s3.BucketObjectv2(
      this.named(key.replaceAll("/", "-")),
      { bucket: this.bucket.bucket, key, contentType: type, ...args },
      this.child,
    );
  }

  /** What the site has to know of where it is. */
  configure(settings: Readonly<Record<string, pulumi.Input<string>>>): void {
    this.object("config.json", { content: pulumi.jsonStringify(settings), cacheControl: "no-cache" });
  }

  /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html */
  letIn(distributionArn: pulumi.Input<string>): void {
    const { arn, bucket } = this.bucket;
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: pulumi.interpolate`${arn}/*`,
          Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
        },
        tlsOnlyStatement("s3:*", [arn, pulumi.interpolate`${arn}/*`]),
      ],
    });
    new aws.s3.BucketPolicy(this.named("policy"), { bucket, policy }, this.child);
  }
}

/**
 * Previews and unit tests with mocks need no built site.
 *
 * @throws RunError where a site is deployed that is not built
 */
export function readSite(component: string, folder: string): Site {
  if (existsSync(join(folder, "index.html"))) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, "/").length));
    return { folder, files: names.sort() };
  }
  refuseToDeploy(`${component}: site: there is no index.html in ${folder}. Build the site, or correct the path.`);
  return { folder, files: [] };
}
