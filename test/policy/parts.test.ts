import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as proxy from "@pulumi/policy/proxy";
import { iamActions, iamServices, knowsNoResource } from "../../components/internal/iam-data";
import { plainValues } from "../../policy/engine";
import { resourceWords } from "../../policy/generate-resource-words";
import { NEWEST_RUNTIMES } from "../../policy/lambda-runtimes";
import { allowNoResource } from "../../policy/resources";
import { DEFAULT_SETTINGS, Stack } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import { isNarrowed, statementsAt } from "../../policy/statements";
import { effectiveTags, isTaggable } from "../../policy/tags";
import { documentOf, matches, placesAt, UNKNOWN, type Value, type Values } from "../../policy/values";
import { policy, PROVIDER, subject } from "./subjects";

describe("paths to values", () => {
  it("lead into objects and every item of lists", () => {
    assert.deepEqual(placesAt({ a: [{ b: 1 }, { b: 2 }, {}] }, "a[].b"), [
      { path: "a[0].b", value: 1 },
      { path: "a[1].b", value: 2 },
      { path: "a[2].b", value: undefined },
    ]);
    assert.deepEqual(placesAt({}, "a.b"), [{ path: "a.b", value: undefined }]);
    assert.deepEqual(placesAt({}, "a[].b"), []);
    assert.deepEqual(placesAt({ a: "text" }, "a.b"), [{ path: "a.b", value: undefined }]);
  });

  it("stay unknown below what is unknown", () => {
    const unknown: Value = UNKNOWN;
    for (const props of [{ a: unknown }, { a: [unknown] }] as Values[]) {
      for (const { value } of placesAt(props, "a[].b")) assert.equal(value, UNKNOWN);
    }
    assert.equal(placesAt({ a: UNKNOWN }, "a[].b").length, 1);
  });
});

describe("values", () => {
  it("match patterns as a whole, with stars for any characters", () => {
    assert.ok(matches("us-east-1*", "us-east-1a"));
    assert.ok(matches("*::my.name", "urn:pulumi:a::b\n::my.name"));
    assert.ok(!matches("my.name", "my-name"));
    assert.ok(!matches("name", "my-name"));
  });

  it("are documents as text or as they are", () => {
    assert.deepEqual(documentOf('{"a":1}'), { a: 1 });
    assert.deepEqual(documentOf({ a: 1 }), { a: 1 });
    for (const other of ["", "{", "[]", "1", undefined, UNKNOWN] as const) assert.equal(documentOf(other), undefined);
  });

  it("are unknown for every text that the SDK has for something unknown", () => {
    const known = Object.entries(proxy as unknown as Record<string, unknown>).filter(([name]) =>
      /^unknown\w+Value$/.test(name),
    );
    assert.equal(known.length, 7);
    for (const [name, text] of known) assert.equal(plainValues({ text }).values.text, UNKNOWN, name);
  });
});

describe("policy statements", () => {
  const role = (document: unknown) => subject("aws:iam/rolePolicy:RolePolicy", { policy: document as string });

  it("are read from one statement or several, single values or lists", () => {
    const one = JSON.stringify({
      Statement: { Effect: "Allow", Action: "a:B", Resource: ["*"], Principal: { AWS: "x" } },
    });
    const [statement, ...more] = statementsAt(role(one), "policy");
    assert.deepEqual(more, []);
    const { path, actions, resources, principals } = statement ?? {};
    assert.deepEqual([path, actions, resources, principals], ["policy.Statement[0]", ["a:B"], ["*"], ["x"]]);
    assert.deepEqual(statementsAt(role("no JSON"), "policy"), []);
  });

  it("are narrowed by conditions that leave known callers only", () => {
    const narrowed = (operator: string, key: string, value: string | string[]) => {
      const [statement] = statementsAt(
        role(policy({ Effect: "Allow", Condition: { [operator]: { [key]: value } } })),
        "policy",
      );
      return statement !== undefined && isNarrowed(statement);
    };
    assert.ok(narrowed("StringEquals", "AWS:SourceAccount", "1"));
    assert.ok(narrowed("ArnLike", "aws:SourceArn", ["arn:aws:sns:us-east-1:1:t"]));
    assert.ok(!narrowed("StringEqualsIfExists", "aws:SourceAccount", "1"));
    assert.ok(!narrowed("StringLike", "aws:PrincipalArn", "*"));
    assert.ok(!narrowed("StringEquals", "aws:RequestedRegion", "us-east-1"));
    assert.ok(!narrowed("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-1"));
  });
});

describe("tables of AWS's", () => {
  it("hold the actions without resources that the patterns use, and none that could be narrowed", () => {
    for (const action of [
      "autoscaling:DescribeAutoScalingGroups",
      "ec2:DescribeInstances",
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "sts:GetCallerIdentity",
      "s3:ListAllMyBuckets",
      "ce:GetCostAndUsage",
      "vpc-lattice:ListServices",
    ]) {
      assert.ok(allowNoResource(action), action);
    }
    for (const action of ["s3:GetObject", "dynamodb:GetItem", "iam:PassRole", "sts:AssumeRole", "sqs:SendMessage"]) {
      assert.ok(!allowNoResource(action), action);
    }
    assert.ok(allowNoResource("EC2:describeinstances"));
    assert.ok(allowNoResource("sts:GetCaller*"));
    assert.ok(!allowNoResource("ec2:*") && !allowNoResource("nosuchservice:*") && !allowNoResource("ec2:NoSuch"));
  });

  it("ask for resources of no action in IAM's data for which IAM knows none", () => {
    const actions = iamServices().flatMap((service) => iamActions(service).map((action) => `${service}:${action}`));
    const without = actions.filter(knowsNoResource);
    assert.ok(without.length > 6000);
    const document = policy({ Effect: "Allow", Action: without, Resource: "*" });
    const rule = RULES.find(({ id }) => id === "iam-resource-wildcard");
    const subjects = [subject("aws:iam/policy:Policy", { policy: document })];
    assert.deepEqual(
      subjects.flatMap((item) => rule?.check?.(item, DEFAULT_SETTINGS) ?? []),
      [],
    );
  });

  it("hold the words of ARNs that the package in package-lock.json has", async () => {
    const file = join(__dirname, "..", "..", "policy", "resource-words.json");
    assert.equal(readFileSync(file, "utf8"), await resourceWords(), "run policy/generate-resource-words.ts");
  });

  it("hold the newest runtime of each language that the SDK knows", () => {
    const known = Object.values(aws.lambda.Runtime);
    const version = (runtime: string): number =>
      Number(/[\d.]*\d/.exec(runtime.replace(/^\D+/, ""))?.[0]?.replace(/\.(\d)$/, ".0$1"));
    for (const [language, newest] of Object.entries(NEWEST_RUNTIMES)) {
      const all = known.filter((runtime) => new RegExp(`^${language}[\\d.]`).test(runtime));
      if (language !== "provided") {
        assert.equal(all.sort((a, b) => version(a) - version(b)).at(-1), newest);
      }
      assert.ok(known.includes(newest as (typeof known)[number]), newest);
    }
  });
});

describe("tags", () => {
  it("are taken by what the SDK says takes them", () => {
    const taking = ["aws:sqs/queue:Queue", "aws:ec2/vpc:Vpc", "aws:autoscaling/group:Group", "aws:s3/bucket:Bucket"];
    for (const type of taking) assert.ok(isTaggable(type), type);
    const others = ["aws:sqs/queuePolicy:QueuePolicy", "aws:ec2/route:Route", "aws-patterns:edge:WavelengthDns"];
    for (const type of [...others, "pulumi:providers:aws", "aws:no/such:Type"]) assert.ok(!isTaggable(type), type);
  });

  it("are the resource's own over those of its provider", () => {
    const queue = subject("aws:sqs/queue:Queue", { tags: { owner: "b@example.com" } });
    assert.deepEqual(effectiveTags(queue), { owner: "b@example.com", environment: "test", "cost-center": "2100" });
    const list: Values = { tags: [{ key: UNKNOWN, value: "x" }] };
    assert.equal(effectiveTags(subject("aws:autoscaling/group:Group", list)), UNKNOWN);
    assert.deepEqual(
      effectiveTags(subject("aws:sqs/queue:Queue", {}, { provider: { ...PROVIDER, defaultTags: "{" } })),
      {},
    );
  });
});

describe("references in a stack", () => {
  const queue = subject("aws:sqs/queue:Queue", {}, { outputs: { arn: "arn:aws:sqs:us-east-1:1:q" } });
  const other = subject("aws:sqs/queue:Queue", {}, { name: "other" });

  it("are found by value; where it comes from counts only while that is unknown", () => {
    const mapping = (value: string | typeof UNKNOWN) =>
      subject("aws:x/y:Z", { source: value }, { dependencies: { source: [other.urn] } });
    const from = (value: string | typeof UNKNOWN) => {
      const stack = new Stack([queue, other, mapping(value)]);
      return stack.references(mapping(value), "source", ["aws:sqs/queue:Queue"]).map(({ name }) => name);
    };
    assert.deepEqual(from("arn:aws:sqs:us-east-1:1:q"), [queue.name]);
    assert.deepEqual(from(UNKNOWN), ["other"]);
    assert.deepEqual(from("arn:aws:sqs:us-east-1:1:elsewhere"), []);
  });
});
