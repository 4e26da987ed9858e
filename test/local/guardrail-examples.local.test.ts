/** What the page of cost-guardrails and the stack files show does what they say, by IAM's own simulator. */
import * as assert from "node:assert/strict";
import { IAMClient, SimulateCustomPolicyCommand } from "@aws-sdk/client-iam";
import { AttachPolicyCommand, CreatePolicyCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { load } from "js-yaml";
import type { CostGuardrailsArgs, Guardrail } from "../../components/cost-guardrails/cost-guardrails";
import { policiesOf } from "../../components/cost-guardrails/policies";
import { matchingActions } from "../../components/internal/iam-data";
import { bootstrapOrganization } from "../../local/organization";
import { administrator } from "../../local/sessions";
import { blocks, codes, read, section } from "../docs/markdown";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { policy } from "../support/functions";

const ACCOUNT = "860000000001";
const MANAGEMENT = "860000000002";
const MEMBER = "860000000003";
const page = read("docs/cost-guardrails.md");

/** The arguments in an example of a program. */
function argumentsIn(example: string): CostGuardrailsArgs[] {
  const found: CostGuardrailsArgs[] = [];
  const CostGuardrails = class {
    constructor(_name: string, args: CostGuardrailsArgs) {
      found.push(args);
    }
  };
  const program = example.replaceAll(/^import .*$/gm, "");
  (new Function("CostGuardrails", program) as (type: unknown) => void)(CostGuardrails);
  return found;
}

/** The arguments in a stack file. */
function argumentsOf(stack: string): CostGuardrailsArgs[] {
  interface Stack {
    config: { "aws-patterns:patterns": Record<string, { pattern: string; args: CostGuardrailsArgs }> };
  }
  return Object.values((load(stack) as Stack).config["aws-patterns:patterns"])
    .filter(({ pattern }) => pattern === "cost-guardrails")
    .map(({ args }) => args);
}

/** The guardrails of all examples, and one for each role that the text shows. */
function guardrails(): Guardrail[] {
  const examples = [
    ...blocks(page, "ts").flatMap(argumentsIn),
    ...blocks(page, "yaml").flatMap(argumentsOf),
    ...["Pulumi.prod.yaml", "Pulumi.local.yaml", "Pulumi.dev.yaml"].flatMap((file) => argumentsOf(read(file))),
  ].flatMap((args) => args.guardrails ?? []);
  const shown = codes(section(page, "How to operate it")).filter((code) =>
    /^[^<]*AWSReservedSSO_Admin_[*?]/.test(code),
  );
  assert.ok(examples.length >= 6 && shown.length >= 4);
  return [...examples, ...shown.map((name) => ({ name: "shown", targets: ["/"], protectedRoles: [name] }))];
}

/** Roles that a pattern means, as `aws:PrincipalArn` tells them. */
function roles(pattern: string): string[] {
  const [, set] = /(AWSReservedSSO_.*)$/.exec(pattern) ?? [];
  const name = (text: string): string =>
    text.replace(/\*$/, "0123456789abcdef").replaceAll("?", "a").replaceAll("*", "x");
  const names =
    set === undefined
      ? [name(pattern)]
      : ["", "eu-west-1/", "us-west-2/"].map((home) => `aws-reserved/sso.amazonaws.com/${home}${name(set)}`);
  return names.map((each) => `arn:aws:iam::${ACCOUNT}:role/${each}`);
}

const DEVELOPERS = [
  `arn:aws:iam::${ACCOUNT}:role/developer`,
  `arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_Admin_0123456789abcdef`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef`,
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Developer_0123456789abcdef`,
  `arn:aws:iam::${ACCOUNT}:user/aws-patterns-deployer`,
  `arn:aws:iam::${ACCOUNT}:root`,
];

interface Request {
  action: string;
  resource?: string;
  context?: Record<string, string>;
}

describe("the guardrails that the page and the stack files show", () => {
  let cloud: TestCloud;
  let iam: IAMClient;
  before(async () => {
    cloud = await startTestCloud();
    iam = new IAMClient(cloud.as(ACCOUNT));
  });
  after(() => cloud.stop());

  async function decision(guardrail: Guardrail, principal: string, request: Request): Promise<string | undefined> {
    const { policies, oversize } = policiesOf(guardrail);
    assert.deepEqual(oversize, []);
    const context = { "aws:PrincipalArn": principal, "aws:RequestedRegion": "us-east-1", ...request.context };
    const { EvaluationResults } = await iam.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [...policies.map(({ content }) => content), policy({ Action: "*", Resource: "*" })],
        ActionNames: [request.action],
        ...(request.resource === undefined ? {} : { ResourceArns: [request.resource] }),
        ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
          ContextKeyName,
          ContextKeyValues: [value],
          ContextKeyType: "string",
        })),
      }),
    );
    return EvaluationResults?.[0]?.EvalDecision;
  }

  async function holds(guardrail: Guardrail, request: Request, forDevelopers: "allowed" | "explicitDeny") {
    const [developer = ""] = DEVELOPERS;
    const what = `${request.action} ${JSON.stringify(request.context ?? {})}`;
    assert.equal(await decision(guardrail, developer, request), forDevelopers, what);
    for (const role of guardrail.protectedRoles.flatMap(roles)) {
      assert.equal(await decision(guardrail, role, request), "allowed", `${what} by ${role}`);
    }
  }

  for (const guardrail of guardrails()) {
    it(`${guardrail.name} exempts ${guardrail.protectedRoles.join(", ")}, and nobody else`, async () => {
      const request = { action: "iam:AttachRolePolicy" };
      for (const role of guardrail.protectedRoles.flatMap(roles)) {
        for (const principal of guardrail.protectedRoles.flatMap(roles)) {
          assert.equal(await decision(guardrail, principal, { ...request, resource: role }), "allowed", principal);
        }
        for (const principal of DEVELOPERS) {
          assert.equal(await decision(guardrail, principal, { ...request, resource: role }), "explicitDeny", principal);
        }
      }
    });

    const { regions, deniedServices = [], inferenceProfiles = [], globalActions = [], instances } = guardrail;
    if (regions !== undefined) {
      it(`${guardrail.name} limits ${regions.join(", ")}, but neither global services nor what it lets through`, async () => {
        const region = (name: string, more: Record<string, string> = {}) => ({
          context: { "aws:RequestedRegion": name, ...more },
        });
        for (const name of regions) await holds(guardrail, { action: "sqs:CreateQueue", ...region(name) }, "allowed");
        await holds(guardrail, { action: "sqs:CreateQueue", ...region("ap-south-2") }, "explicitDeny");
        for (const action of ["iam:ListRoles", "cost-optimization-hub:ListRecommendations", "tag:TagResources"]) {
          await holds(guardrail, { action, ...region("us-east-1") }, "allowed");
        }
        for (const pattern of globalActions) {
          const [action = ""] = matchingActions(pattern);
          await holds(guardrail, { action, ...region("ap-south-2") }, "allowed");
        }
        for (const profile of ["eu", "us"] as const) {
          const arn = `arn:aws:bedrock:${regions[0]}:${ACCOUNT}:inference-profile/${profile}.amazon.nova-lite-v1:0`;
          const through = region("eu-north-1", { "bedrock:InferenceProfileArn": arn });
          const outcome = inferenceProfiles.includes(profile) ? "allowed" : "explicitDeny";
          await holds(guardrail, { action: "bedrock:InvokeModel", ...through }, outcome);
        }
      });
    }

    if (deniedServices.length > 0) {
      it(`${guardrail.name} denies ${deniedServices.join(", ")}`, async () => {
        for (const name of deniedServices) {
          const [action = ""] = matchingActions(name.includes(":") ? name : `${name}:*`);
          await holds(guardrail, { action }, "explicitDeny");
        }
      });
    }

    if (instances?.families !== undefined) {
      const { families, sizes = ["large"] } = instances;
      it(`${guardrail.name} allows ${families.join(", ")} only`, async () => {
        const launch = (type: string): Request => ({
          action: "ec2:RunInstances",
          resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/*`,
          context: { "aws:RequestedRegion": regions?.[0] ?? "us-east-1", "ec2:InstanceType": type },
        });
        await holds(guardrail, launch(`${families[0]}.${sizes[0]}`), "allowed");
        await holds(guardrail, launch("p5.48xlarge"), "explicitDeny");
      });
    }
  }

  it("exempt sessions of IAM Identity Center's administrators, and no others, in a member account", async () => {
    const TargetId = await bootstrapOrganization(cloud, MANAGEMENT, [MEMBER]);
    const organizations = new OrganizationsClient(cloud.as(MANAGEMENT));
    const europe = guardrails().find(({ name }) => name === "europe");
    assert.ok(europe);
    for (const { part, content } of policiesOf(europe).policies) {
      const { Policy } = await organizations.send(
        new CreatePolicyCommand({ Name: part, Description: "", Type: "SERVICE_CONTROL_POLICY", Content: content }),
      );
      await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
    }
    const listQueues = async (set: string, home: string): Promise<void> => {
      const session = await administrator(
        cloud.as(MEMBER, "us-east-1"),
        set,
        `/aws-reserved/sso.amazonaws.com/${home}`,
      );
      await new SQSClient(session).send(new ListQueuesCommand({}));
    };
    await listQueues("AWSReservedSSO_Admin_0123456789abcde0", "");
    await listQueues("AWSReservedSSO_Admin_0123456789abcde1", "eu-west-1/");
    for (const [set, home] of [
      ["AWSReservedSSO_Developer_0123456789abcde2", ""],
      ["AWSReservedSSO_Developer_0123456789abcde3", "eu-west-1/"],
    ] as const) {
      await assert.rejects(listQueues(set, home), /explicit deny in a service control policy/);
    }
  });
});
