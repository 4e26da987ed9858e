/** An Auto Scaling group's life, in the order of calls of the real provider. */
import {
  type AutoScalingGroup,
  AttachLoadBalancerTargetGroupsCommand,
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
  type Tag,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { isEqual, type Value, type Values } from "../../property-values";
import {
  objects,
  type Operation,
  optionalNumber,
  optionalObject,
  type ResourceState,
  type ResourceType,
  text,
  texts,
} from "../../resource-type";
import { fromAws, likeState } from "../shape";
import { isSet, known, settled, until, whileRefused } from "../support";
import { waitForCapacity } from "./capacity";
import { findGroup, ifNotFound, putHook } from "./common";
import { checkGroup, refreshRequest, settings, SETTINGS } from "./group-shape";

function tagOf(group: string, { key, value, propagateAtLaunch }: Values): Tag {
  return {
    ResourceId: group,
    ResourceType: "auto-scaling-group",
    Key: String(key),
    Value: String(value),
    PropagateAtLaunch: propagateAtLaunch === true,
  };
}

function outputs(group: AutoScalingGroup, state: Values): Values {
  const policies = group.TerminationPolicies ?? [];
  const isDefault = state.terminationPolicies === undefined && isEqual(policies, ["Default"]);
  const subnets = (group.VPCZoneIdentifier ?? "").split(",").filter((id) => id !== "");
  const present: Record<string, Value | undefined> = {
    ...fromAws(SETTINGS, group),
    arn: group.AutoScalingGroupARN,
    enabledMetrics: (group.EnabledMetrics ?? []).map(({ Metric = "" }) => Metric),
    metricsGranularity: group.EnabledMetrics?.[0]?.Granularity ?? "1Minute",
    name: group.AutoScalingGroupName,
    predictedCapacity: group.PredictedCapacity ?? 0,
    suspendedProcesses: (group.SuspendedProcesses ?? []).map(({ ProcessName = "" }) => ProcessName),
    tags: (group.Tags ?? [])
      .filter(({ Key = "" }) => !Key.startsWith("aws:"))
      .map(({ Key = "", Value = "", PropagateAtLaunch }) => ({
        key: Key,
        value: Value,
        propagateAtLaunch: PropagateAtLaunch === true,
      })),
    targetGroupArns: group.TargetGroupARNs ?? [],
    terminationPolicies: isDefault ? [] : policies,
    vpcZoneIdentifiers: subnets,
    warmPoolSize: group.WarmPoolSize ?? 0,
  };
  return likeState(state, known(present));
}

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const group = await findGroup(account.client(AutoScalingClient), name);
  return group === undefined ? undefined : { id: name, outputs: outputs(group, state) };
}

/** The least capacity that a new group is to reach. */
function wanted(values: Values): number {
  return optionalNumber(values, "desiredCapacity") ?? optionalNumber(values, "minSize") ?? 0;
}

async function createGroup(client: AutoScalingClient, name: string, inputs: Values): Promise<void> {
  const hooks = objects(inputs, "initialLifecycleHooks");
  // Hooks have to be there before the first instance is: an empty group first, its size afterwards.
  const sizes = hooks.length > 0 ? { minSize: 0, desiredCapacity: 0 } : {};
  const targets = texts(inputs, "targetGroupArns");
  const request = new CreateAutoScalingGroupCommand({
    ...settings(name, { ...inputs, ...sizes }),
    MinSize: hooks.length > 0 ? 0 : Number(inputs.minSize),
    MaxSize: Number(inputs.maxSize),
    Tags: objects(inputs, "tags").map((tag) => tagOf(name, tag)),
    ...(targets.length === 0 ? {} : { TargetGroupARNs: targets }),
  });
  // An instance profile made a moment ago may not be known everywhere yet.
  await whileRefused(() => client.send(request), ["Invalid IAM Instance Profile"], { timeoutSeconds: 120 });
}

async function setSizes(client: AutoScalingClient, name: string, inputs: Values): Promise<void> {
  const request = new UpdateAutoScalingGroupCommand({
    AutoScalingGroupName: name,
    MinSize: optionalNumber(inputs, "minSize"),
    MaxSize: optionalNumber(inputs, "maxSize"),
    DesiredCapacity: optionalNumber(inputs, "desiredCapacity"),
  });
  await client.send(request);
}

async function setProcesses(client: AutoScalingClient, name: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [texts(olds, "suspendedProcesses"), texts(news, "suspendedProcesses")];
  const resumed = before.filter((process) => !after.includes(process));
  const suspended = after.filter((process) => !before.includes(process));
  const group = { AutoScalingGroupName: name };
  if (resumed.length > 0) await client.send(new ResumeProcessesCommand({ ...group, ScalingProcesses: resumed }));
  if (suspended.length > 0) await client.send(new SuspendProcessesCommand({ ...group, ScalingProcesses: suspended }));
}

async function setMetrics(client: AutoScalingClient, name: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [texts(olds, "enabledMetrics"), texts(news, "enabledMetrics")];
  const disabled = before.filter((metric) => !after.includes(metric));
  const enabled = after.filter((metric) => !before.includes(metric));
  const group = { AutoScalingGroupName: name };
  if (disabled.length > 0) await client.send(new DisableMetricsCollectionCommand({ ...group, Metrics: disabled }));
  if (enabled.length > 0) {
    const Granularity = text(news, "metricsGranularity");
    await client.send(new EnableMetricsCollectionCommand({ ...group, Granularity, Metrics: enabled }));
  }
}

async function setTargets(client: AutoScalingClient, name: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [texts(olds, "targetGroupArns"), texts(news, "targetGroupArns")];
  const removed = before.filter((target) => !after.includes(target));
  const added = after.filter((target) => !before.includes(target));
  const request = (TargetGroupARNs: string[]) => ({ AutoScalingGroupName: name, TargetGroupARNs });
  if (removed.length > 0) await client.send(new DetachLoadBalancerTargetGroupsCommand(request(removed)));
  if (added.length > 0) await client.send(new AttachLoadBalancerTargetGroupsCommand(request(added)));
}

async function setTags(client: AutoScalingClient, name: string, olds: Values, news: Values): Promise<void> {
  const [before, after] = [objects(olds, "tags"), objects(news, "tags")];
  const removed = before.filter(({ key }) => !after.some((tag) => tag.key === key));
  const changed = after.filter((tag) => !before.some((old) => isEqual(old, tag)));
  if (removed.length > 0) await client.send(new DeleteTagsCommand({ Tags: removed.map((tag) => tagOf(name, tag)) }));
  if (changed.length > 0) {
    await client.send(new CreateOrUpdateTagsCommand({ Tags: changed.map((tag) => tagOf(name, tag)) }));
  }
}

/** Settings that changed; the API does not take back on its own what is no longer given. */
function changedSettings(olds: Values, news: Values): Values {
  const names = [...Object.keys(SETTINGS), "vpcZoneIdentifiers"];
  const changed = names.filter((name) => isSet(olds, news, name)).map((name) => [name, news[name] as Value] as const);
  const isDropped = (name: string, initial: Value): boolean =>
    news[name] === undefined && olds[name] !== undefined && !isEqual(olds[name], initial);
  return {
    ...Object.fromEntries(changed),
    ...(isDropped("capacityRebalance", false) ? { capacityRebalance: false } : {}),
    ...(isDropped("terminationPolicies", []) ? { terminationPolicies: ["Default"] } : {}),
    // AWS takes a kind of health check only together with its grace period.
    ...(isSet(olds, news, "healthCheckType") ? known({ healthCheckGracePeriod: news.healthCheckGracePeriod }) : {}),
  };
}

async function refreshInstances(client: AutoScalingClient, name: string, olds: Values, news: Values): Promise<void> {
  const refresh = optionalObject(news, "instanceRefresh");
  if (refresh === undefined) return;
  const triggers = ["launchTemplate", "mixedInstancesPolicy", ...texts(refresh, "triggers")];
  const property = (trigger: string): string => (trigger === "tag" ? "tags" : trigger);
  if (!triggers.some((trigger) => !isEqual(olds[property(trigger)], news[property(trigger)]))) return;
  await client.send(new StartInstanceRefreshCommand(refreshRequest(name, refresh)));
}

/** Down to no instance, one lifecycle hook after the other, before the group goes. */
async function drain(client: AutoScalingClient, name: string): Promise<void> {
  const isProtected = ((await findGroup(client, name))?.Instances ?? []).filter((i) => i.ProtectedFromScaleIn === true);
  for (let i = 0; i < isProtected.length; i += 50) {
    const InstanceIds = isProtected.slice(i, i + 50).map(({ InstanceId = "" }) => InstanceId);
    const request = { AutoScalingGroupName: name, InstanceIds, ProtectedFromScaleIn: false };
    await client.send(new SetInstanceProtectionCommand(request));
  }
  const sizes = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 };
  const update = client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...sizes }));
  if ((await ifNotFound(update)) === undefined) return;
  const isEmpty = async () => (((await findGroup(client, name))?.Instances ?? []).length === 0 ? true : undefined);
  await until(`the instances of ${name} to be gone`, isEmpty, { timeoutSeconds: 600 });
}

export const group: ResourceType = {
  token: "aws:autoscaling/group:Group",
  properties: {
    ...Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, "update" as const])),
    enabledMetrics: "update",
    forceDelete: "update",
    ignoreFailedScalingActivities: "update",
    // The real provider makes the group anew, with every instance: hooks other than the first are resources of their own.
    initialLifecycleHooks: "replace",
    instanceRefresh: "update",
    metricsGranularity: "update",
    name: "replace",
    namePrefix: "replace",
    suspendedProcesses: "update",
    tags: "update",
    targetGroupArns: "update",
    vpcZoneIdentifiers: "update",
    waitForCapacityTimeout: "update",
  },
  required: ["minSize", "maxSize"],
  computed: [
    "arn",
    "availabilityZones",
    "defaultCooldown",
    "desiredCapacity",
    "healthCheckType",
    "predictedCapacity",
    "serviceLinkedRoleArn",
    "targetGroupArns",
    "vpcZoneIdentifiers",
    "warmPoolSize",
  ],
  autoName: { property: "name", maxLength: 255 },
  defaults: {
    forceDelete: false,
    healthCheckGracePeriod: 300,
    ignoreFailedScalingActivities: false,
    metricsGranularity: "1Minute",
    protectFromScaleIn: false,
    waitForCapacityTimeout: "10m",
  },
  check: checkGroup,
  async create(operation, inputs) {
    const client = operation.account.client(AutoScalingClient);
    const name = text(inputs, "name");
    const since = new Date();
    await createGroup(client, name, inputs);
    operation.created(name);
    const hooks = objects(inputs, "initialLifecycleHooks");
    for (const hook of hooks) await putHook(client, name, hook);
    if (hooks.length > 0) await setSizes(client, name, inputs);
    await setProcesses(client, name, {}, inputs);
    await setMetrics(client, name, {}, inputs);
    await waitForCapacity(client, name, inputs, { how: "at least", capacity: wanted(inputs), since });
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    const client = operation.account.client(AutoScalingClient);
    const since = new Date();
    const changed = changedSettings(olds, news);
    if (Object.keys(changed).length > 0) {
      await client.send(new UpdateAutoScalingGroupCommand(settings(name, changed)));
    }
    await setTags(client, name, olds, news);
    await setTargets(client, name, olds, news);
    await refreshInstances(client, name, olds, news);
    await setProcesses(client, name, olds, news);
    await setMetrics(client, name, olds, news);
    if (["desiredCapacity", "desiredCapacityType", "minSize"].some((property) => property in changed)) {
      const capacity = news.desiredCapacity === undefined ? (await present(client, name)).DesiredCapacity : undefined;
      await waitForCapacity(client, name, news, { how: "exactly", capacity: capacity ?? wanted(news), since });
    }
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete({ account }, name, state) {
    const client = account.client(AutoScalingClient);
    if ((await findGroup(client, name)) === undefined) return;
    const force = state.forceDelete === true;
    if (!force) await drain(client, name);
    const remove = () =>
      client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: force }));
    const busy = ["ResourceInUse", "ResourceInUseFault", "ScalingActivityInProgress", "ScalingActivityInProgressFault"];
    await ifNotFound(whileRefused(remove, busy, { timeoutSeconds: 600 }));
    const isGone = async () => ((await findGroup(client, name)) === undefined ? true : undefined);
    await until(`the Auto Scaling group ${name} to be gone`, isGone, { timeoutSeconds: 600 });
  },
};

async function present(client: AutoScalingClient, name: string): Promise<AutoScalingGroup> {
  return until(`the Auto Scaling group ${name} to be readable`, () => findGroup(client, name));
}
