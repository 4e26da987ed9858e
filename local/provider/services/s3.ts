/** Amazon Simple Storage Service. https://docs.aws.amazon.com/AmazonS3/latest/API/ */
import type { Service } from "../resource-type";
import { bucket } from "./s3/bucket";
import { bucketServerSideEncryptionConfiguration } from "./s3/encryption";
import { bucketLifecycleConfiguration } from "./s3/lifecycle";
import { bucketOwnershipControls } from "./s3/ownership-controls";
import { bucketPolicy } from "./s3/policy";
import { bucketPublicAccessBlock } from "./s3/public-access-block";
import { bucketVersioning } from "./s3/versioning";

export const s3: Service = {
  resources: [
    bucket,
    bucketLifecycleConfiguration,
    bucketOwnershipControls,
    bucketPolicy,
    bucketPublicAccessBlock,
    bucketServerSideEncryptionConfiguration,
    bucketVersioning,
  ],
};
