import * as assert from "node:assert/strict";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { bootstrapAccount } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { POLICY_RUNTIME } from "../../local/toolchain";
import { writePolicyPack } from "../../policy/bundle";
import type { GuardrailsSettings } from "../../policy/settings";
import { EVERYTHING } from "../support/policies";

const ACCOUNT = "100000000001";

/**
 * Functions without tracing, one of them on the wrong processor, one that says nothing of it, one that CloudFront may
 * run, which stays as it is; logs for ever; a role for everybody; a queue without dead letters.
 */
async function program(): Promise<void> {
  const provider = new aws.Provider("edge", {
    region: "us-east-1",
    assumeRoles: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer` }],
    defaultTags: { tags: { owner: "edge@example.com", environment: "test", "cost-center": "2100" } },
  });
  const allow = (statement: object): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const trust = (Principal: unknown): string => allow({ Principal, Action: "sts:AssumeRole" });
  const role = new aws.iam.Role("role", { assumeRolePolicy: trust({ Service: "lambda.amazonaws.com" }) }, { provider });
  new aws.iam.Role("open", { assumeRolePolicy: pulumi.secret(trust("*")) }, { provider });
  const services = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"];
  const edgeRole = new aws.iam.Role("edge", { assumeRolePolicy: trust({ Service: services }) }, { provider });
  const logs = new aws.cloudwatch.LogGroup("logs", {}, { provider });
  const code = new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("exports.handler = async () => 1"),
  });
  const common = {
    role: role.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code,
    loggingConfig: { logFormat: "JSON", logGroup: logs.name },
  };
  const plain = new aws.lambda.Function("plain", common, { provider });
  new aws.lambda.Function("legacy", { ...common, architectures: ["x86_64"] }, { provider });
  new aws.lambda.Function("viewer", { ...common, role: edgeRole.arn, publish: true }, { provider });
  const queue = new aws.sqs.Queue("work", {}, { provider });
  const Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  const policy = queue.arn.apply((Resource) => allow({ Action, Resource }));
  const access = new aws.iam.RolePolicy("access", { role: role.name, policy }, { provider });
  new aws.lambda.EventSourceMapping(
    "mapping",
    { functionName: plain.name, eventSourceArn: queue.arn },
    { provider, dependsOn: [access] },
  );
}

/** What the SDK's type of events leaves out. */
interface Remediated {
  policyRemediationEvent?: { policyName: string };
}

describe("the policy pack under the real engine", () => {
  let run: LocalRun;
  let stack: Stack;

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapAccount(run.cloud, ACCOUNT, EVERYTHING);
    const settings = { stackName: "policies", projectName: "policies", program };
    stack = await LocalWorkspace.createStack(settings, await workspaceOptions(run));
  });

  after(() => run?.stop());

  /** Options of an operation that is held to the pack. */
  async function packed(settings: unknown) {
    const { directory, configurationFile } = await writePolicyPack(join(run.folder, "policy"), {
      runtime: POLICY_RUNTIME,
      settings: settings as GuardrailsSettings,
    });
    return { policyPacks: [directory], policyPackConfigs: [configurationFile] };
  }

  /** What a preview with the pack says, by policy, and whether it was refused. */
  async function preview(settings: unknown) {
    const events: EngineEvent[] = [];
    const options = await packed(settings);
    const refused = await stack.preview({ ...options, onEvent: (event) => events.push(event) }).then(
      () => false,
      () => true,
    );
    const said = events.flatMap(({ policyEvent }) => policyEvent ?? []);
    const fixed = events.flatMap((event) => (event as Remediated).policyRemediationEvent?.policyName ?? []);
    return { refused, said, fixed: fixed.sort() };
  }

  const summary = (said: readonly { policyName: string; resourceUrn?: string; enforcementLevel: string }[]) =>
    said
      .map(
        ({ policyName, resourceUrn, enforcementLevel }) =>
          `${enforcementLevel} ${policyName} ${resourceUrn?.split("::").at(-1)}`,
      )
      .sort();

  it("refuses a preview with the remedy of each rule, fixes what was left open, and shows no secret", async () => {
    const { refused, said, fixed } = await preview({});
    assert.equal(refused, true);
    assert.deepEqual(summary(said), [
      "mandatory lambda-arm64 legacy",
      "mandatory no-trust-in-everyone open",
      "mandatory queue-redrive work",
    ]);
    const texts = said.map(({ message }) => message).join("\n");
    assert.match(texts, /"legacy": architectures is \["x86_64"\]\. .* Fix: Set architectures to \["arm64"\]/);
    assert.match(texts, /Principal is \(secret\)\. /);
    assert.deepEqual(fixed, [
      "fix-lambda-architecture",
      "fix-lambda-tracing",
      "fix-lambda-tracing",
      "fix-log-retention",
      "fix-queue-encryption",
    ]);
  });

  it("lets the same pass with exemptions and severities, and lists the exemptions", async () => {
    const exemptions = ["lambda-arm64", "no-trust-in-everyone"].map((rule) => ({
      rule,
      resource: "urn:pulumi:policies::*",
      reason: "To see that it can be done",
    }));
    const { refused, said } = await preview({ exemptions, severities: { "queue-redrive": "advisory" } });
    assert.equal(refused, false);
    assert.deepEqual(summary(said), [
      "advisory exemptions legacy",
      "advisory exemptions open",
      // What nobody has chosen is not fixed either where the rule does not hold.
      "advisory exemptions plain",
      "advisory queue-redrive work",
    ]);
    const [exempt] = said.filter(({ policyName }) => policyName === "exemptions");
    assert.match(exempt?.message ?? "", /exempt: .* To see that it can be done/);
  });

  it("updates what it has fixed once, and finds nothing to do the second time", async () => {
    const exemptions = ["lambda-arm64", "no-trust-in-everyone", "queue-redrive"].map((rule) => ({
      rule,
      resource: "urn:pulumi:policies::*",
      reason: "To see what is made",
    }));
    const options = await packed({ exemptions });
    const first = await stack.up(options);
    const second = await stack.up(options);
    assert.deepEqual(first.summary.resourceChanges, { create: 12 });
    assert.deepEqual(second.summary.resourceChanges, { same: 12 });
  });
});
