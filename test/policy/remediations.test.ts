import * as assert from "node:assert/strict";
import { withChanges } from "../../policy/engine";
import { DEFAULT_SETTINGS, type Remediation, type RuleSettings, type Subject } from "../../policy/rule";
import { REMEDIATIONS, RULES } from "../../policy/rules";
import { UNKNOWN, type Values } from "../../policy/values";
import { EDGE_ROLE, PLAIN_ROLE, published } from "./samples/edge";
import { PROVIDER, subject } from "./subjects";

interface Case {
  readonly type: string;
  /** What was left open, and what it becomes. */
  readonly before: Values;
  readonly after: Values;
  /** What somebody chose, or what cannot be fixed: it stays. */
  readonly left: readonly Values[];
  readonly settings?: Partial<RuleSettings>;
  readonly more?: Partial<Subject>;
}

const LAMBDA = "aws:lambda/function:Function";
const TABLE = "aws:dynamodb/table:Table";
const QUEUE = "aws:sqs/queue:Queue";

/** For each remediation what it does; one without an entry fails the tests. */
const CASES: Readonly<Record<string, Case>> = {
  "fix-tags": {
    type: QUEUE,
    before: { tags: { note: "x" } },
    after: { tags: { note: "x", "cost-center": "1000", owner: "a@example.com" } },
    left: [
      { tags: { owner: "b", "cost-center": "2" } },
      { tags: { owner: UNKNOWN, "cost-center": "2" } },
      { tags: UNKNOWN },
    ],
    settings: { tags: { "cost-center": "1000", owner: "a@example.com", other: "y" } },
    more: { provider: {} },
  },
  "fix-log-retention": {
    type: "aws:cloudwatch/logGroup:LogGroup",
    before: { name: "logs" },
    after: { name: "logs", retentionInDays: 90 },
    left: [{ retentionInDays: 0 }, { retentionInDays: 7 }, { logGroupClass: "DELIVERY" }, { retentionInDays: UNKNOWN }],
    settings: { logRetentionDays: 90 },
  },
  "fix-lambda-architecture": {
    type: LAMBDA,
    before: {},
    after: { architectures: ["arm64"] },
    left: [{ architectures: ["x86_64"] }, { packageType: "Image" }, { packageType: UNKNOWN }],
  },
  "fix-lambda-tracing": {
    type: LAMBDA,
    before: {},
    after: { tracingConfig: { mode: "Active" } },
    left: [{ tracingConfig: { mode: "PassThrough" } }, { tracingConfig: UNKNOWN }],
  },
  "fix-imdsv2": {
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    before: { metadataOptions: { httpPutResponseHopLimit: 1 } },
    after: { metadataOptions: { httpPutResponseHopLimit: 1, httpTokens: "required" } },
    left: [{ metadataOptions: { httpTokens: "optional" } }, { metadataOptions: { httpEndpoint: "disabled" } }],
  },
  "fix-queue-encryption": {
    type: QUEUE,
    before: {},
    after: { sqsManagedSseEnabled: true },
    left: [{ sqsManagedSseEnabled: false }, { kmsMasterKeyId: "alias/q" }, { kmsMasterKeyId: UNKNOWN }],
  },
  "fix-table-encryption": {
    type: TABLE,
    before: {},
    after: { serverSideEncryption: { enabled: true } },
    left: [{ serverSideEncryption: { enabled: false } }, { serverSideEncryption: UNKNOWN }],
  },
  "fix-table-recovery": {
    type: TABLE,
    before: {},
    after: { pointInTimeRecovery: { enabled: true } },
    left: [{ pointInTimeRecovery: { enabled: false } }],
  },
  "fix-public-access-block": {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    before: { bucket: "b", blockPublicAcls: true, blockPublicPolicy: true },
    after: {
      bucket: "b",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    left: [{ blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false }],
  },
  "fix-deletion-protection": {
    type: TABLE,
    before: {},
    after: { deletionProtectionEnabled: true },
    left: [{ deletionProtectionEnabled: false }, { deletionProtectionEnabled: UNKNOWN }],
    settings: { production: true },
  },
};

function fix(
  remediation: Remediation,
  { type, settings = {}, more = {} }: Omit<Case, "before">,
  props: Values,
): Values {
  const changes = remediation.remediate(subject(type, props, more), { ...DEFAULT_SETTINGS, ...settings });
  return withChanges(props, changes) as Values;
}

describe("the policy pack's remediations", () => {
  it("have ids of their own, a rule that each fixes, and a case here", () => {
    assert.deepEqual(Object.keys(CASES).sort(), REMEDIATIONS.map(({ id }) => id).sort());
    for (const { id, fixes, types } of REMEDIATIONS) {
      assert.match(id, /^fix-[a-z0-9-]+$/);
      const rule = RULES.find((candidate) => candidate.id === fixes);
      assert.ok(rule, fixes);
      for (const type of types) assert.ok(rule.types.includes(type), `${id}: ${fixes} does not judge ${type}`);
    }
  });

  for (const remediation of REMEDIATIONS) {
    const none: Case = { type: "", before: {}, after: {}, left: [] };
    const { before, ...example } = CASES[remediation.id] ?? none;

    it(`${remediation.id} fixes what was left open, so that its rule holds`, () => {
      const fixed = fix(remediation, example, before);
      assert.deepEqual(fixed, example.after);
      const rule = RULES.find(({ id }) => id === remediation.fixes);
      const settings = { ...DEFAULT_SETTINGS, ...example.settings, requiredTags: ["owner", "cost-center"] };
      const judge = (props: Values) => rule?.check?.(subject(example.type, props, example.more), settings) ?? [];
      assert.notDeepEqual(judge(before), []);
      assert.deepEqual(judge(fixed), []);
    });

    it(`${remediation.id} changes nothing the second time`, () => {
      const changes = remediation.remediate(subject(example.type, example.after, example.more), {
        ...DEFAULT_SETTINGS,
        ...example.settings,
      });
      assert.deepEqual(changes, []);
    });

    it(`${remediation.id} leaves what somebody chose, or what is not known`, () => {
      for (const props of example.left) {
        const { id, remediate } = remediation;
        const settings = { ...DEFAULT_SETTINGS, ...example.settings, requiredTags: ["owner", "cost-center"] };
        assert.deepEqual(remediate(subject(example.type, props, example.more), settings), [], id);
      }
    });
  }

  const byId = (id: string): Remediation => {
    const found = REMEDIATIONS.find((remediation) => remediation.id === id);
    assert.ok(found);
    return found;
  };
  const GROUP = "aws:autoscaling/group:Group";

  it("gives Auto Scaling groups the account's tags, for their instances too, after those that they have", () => {
    const own = { key: "Name", value: "edge", propagateAtLaunch: true };
    const tag = (key: string, value: string) => ({ key, value, propagateAtLaunch: true });
    const example = { type: GROUP, after: {}, left: [], more: { provider: PROVIDER } };
    const expected = [own, tag("owner", "edge@example.com"), tag("environment", "test"), tag("cost-center", "2100")];
    const fixed = fix(byId("fix-tags"), example, { tags: [own] });
    assert.deepEqual(fixed, { tags: expected });
    assert.deepEqual(fix(byId("fix-tags"), example, fixed), fixed);
    assert.deepEqual(fix(byId("fix-tags"), example, {}), { tags: expected.slice(1) });
  });

  it("fixes what the provider has noted as a default, and takes it from the list", () => {
    const logs = { type: "aws:cloudwatch/logGroup:LogGroup", after: {}, left: [] };
    const defaults = { retentionInDays: 0, skipDestroy: false, __defaults: ["retentionInDays", "skipDestroy"] };
    const fixed = { retentionInDays: 30, skipDestroy: false, __defaults: ["skipDestroy"] };
    assert.deepEqual(fix(byId("fix-log-retention"), logs, defaults), fixed);
    assert.deepEqual(fix(byId("fix-log-retention"), logs, fixed), fixed);
    const template = { type: "aws:ec2/launchTemplate:LaunchTemplate", after: {}, left: [] };
    const nested = (httpTokens: string, ...names: string[]) => ({ metadataOptions: { httpTokens, __defaults: names } });
    const imdsv2 = byId("fix-imdsv2");
    assert.deepEqual(fix(imdsv2, template, nested("optional", "httpTokens")), nested("required"));
    // The provider keeps a value that was once set as its default: there is nothing more to do then.
    assert.deepEqual(fix(imdsv2, template, nested("required", "httpTokens")), nested("required", "httpTokens"));
    assert.deepEqual(fix(imdsv2, template, nested("optional")), nested("optional"));
  });

  it("adds no tag whose value nobody knows, and none to what takes no tags", () => {
    const example = { type: QUEUE, after: {}, left: [], more: { provider: {} } };
    assert.deepEqual(fix(byId("fix-tags"), example, {}), {});
    const tags = { owner: "a" };
    const policy = { ...example, type: "aws:sqs/queuePolicy:QueuePolicy", settings: { tags } };
    assert.deepEqual(fix(byId("fix-tags"), policy, {}), {});
  });

  it("leaves functions alone that CloudFront may run: those of a role that trusts it, or of one that nobody sees", () => {
    const changes = (props: Values, ...earlier: Subject[]) =>
      ["fix-lambda-architecture", "fix-lambda-tracing"].map(
        (id) => byId(id).remediate(published(props), DEFAULT_SETTINGS, earlier).length,
      );
    const left: [Values, ...Subject[]][] = [
      [{}, EDGE_ROLE],
      [{}],
      [{ publish: UNKNOWN }, EDGE_ROLE],
      [{ role: UNKNOWN }, EDGE_ROLE],
      [{ role: UNKNOWN }, PLAIN_ROLE, subject("aws:iam/role:Role", { assumeRolePolicy: UNKNOWN })],
      [{ role: "arn:aws:iam::111111111111:role/of-another-stack" }, PLAIN_ROLE],
    ];
    const fixed: [Values, ...Subject[]][] = [
      [{}, PLAIN_ROLE],
      [{ role: UNKNOWN }, PLAIN_ROLE],
      [{ publish: false }, EDGE_ROLE],
      [{ region: "eu-west-1" }, EDGE_ROLE],
      [{ environment: { variables: { A: "b" } } }, EDGE_ROLE],
      [{ layers: ["arn:aws:lambda:us-east-1:111111111111:layer:l:1"] }, EDGE_ROLE],
    ];
    for (const [props, ...earlier] of left) assert.deepEqual(changes(props, ...earlier), [0, 0], JSON.stringify(props));
    for (const [props, ...earlier] of fixed) {
      assert.deepEqual(changes(props, ...earlier), [1, 1], JSON.stringify(props));
    }
  });

  it("protects user pools in their own words, and nothing outside of production", () => {
    const pool = { type: "aws:cognito/userPool:UserPool", after: {}, left: [], settings: { production: true } };
    assert.deepEqual(fix(byId("fix-deletion-protection"), pool, {}), { deletionProtection: "ACTIVE" });
    assert.deepEqual(fix(byId("fix-deletion-protection"), { ...pool, settings: {} }, {}), {});
  });
});
