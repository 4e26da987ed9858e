/** What an organization's accounts may do, tried by one of them; and what a budget and the policy pack say. */
import { PolicyTypeNotEnabledException } from "@aws-sdk/client-organizations";
import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { CostGuardrailsArgs } from "../../components/cost-guardrails/cost-guardrails";
import { Organization } from "./cost-guardrails/organization";
import { Alerts } from "./cost-guardrails/alerts";
import { Developer } from "./cost-guardrails/developer";
import { previewX86 } from "./cost-guardrails/x86-program";
import type { PlayedContext, Story, StoryContext } from "./story";

/** The account that tries things; it is in the stack file, but nothing is deployed to it. */
const WORKLOAD = "100000000003";

const isManagement = ({ deployment }: StoryContext): boolean =>
  (deployment.args as CostGuardrailsArgs).accountKind === "management";

/** AWS lets tags be activated that somebody has used. */
async function useTags({ client, deployment }: StoryContext): Promise<void> {
  const { costAllocationTags = [] } = deployment.args as CostGuardrailsArgs;
  if (costAllocationTags.length === 0) return;
  const Tags = costAllocationTags.map((Key) => ({ Key, Value: "story" }));
  const used = new PutParameterCommand({ Name: "/story/tagged", Type: "String", Value: "long ago", Tags });
  await new SSMClient(client).send(used).catch((error: unknown) => {
    if (!(error instanceof ParameterAlreadyExists)) throw error;
  });
}

async function prepare(context: StoryContext): Promise<void> {
  await useTags(context);
  if (!isManagement(context)) return;
  const { guardrails = [], budgets = [] } = context.deployment.args as CostGuardrailsArgs;
  const targets = guardrails.flatMap((guardrail) => guardrail.targets);
  const members = [WORKLOAD, ...targets, ...budgets.flatMap(({ accountId }) => accountId ?? [])];
  const organization = await Organization.open(
    context,
    members.filter((id) => /^\d{12}$/.test(id)),
  );
  for (const path of targets.filter((target) => target.startsWith("/"))) await organization.unit(path);
}

/** The step holds when what is forbidden is refused, by a service control policy and nothing else. */
async function refused(attempt: Promise<string>): Promise<string> {
  const outcome = await attempt.then(
    (done) => ({ done, error: undefined }),
    (error: unknown) => ({ done: undefined, error }),
  );
  if (outcome.done !== undefined) throw new Error(`was allowed: ${outcome.done}`);
  const message = outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
  if (!message.includes("explicit deny in a service control policy")) throw new Error(`refused otherwise: ${message}`);
  return "refused: explicit deny in a service control policy";
}

async function playOrganization(context: PlayedContext): Promise<void> {
  const organization = await Organization.open(context, [WORKLOAD]);
  const developer = await Developer.of(context, WORKLOAD);
  await context.step("An account in /Workloads may start a small Graviton instance in its regions", async () => {
    await organization.move(WORKLOAD, "/Workloads");
    return `${await developer.start("t4g.small", "us-east-1")}; ${await developer.start("m7g.large", "us-west-2")}`;
  });
  await context.step("It may not start an x86 instance", () => refused(developer.start("t3.micro", "us-east-1")));
  await context.step("It may not start too large a one", () => refused(developer.start("m7g.4xlarge", "us-east-1")));
  await context.step("It may not use another region, but global services from everywhere", async () => {
    const answer = await refused(developer.start("t4g.small", "eu-central-1"));
    return `${answer}; ${await developer.listRoles("eu-central-1")}`;
  });
  await context.step("It may not buy what is too dear", () => refused(developer.createNatGateway()));
  await context.step("It may not leave the organization", () => refused(developer.leave()));
  await context.step("Nobody may make himself a protected role", () => refused(developer.createProtectedRole()));
  await context.step("The role that deploys is not limited", async () =>
    (await Developer.deployer(context, WORKLOAD)).start("t3.micro", "eu-central-1"),
  );
  await context.step("Moved to /Sandboxes, the account gets other answers", async () => {
    await organization.move(WORKLOAD, "/Sandboxes");
    const answer = await developer.start("t3.micro", "us-east-1");
    return `${answer}; m7g.large in us-west-2 ${await refused(developer.start("m7g.large", "us-west-2"))}`;
  });
}

async function play(context: PlayedContext): Promise<void> {
  const alerts = new Alerts(context);
  if (isManagement(context)) await playOrganization(context);
  await context.step("Every budget tells whom it should, when it should", () => alerts.budgets());
  await context.step("Anomalies are reported as asked", () => alerts.anomalies());
  await context.step("Costs can be distinguished by tags", () => alerts.tags());
  await context.step("A preview with an x86 function fails with the rule's remedy", async () => {
    const { refused: isRefused, lines } = await previewX86(context, []);
    const [violation] = lines.filter((line) => line.includes("lambda-arm64"));
    if (!isRefused || violation === undefined) throw new Error(`the preview said: ${lines.join("; ")}`);
    return violation;
  });
  await context.step("The same with an exemption passes, and the exemption is listed", async () => {
    const reason = "Its native library exists for x86 only";
    const { refused: isRefused, lines } = await previewX86(context, [
      { rule: "lambda-arm64", resource: "legacy", reason },
    ]);
    const [exempt] = lines.filter((line) => line.includes("exempt: lambda-arm64"));
    if (isRefused || exempt === undefined) throw new Error(`the preview said: ${lines.join("; ")}`);
    return exempt;
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("No policy, budget, monitor or subscription is left", async () => {
    const left = [...(await new Alerts(context).leftovers()), ...(await policiesLeft(context))];
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    return "and the accounts are as free as before";
  });
}

async function policiesLeft(context: PlayedContext): Promise<string[]> {
  if (!isManagement(context)) return [];
  try {
    return await (await Organization.open(context, [])).policies();
  } catch (error) {
    if (error instanceof PolicyTypeNotEnabledException) return [];
    throw error;
  }
}

export const costGuardrails: Story = {
  title: "Accounts are kept to regions, instance types and services; budgets, anomalies and the policy pack speak up",
  tryFirst: ["aws organizations list-policies --filter SERVICE_CONTROL_POLICY", "aws organizations list-accounts"],
  prepare,
  play,
  afterDestroy,
};
