import * as assert from "node:assert/strict";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const BUCKET = "aws:s3/bucket:Bucket";
const part = (name: string): string => `aws:s3/bucket${name}:Bucket${name}`;

describe("S3 in the stand-in provider", () => {
  let emulator: { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  const createBucket = (name: string, more = {}) =>
    new Managed(BUCKET, account, name).create({ bucket: `${name}-111122223333`, forceDestroy: true, ...more });

  it("keeps a bucket, whose generated name has no capital letters", async () => {
    const made = await runCourse(account, {
      token: BUCKET,
      inputs: {},
      changed: { forceDestroy: true },
      changes: ["forceDestroy"],
    });
    assert.equal(made.outputs.arn, `arn:aws:s3:::${made.id}`);
    assert.equal(made.outputs.bucketRegionalDomainName, `${made.id}.s3.us-east-1.amazonaws.com`);
    const named = await new Managed(BUCKET, account, "CostArchive").create({});
    assert.match(named.id, /^costarchive-[0-9a-f]{7}$/);
    const prefixed = await new Managed(BUCKET, account).create({ bucketPrefix: "archive-" });
    assert.match(prefixed.id, /^archive-[0-9a-f]{26}$/);
    assert.deepEqual(
      prefixed.diff({ bucketPrefix: "other-" }).map(({ path, effect }) => [path, effect]),
      [
        ["bucket", "replace"],
        ["bucketPrefix", "replace"],
      ],
    );
    for (const bucket of [made, named, prefixed]) await runDeletion(bucket);
  });

  it("keeps a bucket of another region, with Object Lock", async () => {
    const made = await new Managed(BUCKET, testAccount({}, "eu-west-1")).create({ objectLockEnabled: true });
    assert.deepEqual(
      [made.outputs.bucketRegion, made.outputs.objectLockEnabled, made.outputs.hostedZoneId],
      ["eu-west-1", true, "Z1BKCTXD74EZPE"],
    );
    await runDeletion(made);
  });

  it("deletes a bucket with objects only when the program forces it, versions and delete markers included", async () => {
    const made = await createBucket("full", { forceDestroy: false });
    const s3 = account.client(S3Client);
    const versioned = { bucket: made.id, versioningConfiguration: { status: "Enabled" } };
    await new Managed(part("Versioning"), account).create(versioned);
    for (const Key of ["a", "a", "b"]) await s3.send(new PutObjectCommand({ Bucket: made.id, Key, Body: "x" }));
    await assert.rejects(made.delete(), { name: "BucketNotEmpty" });
    assert.equal((await s3.send(new ListObjectsV2Command({ Bucket: made.id }))).KeyCount, 2, "nothing was deleted");
    await made.update({ bucket: made.id, forceDestroy: true });
    await runDeletion(made);
  });

  it("keeps a public access block", async () => {
    const made = await createBucket("blocked");
    const all = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
    const block = await runCourse(account, {
      token: part("PublicAccessBlock"),
      inputs: { bucket: made.id, ...all },
      changed: { blockPublicPolicy: false },
      changes: ["blockPublicPolicy"],
    });
    await runDeletion(block);
    const kept = await new Managed(part("PublicAccessBlock"), account).create({ bucket: made.id, skipDestroy: true });
    await kept.delete();
    assert.equal(await kept.refresh(), true, "skipDestroy leaves it in place");
    await runDeletion(made);
    assert.equal(await kept.refresh(), false, "it is gone with its bucket");
  });

  it("keeps default encryption, which every bucket has in the end", async () => {
    const made = await createBucket("encrypted");
    const rule = (sse: object, more = {}) => [{ applyServerSideEncryptionByDefault: { ...sse }, ...more }];
    const encryption = await runCourse(account, {
      token: part("ServerSideEncryptionConfiguration"),
      inputs: { bucket: made.id, rules: rule({ sseAlgorithm: "AES256" }) },
      changed: {
        rules: rule(
          { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/k" },
          { bucketKeyEnabled: true, blockedEncryptionTypes: ["SSE-C"] },
        ),
      },
      changes: [
        "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
        "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        "rules[0].blockedEncryptionTypes",
        "rules[0].bucketKeyEnabled",
      ],
    });
    await encryption.delete();
    assert.equal(await encryption.import(made.id), true);
    assert.deepEqual(encryption.inputs.rules, rule({ sseAlgorithm: "AES256" }, { bucketKeyEnabled: false }));
    await runDeletion(made);
  });

  it("keeps versioning, which can be suspended but not undone", async () => {
    const made = await createBucket("versioned");
    const versioning = await runCourse(account, {
      token: part("Versioning"),
      inputs: { bucket: made.id, versioningConfiguration: { status: "Disabled" } },
      changed: { versioningConfiguration: { status: "Enabled" } },
      changes: ["versioningConfiguration.status"],
    });
    await assert.rejects(
      versioning.update({ bucket: made.id, versioningConfiguration: { status: "Disabled" } }),
      /versioningConfiguration\.status: received "Disabled" for a bucket that had versions; use "Suspended"/,
    );
    await versioning.delete();
    await versioning.refresh();
    assert.deepEqual(versioning.outputs.versioningConfiguration, { status: "Suspended" });
    await runDeletion(made);
  });

  it("keeps ownership controls and a policy", async () => {
    const made = await createBucket("owned");
    await runDeletion(
      await runCourse(account, {
        token: part("OwnershipControls"),
        inputs: { bucket: made.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
        changed: { rule: { objectOwnership: "BucketOwnerPreferred" } },
        changes: ["rule.objectOwnership"],
      }),
    );
    const policy = (...actions: string[]) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: actions,
            Resource: [made.output("arn"), `${made.output("arn")}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    await runDeletion(
      await runCourse(account, {
        token: part("Policy"),
        inputs: { bucket: made.id, policy: policy("s3:PutObject") },
        changed: { policy: policy("s3:PutObject", "s3:GetObject") },
        changes: ["policy"],
      }),
    );
    await runDeletion(made);
  });

  it("keeps a lifecycle, its filters of every form, and the owner that it expects", async () => {
    const made = await createBucket("aging");
    const rules = [
      {
        id: "reports",
        status: "Enabled",
        filter: { prefix: "reports/" },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
        expiration: { days: 400 },
        noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 1 },
      },
      { id: "everything", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
      {
        id: "tagged",
        status: "Disabled",
        filter: { and: { prefix: "a", tags: { kind: "page", of: "x" }, objectSizeGreaterThan: 5 } },
        expiration: { date: "2030-01-01T00:00:00Z" },
      },
      {
        id: "one",
        status: "Enabled",
        filter: { tag: { key: "kind", value: "page" } },
        noncurrentVersionTransitions: [{ noncurrentDays: 3, storageClass: "GLACIER" }],
      },
    ];
    const lifecycle = await runCourse(account, {
      token: part("LifecycleConfiguration"),
      inputs: { bucket: made.id, expectedBucketOwner: "111122223333", rules },
      changed: { rules: [{ ...rules[0], expiration: { days: 800 } }, ...rules.slice(1, 3)] },
      changes: ["rules[0].expiration.days", "rules[3]"],
    });
    assert.equal(lifecycle.id, `${made.id},111122223333`);
    assert.equal(lifecycle.outputs.transitionDefaultMinimumObjectSize, "all_storage_classes_128K");
    await runDeletion(lifecycle);
    await runDeletion(made);
  });
});
