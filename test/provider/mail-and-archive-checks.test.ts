import * as assert from "node:assert/strict";
import type { Values } from "../../local/provider/property-values";
import { RESOURCES } from "../../local/provider/registry";
import { allow, failuresOf, trust, withUnknown } from "./support";

const BUCKET = "aws:s3/bucket:Bucket";
const s3 = (name: string): string => `aws:s3/bucket${name}:Bucket${name}`;
const BLOCK = s3("PublicAccessBlock");
const ENCRYPTION = s3("ServerSideEncryptionConfiguration");
const LIFECYCLE = s3("LifecycleConfiguration");
const VERSIONING = s3("Versioning");
const OWNERSHIP = s3("OwnershipControls");
const BUCKET_POLICY = s3("Policy");
const IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity";
const SET = "aws:sesv2/configurationSet:ConfigurationSet";
const DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination";
const attributes = (name: string): string => `aws:sesv2/emailIdentity${name}:EmailIdentity${name}`;
const MAIL_FROM = attributes("MailFromAttributes");
const FEEDBACK = attributes("FeedbackAttributes");
const IDENTITY_POLICY = attributes("Policy");

const KMS = { kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/k", sseAlgorithm: "aws:kms" };
const rule: Values = { id: "a", status: "Enabled", expiration: { days: 400 } };
const dimension: Values = {
  defaultDimensionValue: "none",
  dimensionName: "ses:configuration-set",
  dimensionValueSource: "MESSAGE_TAG",
};
const destination = (target: Values): Values => ({
  configurationSetName: "reports",
  eventDestination: { enabled: true, matchingEventTypes: ["BOUNCE"], ...target },
  eventDestinationName: "d",
});
const topic = { snsDestination: { topicArn: "arn:aws:sns:us-east-1:111122223333:t" } };
const bus = (name: string): Values => ({
  eventBridgeDestination: { eventBusArn: `arn:aws:events:us-east-1:111122223333:event-bus/${name}` },
});

/** Inputs that are right, with as many properties as go together. */
const SAMPLES: Readonly<Record<string, readonly Values[]>> = {
  [BUCKET]: [{ bucket: "archive-1", forceDestroy: true, objectLockEnabled: true }, { bucketPrefix: "archive-" }],
  [BLOCK]: [{ bucket: "b-1", blockPublicAcls: true, ignorePublicAcls: false, skipDestroy: true }],
  [ENCRYPTION]: [
    {
      bucket: "b-1",
      expectedBucketOwner: "111122223333",
      rules: [
        {
          applyServerSideEncryptionByDefault: KMS,
          blockedEncryptionTypes: ["SSE-C"],
          bucketKeyEnabled: true,
        },
      ],
    },
  ],
  [LIFECYCLE]: [
    {
      bucket: "b-1",
      rules: [
        {
          ...rule,
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          filter: { and: { prefix: "a", tags: { k: "v" }, objectSizeLessThan: 5 } },
          noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 2 },
          noncurrentVersionTransitions: [{ noncurrentDays: 1, storageClass: "GLACIER" }],
          transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
        },
        { ...rule, id: "b", expiration: { date: "2030-01-01T00:00:00Z" }, filter: { tag: { key: "k", value: "v" } } },
        { ...rule, id: "c", prefix: "a/" },
      ],
      transitionDefaultMinimumObjectSize: "varies_by_storage_class",
    },
  ],
  [VERSIONING]: [{ bucket: "b-1", mfa: "m 1", versioningConfiguration: { status: "Enabled", mfaDelete: "Disabled" } }],
  [OWNERSHIP]: [{ bucket: "b-1", rule: { objectOwnership: "BucketOwnerEnforced" } }],
  [BUCKET_POLICY]: [{ bucket: "b-1", policy: trust("ses.amazonaws.com") }],
  [IDENTITY]: [
    { emailIdentity: "costs+test@example.com", configurationSetName: "s" },
    { emailIdentity: "example.com", dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" } },
  ],
  [SET]: [
    {
      configurationSetName: "reports",
      deliveryOptions: { maxDeliverySeconds: 300, sendingPoolName: "p", tlsPolicy: "REQUIRE" },
      reputationOptions: { reputationMetricsEnabled: true },
      sendingOptions: { sendingEnabled: true },
      suppressionOptions: { suppressedReasons: ["BOUNCE"] },
      trackingOptions: { customRedirectDomain: "mail.example.com", httpsPolicy: "REQUIRE" },
      vdmOptions: { dashboardOptions: { engagementMetrics: "ENABLED" } },
    },
  ],
  [DESTINATION]: [
    destination({ cloudWatchDestination: { dimensionConfigurations: [dimension] } }),
    destination(topic),
    destination(bus("default")),
  ],
  [MAIL_FROM]: [
    { emailIdentity: "example.com", mailFromDomain: "bounce.example.com", behaviorOnMxFailure: "REJECT_MESSAGE" },
  ],
  [FEEDBACK]: [{ emailIdentity: "example.com", emailForwardingEnabled: true }],
  [IDENTITY_POLICY]: [{ emailIdentity: "example.com", policyName: "p", policy: trust("ses.amazonaws.com") }],
};

describe("Plan-time checks of buckets and mail", () => {
  it("are tried for every type of these services", () => {
    const types = [...RESOURCES.keys()].filter((token) => /^aws:(s3|sesv2)\//.test(token));
    assert.deepEqual(types.sort(), Object.keys(SAMPLES).sort());
  });

  for (const [token, samples] of Object.entries(SAMPLES)) {
    it(`of ${token} pass right inputs, and whatever of them is not known yet`, () => {
      for (const sample of samples) {
        assert.deepEqual(failuresOf(token, sample), []);
        for (const [property, value] of Object.entries(sample)) {
          for (const changed of withUnknown(value)) {
            const inputs = { ...sample, [property]: changed };
            assert.deepEqual(failuresOf(token, inputs), [], JSON.stringify({ [property]: changed }));
          }
        }
      }
    });
  }

  const lifecycle = (...rules: Values[]): Values => ({ bucket: "b-1", rules });
  const encrypted = (sse: Values): Values => ({
    bucket: "b-1",
    rules: [{ applyServerSideEncryptionByDefault: sse }],
  });
  for (const [what, token, inputs, expected] of [
    ["a bucket's name with capital letters", BUCKET, { bucket: "Archive" }, ["bucket"]],
    ["a bucket's name that is an IP address", BUCKET, { bucket: "192.168.0.1" }, ["bucket"]],
    ["a prefix that leaves no room", BUCKET, { bucketPrefix: "a".repeat(38) }, ["bucketPrefix"]],
    ["a prefix beside a name", BUCKET, { bucket: "archive", bucketPrefix: "a-" }, ["bucketPrefix"]],
    ["versioning inline", BUCKET, { versioning: { enabled: true } }, ["versioning"]],
    ["a namespace of the account's own", BUCKET, { bucketNamespace: "account-regional" }, ["bucketNamespace"]],
    ["a block that is no boolean", BLOCK, { bucket: "b-1", blockPublicAcls: "yes" }, ["blockPublicAcls"]],
    [
      "another algorithm",
      ENCRYPTION,
      encrypted({ sseAlgorithm: "aes" }),
      ["rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"],
    ],
    [
      "a key for AES256",
      ENCRYPTION,
      encrypted({ ...KMS, sseAlgorithm: "AES256" }),
      ["rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId"],
    ],
    ["a lifecycle without rules", LIFECYCLE, lifecycle(), ["rules"]],
    ["a rule that does nothing", LIFECYCLE, lifecycle({ id: "a", status: "Enabled" }), ["rules[0]"]],
    ["a rule without a status", LIFECYCLE, lifecycle({ id: "a", expiration: { days: 1 } }), ["rules[0].status"]],
    ["two rules of one id", LIFECYCLE, lifecycle(rule, rule), ["rules[1].id"]],
    [
      "two filters beside each other",
      LIFECYCLE,
      lifecycle({ ...rule, filter: { prefix: "a", objectSizeLessThan: 5 } }),
      ["rules[0].filter"],
    ],
    [
      "two ends",
      LIFECYCLE,
      lifecycle({ ...rule, expiration: { days: 1, date: "2030-01-01" } }),
      ["rules[0].expiration"],
    ],
    [
      "rarely read objects that are younger than 30 days",
      LIFECYCLE,
      lifecycle({ ...rule, transitions: [{ days: 7, storageClass: "STANDARD_IA" }] }),
      ["rules[0].transitions[0].days"],
    ],
    [
      "objects that move after their end",
      LIFECYCLE,
      lifecycle({ ...rule, transitions: [{ days: 400, storageClass: "GLACIER" }] }),
      ["rules[0].transitions[0].days"],
    ],
    [
      "a class of nowhere",
      LIFECYCLE,
      lifecycle({ ...rule, transitions: [{ days: 30, storageClass: "TAPE" }] }),
      ["rules[0].transitions[0].storageClass"],
    ],
    [
      "another status of versioning",
      VERSIONING,
      { bucket: "b-1", versioningConfiguration: { status: "On" } },
      ["versioningConfiguration.status"],
    ],
    ["another ownership", OWNERSHIP, { bucket: "b-1", rule: { objectOwnership: "Me" } }, ["rule.objectOwnership"]],
    [
      "a bucket's policy for nobody",
      BUCKET_POLICY,
      { bucket: "b-1", policy: allow("s3:GetObject") },
      ["policy.Statement[0].Principal"],
    ],
    ["an address without a domain", IDENTITY, { emailIdentity: "costs@" }, ["emailIdentity"]],
    ["an address with a blank", IDENTITY, { emailIdentity: "my costs@example.com" }, ["emailIdentity"]],
    ["a domain in another alphabet", IDENTITY, { emailIdentity: "köln.example" }, ["emailIdentity"]],
    [
      "tokens that only SES gives",
      IDENTITY,
      { emailIdentity: "example.com", dkimSigningAttributes: { tokens: ["a"] } },
      ["dkimSigningAttributes.tokens"],
    ],
    [
      "a key without its selector",
      IDENTITY,
      { emailIdentity: "example.com", dkimSigningAttributes: { domainSigningPrivateKey: "TUlJ" } },
      ["dkimSigningAttributes"],
    ],
    ["a set's name with a dot", SET, { configurationSetName: "a.b" }, ["configurationSetName"]],
    [
      "another TLS policy",
      SET,
      { configurationSetName: "a", deliveryOptions: { tlsPolicy: "ALWAYS" } },
      ["deliveryOptions.tlsPolicy"],
    ],
    [
      "another reason",
      SET,
      { configurationSetName: "a", suppressionOptions: { suppressedReasons: ["SPAM"] } },
      ["suppressionOptions.suppressedReasons[0]"],
    ],
    ["no target", DESTINATION, destination({}), ["eventDestination"]],
    ["two targets", DESTINATION, destination({ ...topic, ...bus("default") }), ["eventDestination"]],
    [
      "a bus that is not the default one",
      DESTINATION,
      destination(bus("mine")),
      ["eventDestination.eventBridgeDestination.eventBusArn"],
    ],
    [
      "no types of events",
      DESTINATION,
      destination({ ...topic, matchingEventTypes: [] }),
      ["eventDestination.matchingEventTypes"],
    ],
    [
      "another type of events",
      DESTINATION,
      destination({ ...topic, matchingEventTypes: ["Bounce"] }),
      ["eventDestination.matchingEventTypes[0]"],
    ],
    [
      "a dimension from nowhere",
      DESTINATION,
      destination({
        cloudWatchDestination: { dimensionConfigurations: [{ ...dimension, dimensionValueSource: "messageTag" }] },
      }),
      ["eventDestination.cloudWatchDestination.dimensionConfigurations[0].dimensionValueSource"],
    ],
    [
      "a target that the local cloud does not publish to",
      DESTINATION,
      destination({ ...topic, pinpointDestination: { applicationArn: "a" } }),
      ["eventDestination.pinpointDestination"],
    ],
    [
      "a MAIL FROM domain of somebody else",
      MAIL_FROM,
      { emailIdentity: "example.com", mailFromDomain: "bounce.example.org" },
      ["mailFromDomain"],
    ],
    [
      "an identity's policy for nobody",
      IDENTITY_POLICY,
      { emailIdentity: "example.com", policyName: "p", policy: allow("ses:SendEmail") },
      ["policy.Statement[0].Principal"],
    ],
  ] as [string, string, Values, string[]][]) {
    it(`refuse ${what}`, () => {
      assert.deepEqual(
        failuresOf(token, inputs).map(({ property }) => property),
        expected,
      );
    });
  }

  it("name the resource to use in place of an inline setting", () => {
    const [failure] = failuresOf(BUCKET, { lifecycleRules: [{ enabled: true }] });
    assert.match(failure?.reason ?? "", /aws\.s3\.BucketLifecycleConfiguration/);
  });
});
