import * as assert from "node:assert/strict";
import {
  AttachInstancesCommand,
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
  ResumeProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  type Instance,
  type RefreshPreferences,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Instance as Ec2Instance,
} from "@aws-sdk/client-ec2";
import { startTestCloud, until, type TestCloud } from "../support/cloud";
import { createEdgeTemplate, createGroup, describeGroup, settled } from "../support/groups";
import { createWavelengthNetwork, given, type WavelengthNetwork } from "../support/network";

const account = "313131313131";
const zones = ["us-east-1-wl1-bos-wlz-1", "us-east-1-wl1-nyc-wlz-1"];

describe("the local cloud's Auto Scaling members", () => {
  let cloud: TestCloud;
  let client: AutoScalingClient;
  let ec2: EC2Client;
  let network: WavelengthNetwork;
  let template: string;

  before(async () => {
    cloud = await startTestCloud();
    client = new AutoScalingClient(cloud.as(account));
    ec2 = new EC2Client(cloud.as(account));
    network = await createWavelengthNetwork(ec2, zones);
    template = await createEdgeTemplate(ec2, network);
  });
  after(() => cloud.stop());

  const create = async (name: string, input: Partial<CreateAutoScalingGroupCommandInput> = {}): Promise<string> => {
    await createGroup(client, network, template, { AutoScalingGroupName: name, ...input });
    return name;
  };
  const idOf = (instance: Instance | undefined): string => given(instance?.InstanceId, "InstanceId");
  const ec2Instances = async (name: string): Promise<Ec2Instance[]> => {
    const response = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: "tag:aws:autoscaling:groupName", Values: [name] },
          { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
        ],
      }),
    );
    return (response.Reservations ?? []).flatMap((r) => r.Instances ?? []);
  };
  const replaced = (name: string, id: string, count: number): Promise<Instance[]> =>
    until(`${id} of ${name} to be replaced`, async () => {
      const instances = (await describeGroup(client, name))?.Instances ?? [];
      const whole = instances.length === count && instances.every((i) => i.LifecycleState === "InService");
      return whole && !instances.some((i) => i.InstanceId === id) && instances;
    });

  it("replace a member that dies, that is stopped, or that somebody calls unhealthy", async () => {
    const name = await create("healed", { DesiredCapacity: 2 });
    const [dead] = await settled(client, name, 2);
    await fetch(`${cloud.endpoint}/_aws-patterns/kill-instance?instanceId=${idOf(dead)}`, { method: "POST" });
    const [stopped] = await replaced(name, idOf(dead), 2);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [idOf(stopped)] }));
    const [sick] = await replaced(name, idOf(stopped), 2);
    await client.send(new SetInstanceHealthCommand({ InstanceId: idOf(sick), HealthStatus: "Unhealthy" }));
    await replaced(name, idOf(sick), 2);
    await until("three instances to end", async () => (await ec2Instances(name)).length === 2);
  });

  it("end a member on request, with or without another in its place", async () => {
    const name = await create("pruned", { DesiredCapacity: 2, MinSize: 1 });
    const [first] = await settled(client, name, 2);
    const { Activity } = await client.send(
      new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: idOf(first), ShouldDecrementDesiredCapacity: true }),
    );
    assert.equal(Activity?.Description, `Terminating EC2 instance: ${idOf(first)}`);
    const [second] = await settled(client, name, 1);
    await client.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: idOf(second),
        ShouldDecrementDesiredCapacity: false,
      }),
    );
    await replaced(name, idOf(second), 1);
    const [third] = await settled(client, name, 1);
    await assert.rejects(
      client.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: idOf(third),
          ShouldDecrementDesiredCapacity: true,
        }),
      ),
      /min size constraint/,
    );
  });

  it("put members on standby, detach and attach them", async () => {
    const name = await create("moved", { DesiredCapacity: 2 });
    const [first, second] = await settled(client, name, 2);
    const one = { AutoScalingGroupName: name, InstanceIds: [idOf(first)] };
    await client.send(new EnterStandbyCommand({ ...one, ShouldDecrementDesiredCapacity: true }));
    const states = (await describeGroup(client, name))?.Instances?.map((i) => i.LifecycleState).sort();
    assert.deepEqual(states, ["InService", "Standby"]);
    await client.send(new ExitStandbyCommand(one));
    await settled(client, name, 2);
    const other = { AutoScalingGroupName: name, InstanceIds: [idOf(second)] };
    await client.send(new DetachInstancesCommand({ ...other, ShouldDecrementDesiredCapacity: true }));
    assert.deepEqual(
      (await ec2Instances(name)).map((i) => i.InstanceId),
      [idOf(first)],
    );
    await client.send(new AttachInstancesCommand(other));
    await settled(client, name, 2);
    assert.equal((await ec2Instances(name)).length, 2);
  });

  it("do nothing that is suspended", async () => {
    const name = await create("frozen", { DesiredCapacity: 1 });
    const [member] = await settled(client, name, 1);
    const processes = { AutoScalingGroupName: name, ScalingProcesses: ["Launch", "ReplaceUnhealthy"] };
    await client.send(new SuspendProcessesCommand(processes));
    await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 2 }));
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [idOf(member)] }));
    await until("the member to be called unhealthy", async () => {
      const instances = (await describeGroup(client, name))?.Instances;
      return instances?.length === 1 && instances[0]?.HealthStatus === "Unhealthy";
    });
    await client.send(new ResumeProcessesCommand(processes));
    await replaced(name, idOf(member), 2);
  });

  it("refresh their instances a few at a time, and only those that need it", async () => {
    const name = await create("refreshed", { DesiredCapacity: 3, LaunchTemplate: { LaunchTemplateId: template } });
    const old = new Set((await settled(client, name, 3)).map(idOf));
    const start = (Preferences: RefreshPreferences) =>
      client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: name, Preferences }));
    const { InstanceRefreshId } = await start({ MinHealthyPercentage: 60 });
    await assert.rejects(start({}), { name: "InstanceRefreshInProgressFault" });
    let fewest = 3;
    const refresh = (id: string | undefined) =>
      until("the refresh to succeed", async () => {
        const instances = (await describeGroup(client, name))?.Instances ?? [];
        fewest = Math.min(fewest, instances.filter((i) => i.LifecycleState === "InService").length);
        const found = await client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name }));
        const own = found.InstanceRefreshes?.find((r) => r.InstanceRefreshId === id);
        return own?.Status === "Successful" && own;
      });
    assert.equal((await refresh(InstanceRefreshId)).PercentageComplete, 100);
    const renewed = (await settled(client, name, 3)).map(idOf);
    assert.ok(!renewed.some((id) => old.has(id)));
    assert.ok(fewest >= 2, `only ${fewest} were in service`);
    const again = await start({ SkipMatching: true });
    await refresh(again.InstanceRefreshId);
    assert.deepEqual((await settled(client, name, 3)).map(idOf), renewed);
  });
});
