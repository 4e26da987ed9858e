/** Amazon S3. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
import type { Account } from "../account";
import { bytesOf } from "../archive";
import type { Tagging } from "../engine/entry";
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import { type InvokeFunction, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-s3",
  client: "S3Client",
  // NoSuchBucket, NoSuchBucketPolicy, OwnershipControlsNotFoundError, …
  missing: ["NoSuch", "NotFound"],
});

/** Removes every version of every object, and every delete marker. */
async function empty(account: Account, Bucket: string): Promise<void> {
  for (;;) {
    const found = await api.find(account, "ListObjectVersions", { Bucket });
    const all = [...((found?.Versions ?? []) as Structure[]), ...((found?.DeleteMarkers ?? []) as Structure[])];
    const Objects = all.map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    await api.send(account, "DeleteObjects", { Bucket, Delete: { Objects } });
  }
}

/** S3 keeps tags as one set. */
function taggingOf(noun: "Bucket" | "Object", about: (id: string) => Structure): Tagging {
  return {
    async read({ account }, id) {
      const answer = await api.find(account, `Get${noun}Tagging`, about(id));
      const tags = (answer?.TagSet ?? []) as { Key: string; Value: string }[];
      return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
    },
    async write({ account, tags }, id) {
      const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const isNone = TagSet.length === 0;
      const request = isNone ? about(id) : { ...about(id), Tagging: { TagSet } };
      await api.send(account, `${isNone ? "Delete" : "Put"}${noun}Tagging`, request);
    },
  };
}

const bucket = resource(
  {
    token: "aws:s3/bucket:Bucket",
    service: api,
    id: "{bucket}",
    create: "CreateBucket",
    read: "HeadBucket",
    delete: "DeleteBucket",
    replace: ["bucket", "bucketPrefix"],
    local: ["forceDestroy"],
    computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName"],
    autoName: { property: "bucket", maxLength: 63, isLowerCase: true },
    taggable: true,
    tagging: taggingOf("Bucket", (Bucket) => ({ Bucket })),
    defaults: { forceDestroy: false },
    request(request, _values, { account }, call) {
      // The first region has no constraint by its name.
      if (call !== "CreateBucket" || account.region === "us-east-1") return;
      request.CreateBucketConfiguration = { LocationConstraint: account.region };
    },
    outputs({ HeadBucket: { BucketRegion } = {} }, state, { account }) {
      const [name, region] = [text(state, "bucket"), String(BucketRegion ?? account.region)];
      return {
        arn: `arn:aws:s3:::${name}`,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegion: region,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      };
    },
  },
  (base) => ({
    async delete(operation, id, state) {
      if (state.forceDestroy === true) await empty(operation.account, id);
      await base.delete(operation, id, state);
    },
  }),
);

/** What each part of a bucket is called, and the operations on it. */
function part(name: string, operation: string) {
  return {
    token: `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
    service: api,
    id: "{bucket}",
    create: `Put${operation}`,
    read: `Get${operation}`,
    updates: [`Put${operation}`],
    delete: { call: `Delete${operation}`, only: [] },
    replace: ["bucket"],
  };
}

const bucketPolicy = resource({
  ...part("BucketPolicy", "BucketPolicy"),
  update: ["policy"],
  required: ["bucket", "policy"],
});

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const bucketPublicAccessBlock = resource({
  ...part("BucketPublicAccessBlock", "PublicAccessBlock"),
  inside: ["PublicAccessBlockConfiguration"],
  update: BLOCKS,
  required: ["bucket"],
  defaults: Object.fromEntries(BLOCKS.map((name) => [name, false])),
});

const bucketOwnershipControls = resource({
  ...part("BucketOwnershipControls", "BucketOwnershipControls"),
  update: ["rule"],
  required: ["bucket", "rule"],
  names: { rule: "OwnershipControls.Rules|Rules" },
  allowed: { "rule.objectOwnership": "ObjectOwnership" },
  outputs: (_, { rule }) => ({ rule: Array.isArray(rule) ? (rule[0] ?? null) : (rule ?? null) }),
});

const bucketServerSideEncryptionConfiguration = resource({
  ...part("BucketServerSideEncryptionConfiguration", "BucketEncryption"),
  inside: ["ServerSideEncryptionConfiguration"],
  update: ["rules"],
  required: ["bucket", "rules"],
  allowed: { "rules.applyServerSideEncryptionByDefault.sseAlgorithm": "ServerSideEncryption" },
});

const bucketLifecycleConfiguration = resource({
  ...part("BucketLifecycleConfiguration", "BucketLifecycleConfiguration"),
  inside: ["LifecycleConfiguration"],
  delete: { call: "DeleteBucketLifecycle", only: [] },
  update: ["rules"],
  required: ["bucket", "rules"],
  allowed: { "rules.status": "ExpirationStatus" },
});

const bucketVersioning = resource({
  ...part("BucketVersioning", "BucketVersioning"),
  // Versioning is never gone again, only suspended.
  delete: {
    call: "PutBucketVersioning",
    with: { VersioningConfiguration: { Status: "Suspended" } },
    only: [],
  },
  update: ["versioningConfiguration"],
  required: ["bucket", "versioningConfiguration"],
  allowed: { "versioningConfiguration.status": "BucketVersioningStatus" },
  names: { versioningConfiguration: "VersioningConfiguration|." },
});

/** `bucket/key`; an import gives `s3://bucket/key`. */
function objectParts(id: string): { bucket: string; key: string } {
  const [bucket = "", ...key] = id.replace("s3://", "").split("/");
  return { bucket, key: key.join("/") };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
const bucketObjectv2 = resource({
  token: "aws:s3/bucketObjectv2:BucketObjectv2",
  service: api,
  id: {
    names: ["bucket", "key"],
    of: (values) => `${text(values, "bucket")}/${text(values, "key")}`,
    parts: objectParts,
  },
  create: "PutObject",
  read: { call: "HeadObject", at: "" },
  updates: ["PutObject"],
  delete: { call: "DeleteObject", only: ["bucket", "key"] },
  replace: ["bucket", "key"],
  update: ["cacheControl", "content", "contentType", "source"],
  local: ["sourceHash"],
  required: ["bucket", "key"],
  computed: ["arn", "etag"],
  volatile: [{ outputs: ["etag"], changedBy: ["content", "source"] }],
  none: { cacheControl: "", contentType: "application/octet-stream" },
  names: { content: "Body", source: "Body", etag: "ETag" },
  taggable: true,
  tagging: taggingOf("Object", (id) => ({ Bucket: objectParts(id).bucket, Key: objectParts(id).key })),
  async request(request, { content, source }, { tags }, call) {
    if (call !== "PutObject") return;
    // A new version has none of the tags of the one before.
    request.Tagging = new URLSearchParams(tags).toString();
    request.Body = content === undefined || content === null ? await bytesOf(source) : Buffer.from(String(content));
  },
  outputs: (_, { bucket, key, etag }) => ({
    arn: `arn:aws:s3:::${String(bucket)}/${String(key)}`,
    etag: String(etag).replaceAll('"', ""),
  }),
});

const getBucket: InvokeFunction = {
  token: "aws:s3/getBucket:getBucket",
  arguments: ["bucket"],
  async invoke(account, args) {
    const name = text(args, "bucket");
    // Unlike HeadBucket it is answered in every region.
    const found = await api.find(account, "GetBucketLocation", { Bucket: name });
    if (found === undefined) throw new Error(`reading S3 Bucket (${name}): couldn't find resource`);
    // S3's first region has no name there.
    const bucketRegion = String(found.LocationConstraint ?? "us-east-1");
    return { id: name, bucket: name, arn: `arn:aws:s3:::${name}`, bucketRegion, region: account.region };
  },
};

export const s3: Service = {
  resources: [
    bucket,
    bucketPolicy,
    bucketPublicAccessBlock,
    bucketOwnershipControls,
    bucketServerSideEncryptionConfiguration,
    bucketLifecycleConfiguration,
    bucketVersioning,
    bucketObjectv2,
  ],
  functions: [getBucket],
};
