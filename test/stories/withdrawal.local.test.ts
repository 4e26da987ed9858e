import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { EC2Client, ModifyAvailabilityZoneGroupCommand } from "@aws-sdk/client-ec2";
import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { scheduledMessage } from "../../handlers/wavelength-dns/events";
import { WavelengthDns, WavelengthFleet } from "../../components/wavelength-dns";
import { bootstrapAccount, rootCredentials } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { eventually } from "../../local/stories/story";

const ACCOUNT = "100000000001";
const GROUP = "somebody-elses-group";

/** Somebody's group with one instance; with a name, it is registered there. */
function program(recordName: string | undefined): () => Promise<Record<string, unknown>> {
  return async () => {
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer`;
    const provider = new aws.Provider("account", { region: "us-east-1", assumeRoles: [{ roleArn }] });
    const zones = [{ name: "us-east-1-wl1-bos-wlz-1" }];
    const fleet = new WavelengthFleet("theirs", { groupName: GROUP, zones, ports: [], drainSeconds: 1 }, { provider });
    if (recordName === undefined) return {};
    const args = { recordName, hostedZone: { name: "example.com" }, fleet: { autoScalingGroupName: GROUP } };
    const times = { ttlSeconds: 1, drainMarginSeconds: 0, gatherSeconds: 1 };
    const media = new WavelengthDns("media", { ...args, ...times }, { provider, dependsOn: fleet });
    return { queueUrl: media.registrar.events.queue.url };
  };
}

describe("giving up a name of WavelengthDns", () => {
  const controller = new AbortController();
  let run: LocalRun;
  let stack: Stack;
  let route53: Route53Client;
  let sqs: SQSClient;
  let zoneId: string | undefined;

  before(async () => {
    run = await startLocalRun(controller.signal);
    await bootstrapAccount(run.cloud, ACCOUNT);
    const client = { region: "us-east-1", endpoint: run.cloud.endpoint, credentials: rootCredentials(ACCOUNT) };
    route53 = new Route53Client(client);
    sqs = new SQSClient(client);
    const optIn = new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-east-1-wl1", OptInStatus: "opted-in" });
    await new EC2Client(client).send(optIn);
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "withdrawal-test" }),
    );
    zoneId = HostedZone?.Id;
    stack = await LocalWorkspace.createStack(
      { stackName: "withdrawal", projectName: "withdrawal-test", program: program("old.example.com") },
      await workspaceOptions(run),
    );
  });
  after(async () => {
    controller.abort();
    await run?.stop();
  });

  async function up(recordName: string | undefined): Promise<void> {
    stack.workspace.program = program(recordName);
    const { outputs } = await stack.up();
    if (recordName === undefined) return;
    // What the schedule sends within a minute.
    const MessageBody = JSON.stringify(scheduledMessage);
    await sqs.send(new SendMessageCommand({ QueueUrl: String(outputs.queueUrl?.value), MessageBody }));
  }

  /** Names of the zone's A records. */
  async function names(): Promise<string[]> {
    const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    return ResourceRecordSets.filter(({ Type }) => Type === "A").map(({ Name = "" }) => Name);
  }

  const settled = (wanted: string): Promise<string[]> =>
    eventually(`a record of ${wanted}`, controller.signal, names, (found) => found.includes(wanted));

  it("leaves no record of a former name behind, and fills the new one", async () => {
    await up("old.example.com");
    await settled("old.example.com.");
    await up("new.example.com");
    assert.ok(!(await names()).includes("old.example.com."), "gone when the update has ended");
    await settled("new.example.com.");
    assert.deepEqual(await names(), ["new.example.com."]);
  });

  it("leaves no record behind when it is destroyed, though the group and its instance live on", async () => {
    await up(undefined);
    assert.deepEqual(await names(), []);
    const { deployment } = (await stack.exportStack()) as { deployment: { resources: { type: string }[] } };
    assert.ok(deployment.resources.some(({ type }) => type === "aws:autoscaling/group:Group"));
    await stack.destroy();
  });
});
