import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DeleteAutoScalingGroupCommand,
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
  PutLifecycleHookCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  type CompleteLifecycleActionCommandInput,
  type CreateAutoScalingGroupCommandInput,
  type Instance,
  type LifecycleHookSpecification,
} from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { startTestCloud, until, type TestCloud } from "../support/cloud";
import { collectEvents, type AwsEvent, type EventLog } from "../support/events";
import { createEdgeTemplate, createGroup, describeGroup, settled } from "../support/groups";
import { createWavelengthNetwork, given, type WavelengthNetwork } from "../support/network";

const account = "444444444444";
const launchEvent = "EC2 Instance-launch Lifecycle Action";
const terminateEvent = "EC2 Instance-terminate Lifecycle Action";
const launching: LifecycleHookSpecification = {
  LifecycleHookName: "launching",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  NotificationMetadata: "zone=example",
  HeartbeatTimeout: 3600,
};
const terminating: LifecycleHookSpecification = {
  LifecycleHookName: "terminating",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
  HeartbeatTimeout: 3600,
};

describe("the local cloud's lifecycle hooks", () => {
  let cloud: TestCloud;
  let client: AutoScalingClient;
  let network: WavelengthNetwork;
  let template: string;
  let events: EventLog;

  before(async () => {
    // AWS allows no timeout under 30 s; here such a timeout passes in 0.6 s.
    cloud = await startTestCloud({ AWS_PATTERNS_HEARTBEAT_SCALE: "0.02" });
    client = new AutoScalingClient(cloud.as(account));
    const ec2 = new EC2Client(cloud.as(account));
    network = await createWavelengthNetwork(ec2);
    template = await createEdgeTemplate(ec2, network);
    events = await collectEvents(cloud.as(account), ["aws.autoscaling", "aws.ec2"]);
  });
  after(() => cloud.stop());

  const create = (
    name: string,
    hooks: LifecycleHookSpecification[],
    more: Partial<CreateAutoScalingGroupCommandInput> = {},
  ) =>
    createGroup(client, network, template, {
      AutoScalingGroupName: name,
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: hooks,
      ...more,
    });
  const reaches = (name: string, state: string): Promise<Instance> =>
    until(`a member of ${name} to be ${state}`, async () =>
      (await describeGroup(client, name))?.Instances?.find((i) => i.LifecycleState === state),
    );
  const actionOf = (name: string, type: string, hook?: string): Promise<AwsEvent> =>
    events.waitFor(
      `"${type}" of ${name}`,
      (e) =>
        e["detail-type"] === type &&
        e.detail["AutoScalingGroupName"] === name &&
        (hook === undefined || e.detail["LifecycleHookName"] === hook),
    );
  const complete = (name: string, hook: string, more: Partial<CompleteLifecycleActionCommandInput>) =>
    client.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: name,
        LifecycleHookName: hook,
        LifecycleActionResult: "CONTINUE",
        ...more,
      }),
    );
  const scaleIn = (name: string) =>
    client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 0 }));
  const empty = (name: string) => settled(client, name, 0);

  it("hold a launching instance until its action is completed", async () => {
    const name = "launches";
    await create(name, [launching]);
    const member = await reaches(name, "Pending:Wait");
    const { detail, resources } = await actionOf(name, launchEvent);
    const group = given(await describeGroup(client, name), "group");
    assert.deepEqual(resources, [group.AutoScalingGroupARN]);
    const { LifecycleActionToken, ...rest } = detail;
    assert.match(String(LifecycleActionToken), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      AutoScalingGroupName: name,
      LifecycleHookName: "launching",
      EC2InstanceId: member.InstanceId,
      LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      NotificationMetadata: "zone=example",
      Origin: "EC2",
      Destination: "AutoScalingGroup",
    });
    await sleep(200);
    assert.equal((await reaches(name, "Pending:Wait")).InstanceId, member.InstanceId);
    await complete(name, "launching", { LifecycleActionToken: String(LifecycleActionToken) });
    await settled(client, name, 1);
    await actionOf(name, "EC2 Instance Launch Successful");
  });

  it("hold a terminating instance, running, until its action is completed", async () => {
    const name = "terminates";
    await create(name, [terminating]);
    await settled(client, name, 1);
    await scaleIn(name);
    const member = await reaches(name, "Terminating:Wait");
    const { detail } = await actionOf(name, terminateEvent);
    assert.deepEqual(
      [detail["EC2InstanceId"], detail["Origin"], detail["Destination"], detail["NotificationMetadata"]],
      [member.InstanceId, "AutoScalingGroup", "EC2", undefined],
    );
    await sleep(200);
    const ends = events.events.filter(
      (e) =>
        e.detail["instance-id"] === member.InstanceId &&
        e.detail["state"] !== "running" &&
        e.detail["state"] !== "pending",
    );
    assert.deepEqual(ends, []);
    await complete(name, "terminating", { InstanceId: member.InstanceId });
    await empty(name);
    await actionOf(name, "EC2 Instance Terminate Successful");
  });

  it("refuse to complete what is not held, in AWS's words", async () => {
    const name = "refuses";
    await create(name, [terminating]);
    const [member] = await settled(client, name, 1);
    const InstanceId = given(member?.InstanceId, "InstanceId");
    await assert.rejects(complete(name, "terminating", { InstanceId }), {
      name: "ValidationError",
      message: `No active Lifecycle Action found with instance ID ${InstanceId}`,
    });
    const LifecycleActionToken = "87654321-4321-4321-4321-210987654321";
    await assert.rejects(complete(name, "terminating", { LifecycleActionToken }), {
      message: `No active Lifecycle Action found with token ${LifecycleActionToken}`,
    });
    await scaleIn(name);
    await reaches(name, "Terminating:Wait");
    await complete(name, "terminating", { InstanceId });
    await assert.rejects(complete(name, "terminating", { InstanceId }), /No active Lifecycle Action found/);
    await empty(name);
  });

  it("end by their default result when nobody completes them in time", async () => {
    const name = "times-out";
    await create(name, [{ ...terminating, HeartbeatTimeout: 30, DefaultResult: "CONTINUE" }]);
    await settled(client, name, 1);
    await scaleIn(name);
    const started = Date.now();
    await reaches(name, "Terminating:Wait");
    await empty(name);
    const milliseconds = Date.now() - started;
    assert.ok(milliseconds >= 600 && milliseconds < 3000, `took ${milliseconds} ms`);
  });

  it("go on holding while heartbeats are recorded", async () => {
    const name = "beats";
    await create(name, [{ ...terminating, HeartbeatTimeout: 30 }]);
    await settled(client, name, 1);
    await scaleIn(name);
    const { InstanceId } = await reaches(name, "Terminating:Wait");
    for (let beat = 0; beat < 4; beat++) {
      await sleep(300);
      await client.send(
        new RecordLifecycleActionHeartbeatCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: "terminating",
          InstanceId,
        }),
      );
    }
    assert.equal((await reaches(name, "Terminating:Wait")).InstanceId, InstanceId);
    await empty(name);
  });

  it("replace an instance whose launch is abandoned", async () => {
    const name = "abandons";
    await create(name, [launching]);
    const { InstanceId } = await reaches(name, "Pending:Wait");
    await complete(name, "launching", { InstanceId, LifecycleActionResult: "ABANDON" });
    await actionOf(name, "EC2 Instance Launch Unsuccessful");
    const next = await until("another instance", async () => {
      const found = await reaches(name, "Pending:Wait");
      return found.InstanceId !== InstanceId && found;
    });
    await complete(name, "launching", { InstanceId: next.InstanceId });
    await settled(client, name, 1);
  });

  it("all hold at once; the last to complete lets go, and an abandoned one ends the others", async () => {
    const name = "two-hooks";
    await create(name, [terminating, { ...terminating, LifecycleHookName: "second" }], { DesiredCapacity: 1 });
    await settled(client, name, 1);
    await scaleIn(name);
    const { InstanceId } = await reaches(name, "Terminating:Wait");
    await Promise.all([actionOf(name, terminateEvent, "terminating"), actionOf(name, terminateEvent, "second")]);
    await complete(name, "terminating", { InstanceId });
    await sleep(150);
    await reaches(name, "Terminating:Wait");
    await complete(name, "second", { InstanceId, LifecycleActionResult: "ABANDON" });
    await empty(name);
  });

  it("run after the fact for an instance that EC2 ended first", async () => {
    const name = "post-mortem";
    await create(name, [terminating]);
    const [member] = await settled(client, name, 1);
    const InstanceId = given(member?.InstanceId, "InstanceId");
    await fetch(`${cloud.endpoint}/_aws-patterns/kill-instance?instanceId=${InstanceId}`, { method: "POST" });
    await actionOf(name, terminateEvent);
    const states = events.events.filter((e) => e.detail["instance-id"] === InstanceId).map((e) => e.detail["state"]);
    assert.ok(states.includes("shutting-down"), "EC2 reported the end before Auto Scaling did");
    await complete(name, "terminating", { InstanceId });
    await until("the replacement", async () => {
      const instances = (await describeGroup(client, name))?.Instances ?? [];
      return (
        instances.length === 1 && instances[0]?.LifecycleState === "InService" && instances[0].InstanceId !== InstanceId
      );
    });
  });

  it("hold nothing when their group is deleted by force", async () => {
    const name = "forced";
    await create(name, [terminating], { DesiredCapacity: 2 });
    await settled(client, name, 2);
    await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));
    await until("the group to go", async () => (await describeGroup(client, name)) === undefined);
    assert.ok(
      !events.events.some((e) => e["detail-type"] === terminateEvent && e.detail["AutoScalingGroupName"] === name),
    );
  });

  it("are put, listed and deleted; deleting one lets its instances go on", async () => {
    const name = "edited";
    await create(name, []);
    await settled(client, name, 1);
    const hook = { AutoScalingGroupName: name, ...terminating };
    await client.send(new PutLifecycleHookCommand({ ...hook, HeartbeatTimeout: 60, DefaultResult: "CONTINUE" }));
    await client.send(new PutLifecycleHookCommand({ ...hook, HeartbeatTimeout: 7200 }));
    const listed = await client.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName: name }));
    assert.deepEqual(listed.LifecycleHooks, [
      { ...hook, HeartbeatTimeout: 7200, GlobalTimeout: 172800, DefaultResult: "ABANDON" },
    ]);
    await assert.rejects(client.send(new PutLifecycleHookCommand({ ...hook, HeartbeatTimeout: 29 })), {
      name: "ValidationError",
    });
    await scaleIn(name);
    await reaches(name, "Terminating:Wait");
    await client.send(new DeleteLifecycleHookCommand({ AutoScalingGroupName: name, LifecycleHookName: "terminating" }));
    await empty(name);
  });

  it("take hooks by names that AWS takes", async () => {
    await create("named", [], { DesiredCapacity: 0 });
    const put = (LifecycleHookName: string) =>
      client.send(new PutLifecycleHookCommand({ ...terminating, AutoScalingGroupName: "named", LifecycleHookName }));
    await put("drain-dns_of/media");
    for (const name of ["my.stack", "a b", "a:b", "x".repeat(256)]) {
      await assert.rejects(put(name), { name: "ValidationError" }, name);
    }
  });
});
