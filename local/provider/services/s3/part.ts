/** What a bucket has besides itself: each part is a resource of its own, identified by its bucket. */
import { S3Client } from "@aws-sdk/client-s3";
import { containsUnknown, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalText,
  type Properties,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { ifMissing, known, settled } from "../support";

/** The bucket, as every request names it. */
export interface BucketKey {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

export interface BucketPart {
  readonly token: string;
  /** Those besides the bucket. */
  readonly properties: Properties;
  readonly required?: readonly string[];
  readonly computed?: readonly string[];
  readonly defaults?: Values;
  check(inputs: Values): CheckFailure[];
  /** Gives the bucket the part. `olds` is undefined when the resource is new. */
  put(client: S3Client, key: BucketKey, inputs: Values, olds?: Values): Promise<void>;
  /** What the bucket has, in the state's notation; undefined when it has none. */
  get(client: S3Client, key: BucketKey, state: Values): Promise<Values | undefined>;
  remove(client: S3Client, key: BucketKey, state: Values): Promise<void>;
  /** Errors by which S3 says that the bucket has no such part. */
  readonly missing: readonly string[];
}

/** Lower-case letters, digits, dots and hyphens. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkBucketName(property: string, name: Value | undefined): CheckFailure[] {
  if (typeof name !== "string" || containsUnknown(name)) return [];
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  if (isName && !/^\d+(\.\d+){3}$/.test(name)) return [];
  return [
    {
      property,
      reason:
        `received "${name}"; expected 3 to 63 lower-case letters, digits, dots and hyphens, ` +
        `with a letter or digit at both ends`,
    },
  ];
}

/** `bucket`, or `bucket,owner` when the program says whose bucket it has to be. */
function idOf(inputs: Values): string {
  const owner = optionalText(inputs, "expectedBucketOwner");
  return owner === undefined ? text(inputs, "bucket") : `${text(inputs, "bucket")},${owner}`;
}

function keyOf(id: string): BucketKey {
  const [Bucket = "", owner] = id.split(",");
  return { Bucket, ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }) };
}

export function bucketPart(part: BucketPart): ResourceType {
  const missing = ["NoSuchBucket", ...part.missing];
  async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
    const key = keyOf(id);
    const found = await ifMissing(part.get(account.client(S3Client), key, state), ...missing);
    if (found === undefined) return undefined;
    return {
      id,
      outputs: { ...known({ bucket: key.Bucket, expectedBucketOwner: key.ExpectedBucketOwner }), ...found },
    };
  }
  return {
    token: part.token,
    properties: { ...part.properties, bucket: "replace" },
    required: ["bucket", ...(part.required ?? [])],
    ...(part.computed === undefined ? {} : { computed: part.computed }),
    ...(part.defaults === undefined ? {} : { defaults: part.defaults }),
    check: (inputs) => [...checkBucketName("bucket", inputs.bucket), ...part.check(inputs)],
    async create(operation, inputs) {
      const id = idOf(inputs);
      await part.put(operation.account.client(S3Client), keyOf(id), inputs);
      operation.created(id);
      return settled(read, operation, id, inputs);
    },
    read,
    async update(operation, id, olds, news) {
      await part.put(operation.account.client(S3Client), keyOf(id), news, olds);
      return (await settled(read, operation, id, news)).outputs;
    },
    async delete({ account }, id, state) {
      await ifMissing(part.remove(account.client(S3Client), keyOf(id), state), ...missing);
    },
  };
}
