/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalBoolean,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { changedTags, ifMissing, known, settled, tagList, tagRecord } from "../support";
import { checkBucketName } from "./part";

/** Settings that the package deprecates inline, and the resource that sets each. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  accelerationStatus: "BucketAccelerateConfiguration",
  acl: "BucketAcl",
  corsRules: "BucketCorsConfiguration",
  grants: "BucketAcl",
  lifecycleRules: "BucketLifecycleConfiguration",
  logging: "BucketLogging",
  objectLockConfiguration: "BucketObjectLockConfiguration",
  policy: "BucketPolicy",
  replicationConfiguration: "BucketReplicationConfig",
  requestPayer: "BucketRequestPaymentConfiguration",
  serverSideEncryptionConfiguration: "BucketServerSideEncryptionConfiguration",
  versioning: "BucketVersioning",
  website: "BucketWebsiteConfiguration",
};

/** Whom an alias record of Route 53 names. https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints */
const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "Z2M4EHUR26P7ZW",
  "ap-northeast-2": "Z3W03O7B5YMIYP",
  "ap-south-1": "Z11RGJOFQNVJUP",
  "ap-southeast-1": "Z3O0J2DXBE1FTB",
  "ap-southeast-2": "Z1WCIGYICN2BYD",
  "ca-central-1": "Z1QDHH18159H29",
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "eu-north-1": "Z3BAZG2TWCNX0D",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-2": "Z3GKZC51ZF0DB4",
  "eu-west-3": "Z3R1K369G5AVDG",
  "sa-east-1": "Z7KQH4QJS55SO",
  "us-east-1": "Z3AQBSTGFYJSTF",
  "us-east-2": "Z2O1EMRO9K5GLX",
  "us-west-1": "Z2F56UZL2M1ACD",
  "us-west-2": "Z3BJ6K6RIION7M",
};

async function tagsOf(client: S3Client, Bucket: string): Promise<Record<string, string>> {
  const answer = await ifMissing(client.send(new GetBucketTaggingCommand({ Bucket })), "NoSuchTagSet");
  return tagRecord(answer?.TagSet);
}

async function hasObjectLock(client: S3Client, Bucket: string): Promise<boolean> {
  const question = client.send(new GetObjectLockConfigurationCommand({ Bucket }));
  const answer = await ifMissing(question, "ObjectLockConfigurationNotFoundError");
  return answer?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
}

async function read({ account }: Operation, Bucket: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(S3Client);
  const found = await ifMissing(client.send(new HeadBucketCommand({ Bucket })), "NotFound", "NoSuchBucket");
  if (found === undefined) return undefined;
  const region = found.BucketRegion ?? account.region;
  const outputs = known({
    arn: `arn:aws:s3:::${Bucket}`,
    bucket: Bucket,
    bucketDomainName: `${Bucket}.s3.amazonaws.com`,
    bucketNamespace: "global",
    bucketRegion: region,
    bucketRegionalDomainName: `${Bucket}.s3.${region}.amazonaws.com`,
    // Pulumi's own: S3 knows nothing of it.
    forceDestroy: optionalBoolean(state, "forceDestroy") ?? false,
    hostedZoneId: HOSTED_ZONES[region],
    objectLockEnabled: await hasObjectLock(client, Bucket),
    tagsAll: await tagsOf(client, Bucket),
  });
  return { id: Bucket, outputs };
}

/** S3 keeps tags as one set. */
async function setTags({ account, tags }: Operation, Bucket: string, olds: Values): Promise<void> {
  const { set, removed } = changedTags(olds, tags);
  if (removed.length === 0 && Object.keys(set).length === 0) return;
  const TagSet = tagList(tags);
  const client = account.client(S3Client);
  await (TagSet.length === 0
    ? client.send(new DeleteBucketTaggingCommand({ Bucket }))
    : client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })));
}

/** Removes every version of every object, and every delete marker. */
async function empty(account: Account, Bucket: string): Promise<void> {
  const client = account.client(S3Client);
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const [first] = Errors;
    if (first !== undefined) throw new Error(`${Bucket}/${first.Key}: ${first.Code}: ${first.Message}`);
  }
}

function check(inputs: Values): CheckFailure[] {
  const inline = Object.entries(ELSEWHERE)
    .filter(([property]) => (inputs[property] ?? null) !== null)
    .map(([property, name]) => ({
      property,
      reason: `set inline, which the package deprecates; use aws.s3.${name} with the bucket's name in its place`,
    }));
  const isRegional = typeof inputs.bucketNamespace === "string" && inputs.bucketNamespace === "account-regional";
  return [
    ...checkBucketName("bucket", inputs.bucket),
    ...inline,
    ...(isRegional
      ? [{ property: "bucketNamespace", reason: `received "account-regional"; the local provider knows "global" only` }]
      : []),
  ];
}

export const bucket: ResourceType = {
  token: "aws:s3/bucket:Bucket",
  properties: {
    ...Object.fromEntries(Object.keys(ELSEWHERE).map((property) => [property, "update"])),
    bucket: "replace",
    bucketNamespace: "replace",
    bucketPrefix: "replace",
    forceDestroy: "update",
    objectLockEnabled: "replace",
  },
  computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId"],
  autoName: { property: "bucket", maxLength: 63, isLowerCase: true },
  taggable: true,
  defaults: { bucketNamespace: "global", forceDestroy: false, objectLockEnabled: false },
  check,
  async create(operation, inputs) {
    const { account } = operation;
    const Bucket = text(inputs, "bucket");
    // The first region has no constraint by its name.
    const LocationConstraint = account.region as BucketLocationConstraint;
    const isFirst = account.region === "us-east-1";
    const command = new CreateBucketCommand({
      Bucket,
      ...(isFirst ? {} : { CreateBucketConfiguration: { LocationConstraint } }),
      ...(inputs.objectLockEnabled === true ? { ObjectLockEnabledForBucket: true } : {}),
    });
    await account.client(S3Client).send(command);
    operation.created(Bucket, { arn: `arn:aws:s3:::${Bucket}` });
    await setTags(operation, Bucket, {});
    return settled(read, operation, Bucket, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await setTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, Bucket, state) {
    if (optionalBoolean(state, "forceDestroy") === true) await ifMissing(empty(account, Bucket), "NoSuchBucket");
    await ifMissing(account.client(S3Client).send(new DeleteBucketCommand({ Bucket })), "NoSuchBucket");
  },
};
