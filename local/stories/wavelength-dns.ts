/** An instance's life in Route 53: launched, spread over zones, drained, killed, missed and repaired. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
  ModifyAvailabilityZoneGroupCommand,
} from "@aws-sdk/client-ec2";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from "@aws-sdk/client-eventbridge";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { WavelengthDnsArgs } from "../../components/wavelength-dns";
import { eventually, type PlayedContext, type Story, type StoryContext } from "./story";

/** A neighbour's record at the same name, whose identifier looks like ours. */
const FOREIGN_IDENTIFIER = "i-0123456789abcdef0.0123456789abcdef";
const FOREIGN_ADDRESS = "198.51.100.7";

interface Registered {
  identifier: string;
  address: string;
  weight: number;
}

class Actor {
  readonly args: WavelengthDnsArgs;
  private readonly ec2: EC2Client;
  private readonly autoScaling: AutoScalingClient;
  private readonly route53: Route53Client;
  private readonly eventBridge: EventBridgeClient;
  private readonly scheduler: SchedulerClient;
  private readonly sqs: SQSClient;
  private readonly lambda: LambdaClient;

  constructor(readonly context: PlayedContext) {
    this.args = context.deployment.args as WavelengthDnsArgs;
    this.ec2 = new EC2Client(context.client);
    this.autoScaling = new AutoScalingClient(context.client);
    this.route53 = new Route53Client(context.client);
    this.eventBridge = new EventBridgeClient(context.client);
    this.scheduler = new SchedulerClient(context.client);
    this.sqs = new SQSClient(context.client);
    this.lambda = new LambdaClient(context.client);
  }

  output(name: string): string {
    const value = this.context.outputs[name];
    if (typeof value !== "string") throw new Error(`the deployment has no output "${name}"`);
    return value;
  }

  private async recordSets(): Promise<ResourceRecordSet[]> {
    const answer = await this.route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: this.output("hostedZoneId"),
        StartRecordName: this.args.recordName,
        StartRecordType: "A",
      }),
    );
    return (answer.ResourceRecordSets ?? []).filter(
      (set) => set.Name === `${this.args.recordName}.` && set.Type === "A",
    );
  }

  /** The records of instances; the neighbour's is left out. */
  async registered(): Promise<Registered[]> {
    const sets = await this.recordSets();
    return sets
      .filter(({ SetIdentifier }) => SetIdentifier !== FOREIGN_IDENTIFIER)
      .map(({ SetIdentifier = "", ResourceRecords = [], Weight = -1 }) => ({
        identifier: SetIdentifier,
        address: ResourceRecords[0]?.Value ?? "",
        weight: Weight,
      }));
  }

  async foreignRecord(): Promise<ResourceRecordSet | undefined> {
    return (await this.recordSets()).find(({ SetIdentifier }) => SetIdentifier === FOREIGN_IDENTIFIER);
  }

  async changeForeignRecord(Action: "CREATE" | "DELETE"): Promise<void> {
    const ResourceRecordSet: ResourceRecordSet = {
      Name: this.args.recordName,
      Type: "A",
      SetIdentifier: FOREIGN_IDENTIFIER,
      Weight: 1,
      TTL: 300,
      ResourceRecords: [{ Value: FOREIGN_ADDRESS }],
    };
    await this.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: this.output("hostedZoneId"),
        ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] },
      }),
    );
  }

  /** The group's instances, whatever their state. */
  async instances(): Promise<Instance[]> {
    const { Reservations = [] } = await this.ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: "tag:aws:autoscaling:groupName", Values: [this.output("autoScalingGroupName")] }],
      }),
    );
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  }

  async inService(): Promise<Instance[]> {
    const { AutoScalingGroups = [] } = await this.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [this.output("autoScalingGroupName")] }),
    );
    const members = (AutoScalingGroups[0]?.Instances ?? []).filter((i) => i.LifecycleState === "InService");
    const ids = new Set(members.map(({ InstanceId }) => InstanceId));
    return (await this.instances()).filter((i) => ids.has(i.InstanceId) && i.State?.Name === "running");
  }

  async setCapacity(DesiredCapacity: number): Promise<void> {
    const AutoScalingGroupName = this.output("autoScalingGroupName");
    await this.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }));
  }

  /** Waits until `count` instances are in service and the records are exactly their carrier IPs. */
  async settled(count: number): Promise<Registered[]> {
    const observe = async () => ({ records: await this.registered(), instances: await this.inService() });
    const same = ({ records, instances }: Awaited<ReturnType<typeof observe>>): boolean =>
      instances.length === count &&
      records
        .map(({ address }) => address)
        .sort()
        .join() === instances.map(carrierIp).sort().join();
    const what = `${count} records that are the carrier IPs of ${count} instances in service`;
    return (await eventually(what, this.context.signal, observe, same)).records;
  }

  async setRules(enabled: boolean): Promise<number> {
    const { Rules = [] } = await this.eventBridge.send(new ListRulesCommand({}));
    const names = Rules.flatMap(({ Name = "" }) => (Name.startsWith(`${this.context.deployment.name}-`) ? [Name] : []));
    for (const Name of names) {
      await this.eventBridge.send(enabled ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
    }
    return names.length;
  }

  /** Runs what the schedule runs, right away: a copy of it, due in a second. */
  async repairNow(): Promise<void> {
    const schedule = await this.scheduler.send(new GetScheduleCommand({ Name: this.output("repairScheduleName") }));
    await this.scheduler.send(
      new CreateScheduleCommand({
        Name: `story-repair-${Date.now()}`,
        ScheduleExpression: `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Target: schedule.Target,
      }),
    );
  }

  async kill(instanceId: string): Promise<void> {
    const url = `${this.context.endpoint}/_aws-patterns/kill-instance?instanceId=${instanceId}`;
    const answer = await fetch(url, { method: "POST" });
    if (!answer.ok) throw new Error(`the emulator refused to kill ${instanceId}: ${await answer.text()}`);
  }

  async messages(output: string): Promise<number> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.output(output),
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return Object.values(Attributes ?? {}).reduce((sum, value) => sum + Number(value), 0);
  }

  /** What of ours is left in the account, by name. */
  async leftovers(): Promise<string[]> {
    const alive = (await this.instances()).filter(({ State }) => State?.Name !== "terminated");
    const { Vpcs = [] } = await this.ec2.send(new DescribeVpcsCommand({}));
    const { QueueUrls = [] } = await this.sqs.send(new ListQueuesCommand({}));
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({}));
    const { AutoScalingGroups = [] } = await this.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    return [
      ...alive.map(({ InstanceId }) => InstanceId ?? ""),
      ...Vpcs.filter(({ IsDefault }) => IsDefault !== true).map(({ VpcId }) => VpcId ?? ""),
      ...QueueUrls,
      ...Functions.map(({ FunctionName }) => FunctionName ?? ""),
      ...AutoScalingGroups.map(({ AutoScalingGroupName }) => AutoScalingGroupName ?? ""),
      ...(await this.registered()).map(({ identifier }) => `record ${identifier}`),
    ];
  }
}

function carrierIp(instance: Instance): string {
  return instance.NetworkInterfaces?.[0]?.Association?.CarrierIp ?? "";
}

async function prepareZone(route53: Route53Client, Name: string, CallerReference: string): Promise<void> {
  const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: Name }));
  if (HostedZones.some((zone) => zone.Name === `${Name}.`)) return;
  await route53.send(new CreateHostedZoneCommand({ Name, CallerReference }));
}

async function prepare({ client, deployment }: StoryContext): Promise<void> {
  const args = deployment.args as WavelengthDnsArgs;
  if ("name" in args.hostedZone) await prepareZone(new Route53Client(client), args.hostedZone.name, deployment.name);
  if ("autoScalingGroupName" in args.fleet) return;
  const ec2 = new EC2Client(client);
  for (const { name } of args.fleet.zones) {
    // The zone group of us-east-1-wl1-bos-wlz-1 is us-east-1-wl1.
    const GroupName = name.replace(/-[a-z]{3}-wlz-\d$/, "");
    await ec2.send(new ModifyAvailabilityZoneGroupCommand({ GroupName, OptInStatus: "opted-in" }));
  }
}

/** Watches a scale-in from outside: when the record went, and when the instance stopped serving. */
async function watchScaleIn(actor: Actor, before: Registered[]): Promise<string> {
  const instances = await actor.inService();
  await actor.setCapacity(before.length - 1);
  const gone = await eventually(
    "one record fewer",
    actor.context.signal,
    () => actor.registered(),
    (records) => records.length === before.length - 1,
  );
  const recordGone = Date.now();
  const address = before.find((record) => !gone.some(({ identifier }) => identifier === record.identifier))?.address;
  const leaving = instances.find((instance) => carrierIp(instance) === address);
  const state = async (): Promise<string> => {
    const found = (await actor.instances()).find(({ InstanceId }) => InstanceId === leaving?.InstanceId);
    return found?.State?.Name ?? "terminated";
  };
  const atRemoval = await state();
  if (atRemoval !== "running") throw new Error(`the instance was ${atRemoval} when its record went`);
  await eventually("the instance let go", actor.context.signal, state, (name) => name !== "running");
  const held = (Date.now() - recordGone) / 1000;
  const promised = actor.args.ttlSeconds ?? 30;
  if (held < promised)
    throw new Error(`held only ${held.toFixed(1)} s after its record went; the TTL is ${promised} s`);
  return `the record of ${leaving?.InstanceId} (${address}) went first, the instance ${held.toFixed(1)} s later (TTL ${promised} s)`;
}

async function play(context: PlayedContext): Promise<void> {
  const actor = new Actor(context);
  const name = actor.args.recordName;
  await context.step("The first instance gets its record", async () => {
    const [record] = await actor.settled(1);
    await actor.changeForeignRecord("CREATE");
    return `${name} → ${record?.address}`;
  });
  await context.step("Scaling out to 3 instances in two zones", async () => {
    await actor.setCapacity(3);
    await actor.settled(3);
    const zones = new Set((await actor.inService()).map(({ Placement }) => Placement?.AvailabilityZone));
    if (zones.size !== 2) throw new Error(`the instances are in ${[...zones].join(", ")}, not in two zones`);
    return `3 records, instances in ${[...zones].sort().join(" and ")}`;
  });
  await context.step("Clients are spread by weight", async () => {
    const records = await actor.registered();
    const total = records.reduce((sum, { weight }) => sum + weight, 0);
    return records.map(({ address, weight }) => `${address} ${Math.round((100 * weight) / total)} %`).join(", ");
  });
  await context.step("Scaling in by 1: the record goes before the instance", async () =>
    watchScaleIn(actor, await actor.settled(3)),
  );
  await context.step("An instance dies unannounced: its record goes, its successor's comes", async () => {
    const [victim] = await actor.inService();
    const address = victim === undefined ? "" : carrierIp(victim);
    await actor.kill(victim?.InstanceId ?? "");
    const gone = (records: Registered[]): boolean => records.every((record) => record.address !== address);
    await eventually("the dead instance's record gone", context.signal, () => actor.registered(), gone);
    await actor.settled(2);
    return `${address} is gone, 2 instances answer again`;
  });
  await context.step("Events are lost: the schedule repairs the records", async () => {
    const rules = await actor.setRules(false);
    await actor.setCapacity(3);
    await eventually(
      "3 instances in service",
      context.signal,
      () => actor.inService(),
      (found) => found.length === 3,
    );
    await actor.repairNow();
    await actor.settled(3);
    await actor.setRules(true);
    return `${rules} rules were off while an instance started; the next scheduled run registered it`;
  });
  await context.step("A neighbour's record at the same name is untouched", async () => {
    const record = await actor.foreignRecord();
    if (record?.ResourceRecords?.[0]?.Value !== FOREIGN_ADDRESS) throw new Error(`found ${JSON.stringify(record)}`);
    return `${FOREIGN_IDENTIFIER} → ${FOREIGN_ADDRESS}`;
  });
  await context.step("No event ended as a dead letter", async () => {
    const count = await actor.messages("deadLetterQueueUrl");
    if (count > 0) throw new Error(`${count} dead letters`);
    return "the dead-letter queue is empty";
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  const actor = new Actor(context);
  await context.step("Nothing is left in the account but the neighbour's record", async () => {
    const left = await actor.leftovers();
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    if ((await actor.foreignRecord()) === undefined) throw new Error("the neighbour's record is gone");
    return "no instance, VPC, queue, function, group or record";
  });
}

export const wavelengthDns: Story = {
  title: "Weighted DNS records follow instances in Wavelength zones",
  prepare,
  play,
  afterDestroy,
};
