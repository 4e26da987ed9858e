/** Amazon EC2 Auto Scaling. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html */
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import type { Account } from "../account";
import { isEqual, type Values } from "../property-values";
import { optionalText, type Service, text, texts } from "../resource-type";
import { until } from "../wait";

const api = service({
  package: "@aws-sdk/client-auto-scaling",
  client: "AutoScalingClient",
  // Auto Scaling has no error of its own for what does not exist: a ValidationError that says so.
  missing: ["not found"],
});

const TRANSITIONS = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];
const RESULTS = ["CONTINUE", "ABANDON"];

const lifecycleHook = resource({
  token: "aws:autoscaling/lifecycleHook:LifecycleHook",
  service: api,
  id: {
    names: ["autoscalingGroupName", "name"],
    of: (values) => text(values, "name"),
    // An import gives `group/hook`.
    parts: (id) => ({ autoscalingGroupName: id.split("/")[0] ?? "", name: id.split("/")[1] ?? "" }),
  },
  create: "PutLifecycleHook",
  read: "DescribeLifecycleHooks",
  updates: ["PutLifecycleHook"],
  delete: "DeleteLifecycleHook",
  replace: ["autoscalingGroupName", "name"],
  update: ["defaultResult", "heartbeatTimeout", "lifecycleTransition"],
  required: ["autoscalingGroupName", "lifecycleTransition"],
  computed: ["defaultResult"],
  autoName: { property: "name", maxLength: 255 },
  allowed: { lifecycleTransition: TRANSITIONS, defaultResult: RESULTS },
  ranges: { heartbeatTimeout: [30, 7200] },
});

interface Group {
  readonly DesiredCapacity?: number;
  readonly Instances?: readonly { HealthStatus?: string; LifecycleState?: string }[];
}

async function findGroup(account: Account, name: string): Promise<Group | undefined> {
  const { AutoScalingGroups = [] } = await api.send(account, "DescribeAutoScalingGroups", {
    AutoScalingGroupNames: [name],
  });
  return (AutoScalingGroups as Group[])[0];
}

async function failedActivity(account: Account, AutoScalingGroupName: string, since: Date): Promise<void> {
  const { Activities = [] } = await api.send(account, "DescribeScalingActivities", { AutoScalingGroupName });
  const failed = (Activities as Structure[]).find(
    ({ StatusCode, StartTime }) => StatusCode === "Failed" && StartTime instanceof Date && StartTime >= since,
  );
  if (failed === undefined) return;
  throw new Error(`a scaling activity failed: ${String(failed.Description)}: ${String(failed.StatusMessage)}`);
}

/** Waits for healthy instances in service, as the real provider does. */
async function capacityReached(account: Account, name: string, since: Date, isExact: boolean): Promise<void> {
  await until(
    `the instances of ${name} to be in service`,
    async () => {
      const group = await findGroup(account, name);
      const { DesiredCapacity = 0, Instances = [] } = group ?? {};
      const isUp = ({ HealthStatus, LifecycleState }: { HealthStatus?: string; LifecycleState?: string }): boolean =>
        HealthStatus?.toLowerCase() === "healthy" && LifecycleState === "InService";
      const have = Instances.filter(isUp).length;
      if (isExact ? have === DesiredCapacity : have >= DesiredCapacity) return true;
      await failedActivity(account, name, since);
      return undefined;
    },
    600,
  );
}

/** Down to no instance, one lifecycle hook after the other, before the group goes. */
async function drain(account: Account, AutoScalingGroupName: string): Promise<void> {
  const sizes = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 };
  await api.find(account, "UpdateAutoScalingGroup", { AutoScalingGroupName, ...sizes });
  await until(
    `the instances of ${AutoScalingGroupName} to be gone`,
    async () => ((await findGroup(account, AutoScalingGroupName))?.Instances ?? []).length === 0 || undefined,
    600,
  );
}

const group = resource(
  {
    token: "aws:autoscaling/group:Group",
    service: api,
    noun: "AutoScalingGroup",
    id: "{name}",
    create: "CreateAutoScalingGroup",
    read: "DescribeAutoScalingGroups",
    updates: [
      "UpdateAutoScalingGroup",
      { call: "CreateOrUpdateTags", when: ({ tags }) => Array.isArray(tags) && tags.length > 0 },
    ],
    delete: "DeleteAutoScalingGroup",
    // Hooks other than the first ones are resources of their own: the real provider replaces the group, too.
    replace: ["initialLifecycleHooks", "name", "namePrefix"],
    update: [
      "desiredCapacity",
      "healthCheckGracePeriod",
      "healthCheckType",
      "launchTemplate",
      "maxSize",
      "minSize",
      "tags",
      "vpcZoneIdentifiers",
    ],
    local: ["forceDelete", "ignoreFailedScalingActivities", "waitForCapacityTimeout"],
    required: ["minSize", "maxSize"],
    computed: [
      "arn",
      "availabilityZones",
      "defaultCooldown",
      "desiredCapacity",
      "healthCheckType",
      "vpcZoneIdentifiers",
    ],
    autoName: { property: "name", maxLength: 255 },
    defaults: {
      forceDelete: false,
      healthCheckGracePeriod: 300,
      ignoreFailedScalingActivities: false,
      waitForCapacityTimeout: "10m",
    },
    names: {
      arn: "AutoScalingGroupARN",
      initialLifecycleHooks: "LifecycleHookSpecificationList",
      "initialLifecycleHooks.name": "LifecycleHookName",
      "launchTemplate.id": "LaunchTemplateId",
      "launchTemplate.name": "LaunchTemplateName",
      vpcZoneIdentifiers: "VPCZoneIdentifier",
    },
    retry: ["Invalid IAM Instance Profile"],
    busy: ["ResourceInUse", "ScalingActivityInProgress"],
    gone: true,
    request(request, values) {
      if (request.VPCZoneIdentifier !== undefined) {
        request.VPCZoneIdentifier = texts(values, "vpcZoneIdentifiers").join(",");
      }
      const tags = (request.Tags ?? []) as Structure[];
      for (const tag of tags) Object.assign(tag, { ResourceId: values.name, ResourceType: "auto-scaling-group" });
    },
    outputs: ({ DescribeAutoScalingGroups: answer = {} }, { vpcZoneIdentifiers }) => {
      const found = String(answer.VPCZoneIdentifier ?? "")
        .split(",")
        .filter((id) => id !== "");
      const given = Array.isArray(vpcZoneIdentifiers) ? vpcZoneIdentifiers.map(String) : [];
      // A set: in the order of the program, if these are the same ones.
      return { vpcZoneIdentifiers: isEqual([...found].sort(), [...given].sort()) ? given : found };
    },
  },
  (base) => ({
    async create(operation, inputs) {
      const since = new Date();
      const made = await base.create(operation, inputs);
      operation.created(made.id, made.outputs);
      if (optionalText(inputs, "waitForCapacityTimeout") !== "0") {
        await capacityReached(operation.account, made.id, since, false);
      }
      return { id: made.id, outputs: (await base.read(operation, made.id, inputs))?.outputs ?? made.outputs };
    },
    async update(operation, id, olds, news) {
      const since = new Date();
      const outputs = (await base.update?.(operation, id, olds, news)) ?? {};
      await removeTags(operation.account, id, olds, news);
      const isSized = ["desiredCapacity", "minSize"].some((name) => !isEqual(olds[name] ?? null, news[name] ?? null));
      if (isSized && news.waitForCapacityTimeout !== "0") await capacityReached(operation.account, id, since, true);
      return outputs;
    },
    async delete(operation, id, state) {
      if ((await findGroup(operation.account, id)) === undefined) return;
      if (state.forceDelete !== true) await drain(operation.account, id);
      await base.delete(operation, id, state);
    },
  }),
);

async function removeTags(account: Account, name: string, olds: Values, news: Values): Promise<void> {
  const keys = (values: Values): string[] => ((values.tags ?? []) as Values[]).map(({ key }) => String(key));
  const kept = keys(news);
  const removed = keys(olds).filter((key) => !kept.includes(key));
  const Tags = removed.map((Key) => ({ Key, ResourceId: name, ResourceType: "auto-scaling-group" }));
  if (Tags.length > 0) await api.send(account, "DeleteTags", { Tags });
}

export const autoscaling: Service = { resources: [group, lifecycleHook] };
