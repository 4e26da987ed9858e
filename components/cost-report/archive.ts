import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../building-blocks/component";
import type { ReportArchive } from "./args";
import { DEFAULTS } from "./args.schema";
import { tlsOnlyStatement } from "../internal/policy";
import { privateBucket } from "../internal/private-bucket";

/** The bucket with every report's data and page: private, encrypted, reached through TLS only, emptied in time. */
export class CostArchive extends Component {
  readonly bucket: aws.s3.Bucket;
  /** What the keys begin with. */
  readonly prefix: string;

  constructor(name: string, args: ReportArchive, opts?: pulumi.ComponentResourceOptions) {
    super("cost", name, opts);
    const { prefix, keepDays, keepAfterDestroy } = DEFAULTS.ReportArchive;
    this.prefix = args.prefix ?? prefix;
    const keep = args.keepAfterDestroy ?? keepAfterDestroy;
    const options = { ...this.child, retainOnDelete: keep };
    // What is not kept goes with everything in it.
    this.bucket = privateBucket((role) => this.named(role), { forceDestroy: !keep }, options);
    const { bucket } = this.bucket;
    const versioning = new aws.s3.BucketVersioning(
      this.named("versions"),
      { bucket, versioningConfiguration: { status: "Enabled" } },
      options,
    );
    this.createLifecycle(args.keepDays ?? keepDays, { ...options, dependsOn: versioning });
    this.createPolicy(options);
    this.registerOutputs({ bucketName: bucket });
  }

  private createLifecycle(days: number, options: pulumi.CustomResourceOptions): void {
    const expire = (id: string, prefix: string) => ({
      id,
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
      // Trend pages are written again each day.
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    });
    new aws.s3.BucketLifecycleConfiguration(
      this.named("lifecycle"),
      {
        bucket: this.bucket.bucket,
        rules: [expire("reports", `${this.prefix}reports/`), expire("trend", `${this.prefix}trend/`)],
      },
      options,
    );
  }

  private createPolicy(options: pulumi.CustomResourceOptions): void {
    const { arn, bucket } = this.bucket;
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [tlsOnlyStatement("s3:*", [arn, pulumi.interpolate`${arn}/*`])],
    });
    new aws.s3.BucketPolicy(this.named("policy"), { bucket, policy }, options);
  }
}
