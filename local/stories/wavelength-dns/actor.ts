/** Who acts in the story: an operator of the account, with the AWS APIs and nothing else. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
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
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { WavelengthDnsArgs, Weights } from "../../../components/wavelength-dns/wavelength-dns";
import { DEFAULTS } from "../../../components/wavelength-dns/args.schema";
import { outputOf, runScheduleNow } from "../account";
import { eventually, type PlayedContext } from "../story";

/** A neighbour's record at the same name, whose identifier looks like ours. */
export const FOREIGN_IDENTIFIER = "i-0123456789abcdef0.0123456789abcdef";
export const FOREIGN_ADDRESS = "198.51.100.7";

export interface Registered {
  identifier: string;
  address: string;
  weight: number;
}

export class Actor {
  readonly args: WavelengthDnsArgs;
  private readonly ec2: EC2Client;
  private readonly autoScaling: AutoScalingClient;
  private readonly route53: Route53Client;
  private readonly eventBridge: EventBridgeClient;
  private readonly sqs: SQSClient;
  private readonly lambda: LambdaClient;

  constructor(readonly context: PlayedContext) {
    this.args = context.deployment.args as WavelengthDnsArgs;
    this.ec2 = new EC2Client(context.client);
    this.autoScaling = new AutoScalingClient(context.client);
    this.route53 = new Route53Client(context.client);
    this.eventBridge = new EventBridgeClient(context.client);
    this.sqs = new SQSClient(context.client);
    this.lambda = new LambdaClient(context.client);
  }

  output(name: string): string {
    return outputOf(this.context, name);
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
      // Route 53 wants one TTL for all weighted records of a name and type.
      TTL: this.args.ttlSeconds ?? DEFAULTS.WavelengthDnsArgs.ttlSeconds,
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

  /** The tag that the stack file says weights come from. */
  weightTag(): Extract<Weights, { kind: "tag" }> {
    const { weights } = this.args;
    if (weights?.kind !== "tag") throw new Error("the story needs weights of kind tag in Pulumi.local.yaml");
    return weights;
  }

  async setWeight(instanceId: string, weight: number): Promise<void> {
    const Tags = [{ Key: this.weightTag().key, Value: String(weight) }];
    await this.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
  }

  async setRules(enabled: boolean): Promise<number> {
    const { Rules = [] } = await this.eventBridge.send(new ListRulesCommand({}));
    const names = Rules.flatMap(({ Name = "" }) => (Name.startsWith(`${this.context.deployment.name}-`) ? [Name] : []));
    for (const Name of names) {
      await this.eventBridge.send(enabled ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
    }
    return names.length;
  }

  /** Runs what the schedule runs, right away. */
  repairNow(): Promise<void> {
    return runScheduleNow(this.context, this.output("repairScheduleName"));
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

export function carrierIp(instance: Instance): string {
  return instance.NetworkInterfaces?.[0]?.Association?.CarrierIp ?? "";
}
