import * as assert from "node:assert/strict";
import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  SetDesiredCapacityCommand,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import type { Values } from "../../local/provider/property-values";
import { until } from "../../local/provider/services/support";
import { Managed, runCourse, runDeletion, startEmulator, testAccount } from "./support";

const account = testAccount({ project: "patterns" });
const GROUP = "aws:autoscaling/group:Group";

describe("Auto Scaling in the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  const network: Managed[] = [];
  let base: Values;
  const client = () => account.client(AutoScalingClient);

  async function make(token: string, inputs: Values, name = "shared"): Promise<Managed> {
    const made = await new Managed(token, account, name).create(inputs);
    network.unshift(made);
    return made;
  }

  async function present(name: string): Promise<AutoScalingGroup> {
    const question = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
    const group = (await client().send(question)).AutoScalingGroups?.[0];
    assert.ok(group, `${name} is gone`);
    return group;
  }

  before(async () => {
    emulator = await startEmulator();
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.8.0.0/16" });
    const subnets = [];
    for (const [i, zone] of ["us-east-1a", "us-east-1b"].entries()) {
      const inputs = { vpcId: vpc.id, cidrBlock: `10.8.${i}.0/24`, availabilityZone: zone };
      subnets.push(await make("aws:ec2/subnet:Subnet", inputs, `s${i}`));
    }
    const template = await make("aws:ec2/launchTemplate:LaunchTemplate", {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      instanceType: "t3.medium",
    });
    base = {
      minSize: 0,
      maxSize: 4,
      launchTemplate: { id: template.id, version: "$Latest" },
      vpcZoneIdentifiers: subnets.map(({ id }) => id).reverse(),
    };
  });
  after(async () => {
    for (const made of network) await made.delete();
    await emulator?.stop();
  });

  it("keeps a group as the program says", async () => {
    const made = await runCourse(account, {
      token: GROUP,
      inputs: {
        ...base,
        desiredCapacity: 1,
        healthCheckType: "EC2",
        healthCheckGracePeriod: 60,
        terminationPolicies: ["OldestInstance"],
        enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
        suspendedProcesses: ["AZRebalance"],
        tags: [
          { key: "Name", value: "edge", propagateAtLaunch: true },
          { key: "weight", value: "7", propagateAtLaunch: false },
        ],
      },
      changed: {
        desiredCapacity: 2,
        enabledMetrics: ["GroupInServiceInstances"],
        suspendedProcesses: [],
        terminationPolicies: ["Default"],
        tags: [{ key: "Name", value: "core", propagateAtLaunch: true }],
      },
      changes: [
        "desiredCapacity",
        "enabledMetrics[0]",
        "enabledMetrics[1]",
        "suspendedProcesses[0]",
        "tags[0].value",
        "tags[1]",
        "terminationPolicies[0]",
      ],
    });
    assert.match(
      made.output("arn"),
      /^arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:.*\/it-[0-9a-f]{7}$/,
    );
    const inService = (await present(made.id)).Instances?.filter((i) => i.LifecycleState === "InService");
    assert.equal(inService?.length, 2, "an update waits for the new capacity");
    await runDeletion(made);
  });

  it("sees a capacity that somebody else changed, unless the program leaves it open", async () => {
    const open = await new Managed(GROUP, account, "open").create(base);
    const closed = await new Managed(GROUP, account, "closed").create({ ...base, desiredCapacity: 0 });
    for (const { id } of [open, closed]) {
      await client().send(new SetDesiredCapacityCommand({ AutoScalingGroupName: id, DesiredCapacity: 1 }));
    }
    assert.ok((await open.refresh()) && (await closed.refresh()));
    assert.deepEqual(open.diff(base), []);
    const drift = closed.diff({ ...base, desiredCapacity: 0 }).map(({ path }) => path);
    assert.deepEqual(drift, ["desiredCapacity"]);
    await runDeletion(open);
    await runDeletion(closed);
  });

  it("has initial lifecycle hooks in place before the first instance, and waits for it", async () => {
    const hook = { name: "joins", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 300 };
    const creation = new Managed(GROUP, account, "hooked").create({
      ...base,
      name: "hooked",
      desiredCapacity: 1,
      initialLifecycleHooks: [hook],
    });
    const held = await until("an instance held by the hook", async () => {
      const question = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["hooked"] });
      const [group] = (await client().send(question)).AutoScalingGroups ?? [];
      return group?.Instances?.find(({ LifecycleState }) => LifecycleState === "Pending:Wait");
    });
    const action = { AutoScalingGroupName: "hooked", LifecycleHookName: "joins", LifecycleActionResult: "CONTINUE" };
    await client().send(new CompleteLifecycleActionCommand({ ...action, InstanceId: held.InstanceId }));
    const made = await creation;
    assert.equal((await present("hooked")).Instances?.[0]?.LifecycleState, "InService");
    await runDeletion(made);
  });

  it("gives up after waitForCapacityTimeout and keeps the group, so that it is not lost", async () => {
    const hook = { name: "never", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", heartbeatTimeout: 300 };
    const made = new Managed(GROUP, account, "stuck");
    const inputs = {
      ...base,
      name: "stuck",
      desiredCapacity: 1,
      initialLifecycleHooks: [hook],
      waitForCapacityTimeout: "1s",
      forceDelete: true,
    };
    await assert.rejects(made.create(inputs), (error: Error & { state?: { id: string; outputs: Values } }) => {
      assert.match(error.message, /want at least 1 healthy instances in service, have 0/);
      Object.assign(made, error.state);
      return true;
    });
    assert.equal(made.id, "stuck");
    await runDeletion(made);
  });

  it("ends with a failed scaling activity rather than waiting on", async () => {
    const template = await new Managed("aws:ec2/launchTemplate:LaunchTemplate", account, "wrong").create({
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      instanceType: "t3.medium",
    });
    const inputs = {
      ...base,
      name: "wrong",
      desiredCapacity: 1,
      launchTemplate: { id: template.id },
      forceDelete: true,
    };
    const made = new Managed(GROUP, account, "wrong");
    await assert.rejects(made.create(inputs), (error: Error & { state?: { id: string; outputs: Values } }) => {
      assert.match(error.message, /a scaling activity failed: .*architecture/);
      Object.assign(made, error.state);
      return true;
    });
    await runDeletion(made);
    await runDeletion(template);
  });

  it("does not wait when waitForCapacityTimeout is 0, and drains or forces the group away", async () => {
    const hook = { name: "leaves", lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatTimeout: 300 };
    const inputs = { ...base, desiredCapacity: 1, initialLifecycleHooks: [hook], waitForCapacityTimeout: "0" };
    const forced = await new Managed(GROUP, account, "forced").create({ ...inputs, forceDelete: true });
    await runDeletion(forced);

    const drained = await new Managed(GROUP, account, "drained").create({ ...inputs, waitForCapacityTimeout: "1m" });
    const deletion = drained.delete();
    const held = await until("the instance to be held", async () => {
      const instances = (await present(drained.id)).Instances ?? [];
      return instances.find(({ LifecycleState }) => LifecycleState === "Terminating:Wait");
    });
    assert.equal((await present(drained.id)).MaxSize, 0);
    const action = { AutoScalingGroupName: drained.id, LifecycleHookName: "leaves", LifecycleActionResult: "CONTINUE" };
    await client().send(new CompleteLifecycleActionCommand({ ...action, InstanceId: held.InstanceId }));
    await deletion;
    assert.equal(await drained.refresh(), false);
  });

  it("drains a group whose instances are protected from scale-in", async () => {
    const inputs = { ...base, desiredCapacity: 1, protectFromScaleIn: true };
    const made = await new Managed(GROUP, account, "protected").create(inputs);
    assert.equal((await present(made.id)).Instances?.[0]?.ProtectedFromScaleIn, true);
    await runDeletion(made);
  });

  it("refreshes the instances when the launch template changes, and the program asks for it", async () => {
    const refresh = { strategy: "Rolling", preferences: { minHealthyPercentage: 50, instanceWarmup: "10" } };
    const inputs = { ...base, desiredCapacity: 1, instanceRefresh: refresh };
    const made = await new Managed(GROUP, account, "refreshed").create(inputs);
    const refreshes = async () => {
      const question = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: made.id });
      return (await client().send(question)).InstanceRefreshes?.length;
    };
    await made.update({ ...inputs, maxSize: 3 });
    assert.equal(await refreshes(), 0);
    const launchTemplate = { ...(base.launchTemplate as Values), version: "1" };
    await made.update({ ...inputs, launchTemplate });
    assert.equal(await refreshes(), 1);
    await runDeletion(made);
  });

  it("keeps mixed instances as the program says", async () => {
    const { launchTemplate, ...rest } = base;
    const policy = (weight: string): Values => ({
      instancesDistribution: { onDemandPercentageAboveBaseCapacity: 0, spotAllocationStrategy: "capacity-optimized" },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: String((launchTemplate as Values).id), version: "$Latest" },
        overrides: [{ instanceType: "t3.medium", weightedCapacity: weight }, { instanceType: "t3.large" }],
      },
    });
    const made = await runCourse(account, {
      token: GROUP,
      inputs: { ...rest, mixedInstancesPolicy: policy("1") },
      changed: { mixedInstancesPolicy: policy("2") },
      changes: ["mixedInstancesPolicy.launchTemplate.overrides[0].weightedCapacity"],
    });
    await runDeletion(made);
  });

  it("keeps lifecycle hooks as the program says", async () => {
    const group = await new Managed(GROUP, account, "holds").create(base);
    const made = await runCourse(account, {
      token: "aws:autoscaling/lifecycleHook:LifecycleHook",
      inputs: {
        autoscalingGroupName: group.id,
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        heartbeatTimeout: 120,
        defaultResult: "CONTINUE",
      },
      changed: { heartbeatTimeout: 300, notificationMetadata: "dns" },
      changes: ["heartbeatTimeout", "notificationMetadata"],
    });
    await runDeletion(made);
    await group.delete();
    assert.equal(await made.refresh(), false, "a hook goes with its group");
  });

  it("keeps scaling policies as the program says", async () => {
    const group = await new Managed(GROUP, account, "scales").create(base);
    const tracking = (targetValue: number): Values => ({
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue,
    });
    const made = await runCourse(account, {
      token: "aws:autoscaling/policy:Policy",
      inputs: {
        autoscalingGroupName: group.id,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: tracking(50),
      },
      changed: { targetTrackingConfiguration: tracking(60) },
      changes: ["targetTrackingConfiguration.targetValue"],
    });
    assert.match(made.output("arn"), /^arn:aws:autoscaling:/);
    await runDeletion(made);
    await runDeletion(group);
  });
});
