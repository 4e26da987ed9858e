import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import * as inspector from "@aws-sdk/client-inspector2";
import { InspectorScanning } from "../../../components/inspector/inspector";
import { bootstrapAccount, rootCredentials } from "../../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../../local/local-run";
import { bootstrapOrganization } from "../../../local/organization";

const MANAGEMENT = "100000000001";
const ADMINISTRATOR = "100000000002";
const MEMBER = "100000000003";

function program(): Promise<void> {
  const providerOf = (name: string, id: string): aws.Provider => {
    const roleArn = `arn:aws:iam::${id}:role/aws-patterns-deployer`;
    return new aws.Provider(name, { region: "us-east-1", assumeRoles: [{ roleArn }] });
  };
  const delegation = new InspectorScanning(
    "delegation",
    { organization: { role: "management", delegatedAdministrator: ADMINISTRATOR } },
    { provider: providerOf("management", MANAGEMENT) },
  );
  new InspectorScanning(
    "scan",
    { resourceTypes: ["EC2", "LAMBDA"], organization: { role: "administrator", members: [MEMBER] } },
    { provider: providerOf("administrator", ADMINISTRATOR), dependsOn: [delegation] },
  );
  return Promise.resolve();
}

/** That both parts of an organization are deployed together, and go together. */
describe("InspectorScanning in an organization", () => {
  let run: LocalRun;
  let stack: Stack;

  const as = (accountId: string): inspector.Inspector2Client => {
    const { endpoint } = run.cloud;
    return new inspector.Inspector2Client({ region: "us-east-1", endpoint, credentials: rootCredentials(accountId) });
  };
  const scanned = async (accountId: string): Promise<string[]> => {
    const { accounts = [] } = await as(accountId).send(new inspector.BatchGetAccountStatusCommand({}));
    const states = Object.entries(accounts[0]?.resourceState ?? {});
    return states.flatMap(([name, state]) => (state?.status === "ENABLED" ? [name] : []));
  };
  const administrators = async (): Promise<(string | undefined)[]> => {
    const list = new inspector.ListDelegatedAdminAccountsCommand({});
    const { delegatedAdminAccounts = [] } = await as(MANAGEMENT).send(list);
    return delegatedAdminAccounts.map(({ accountId }) => accountId);
  };

  before(async () => {
    run = await startLocalRun(new AbortController().signal);
    await bootstrapOrganization(run.cloud, MANAGEMENT, [ADMINISTRATOR, MEMBER]);
    for (const id of [MANAGEMENT, ADMINISTRATOR]) await bootstrapAccount(run.cloud, id);
    stack = await LocalWorkspace.createStack(
      { stackName: "organization", projectName: "organization", program },
      await workspaceOptions(run),
    );
  });
  after(() => run?.stop());

  it("is deployed, with the administrator, its members and those that join, and a second time changes nothing", async () => {
    await stack.up();
    assert.deepEqual(await administrators(), [ADMINISTRATOR]);
    for (const id of [ADMINISTRATOR, MEMBER]) assert.deepEqual(await scanned(id), ["ec2", "lambda"]);
    const described = await as(ADMINISTRATOR).send(new inspector.DescribeOrganizationConfigurationCommand({}));
    assert.deepEqual(described.autoEnable, { ec2: true, ecr: false, lambda: true, lambdaCode: false });
    assert.deepEqual(Object.keys((await stack.preview()).changeSummary), ["same"]);
  });

  it("is destroyed: nothing is scanned, and nobody is the administrator", async () => {
    await stack.destroy();
    const { deployment } = await stack.exportStack();
    assert.deepEqual((deployment as { resources?: unknown[] }).resources ?? [], []);
    for (const id of [ADMINISTRATOR, MEMBER]) assert.deepEqual(await scanned(id), []);
    assert.deepEqual(await administrators(), []);
  });
});
