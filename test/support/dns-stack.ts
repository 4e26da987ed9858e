/** A stack of WavelengthDns components on one group, deployed to the local cloud by the real engine. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import { EC2Client, ModifyAvailabilityZoneGroupCommand } from "@aws-sdk/client-ec2";
import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type NewFleetArgs, WavelengthDns, WavelengthFleet } from "../../components/wavelength-dns/wavelength-dns";
import { scheduledMessage } from "../../handlers/wavelength-dns/event-patterns";
import { bootstrapAccount, rootCredentials } from "../../local/cloud";
import { type LocalRun, startLocalRun, workspaceOptions } from "../../local/local-run";
import { eventually } from "../../local/stories/story";

const ACCOUNT = "100000000001";
const ZONES: NewFleetArgs = { zones: [{ name: "us-east-1-wl1-bos-wlz-1" }], ports: [] };

/** One component of the stack. */
export interface Registration {
  name: string;
  recordName: string;
  /** Hosted zone id. */
  zone: string;
  /** Seconds. Default: 1. */
  ttlSeconds?: number;
  /** Which group: one made with the component, or another component's. Default: somebody else's. */
  group?: "own" | { of: string };
  /** The component's former name. */
  formerly?: string;
  /** True for what releases made whose Invocation named no dependency of its own. */
  early?: boolean;
}

/** Leaves an Invocation with the dependencies that its inputs have. */
const withoutDependencies: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (type !== "aws:lambda/invocation:Invocation") return undefined;
  const { dependsOn: _, ...others } = opts;
  return { props, opts: others };
};

/** Leaves a group without hooks, as somebody else's that has none of ours. */
const withoutHooks: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (type !== "aws:autoscaling/group:Group") return undefined;
  const { initialLifecycleHooks: _, ...others } = props as Record<string, unknown>;
  return { props: others, opts };
};

/** The program of a stack. Without a component that has a group of its own, there is somebody else's with one instance. */
function program(registrations: readonly Registration[]): () => Promise<Record<string, unknown>> {
  return async () => {
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer`;
    const provider = new aws.Provider("account", { region: "us-east-1", assumeRoles: [{ roleArn }] });
    const made = new Map<string, WavelengthDns>();
    const theirs = registrations.some(({ group }) => group === "own")
      ? undefined
      : new WavelengthFleet(
          "theirs",
          { ...ZONES, groupName: "theirs", drainSeconds: 1 },
          { provider, transformations: [withoutHooks] },
        );
    for (const { name, recordName, zone, ttlSeconds = 1, group, formerly, early } of registrations) {
      const other = typeof group === "object" ? made.get(group.of) : undefined;
      const fleet = group === "own" ? ZONES : { autoScalingGroupName: other?.autoScalingGroupName ?? "theirs" };
      const media = new WavelengthDns(
        name,
        { recordName, hostedZone: { id: zone }, fleet, ttlSeconds, drainMarginSeconds: 0, gatherSeconds: 1 },
        {
          provider,
          dependsOn: [theirs, other].flatMap((it) => it ?? []),
          ...(formerly === undefined ? {} : { aliases: [{ name: formerly }] }),
          ...(early === true ? { transformations: [withoutDependencies] } : {}),
        },
      );
      made.set(name, media);
    }
    const entries = [...made].map(([name, { registrar, autoScalingGroupName }]) => [
      name,
      pulumi.output({ queueUrl: registrar.events.queue.url, group: autoScalingGroupName }),
    ]);
    return { made: Object.fromEntries(entries) as Record<string, unknown> };
  };
}

export class DnsStack {
  private constructor(
    private readonly run: LocalRun,
    private readonly controller: AbortController,
    readonly stack: Stack,
    private readonly route53: Route53Client,
    private readonly sqs: SQSClient,
    private readonly autoScaling: AutoScalingClient,
  ) {}

  static async create(): Promise<DnsStack> {
    const controller = new AbortController();
    const run = await startLocalRun(controller.signal);
    await bootstrapAccount(run.cloud, ACCOUNT);
    const client = { region: "us-east-1", endpoint: run.cloud.endpoint, credentials: rootCredentials(ACCOUNT) };
    const optIn = new ModifyAvailabilityZoneGroupCommand({ GroupName: "us-east-1-wl1", OptInStatus: "opted-in" });
    await new EC2Client(client).send(optIn);
    const stack = await LocalWorkspace.createStack(
      { stackName: "before", projectName: "live", program: program([]) },
      await workspaceOptions(run),
    );
    const [route53, sqs] = [new Route53Client(client), new SQSClient(client)];
    return new DnsStack(run, controller, stack, route53, sqs, new AutoScalingClient(client));
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.run.stop();
  }

  /** A new zone of `example.com`; answers its id as Route 53 prints it. */
  async zone(): Promise<string> {
    const CallerReference = `${Math.random()}`;
    const answer = await this.route53.send(new CreateHostedZoneCommand({ Name: "example.com", CallerReference }));
    return answer.HostedZone?.Id ?? "";
  }

  /** Deploys, and asks each component for what its schedule asks for within a minute. Answers the changes' counts. */
  async up(...registrations: Registration[]): Promise<Partial<Record<string, number>>> {
    this.stack.workspace.program = program(registrations);
    const { summary } = await this.stack.up();
    await this.repair();
    return summary.resourceChanges ?? {};
  }

  /** The error of an update that fails. */
  async failingUp(...registrations: Registration[]): Promise<string> {
    this.stack.workspace.program = program(registrations);
    return this.stack.up().then(
      () => "nothing failed",
      (error: unknown) => String(error),
    );
  }

  async repair(): Promise<void> {
    const MessageBody = JSON.stringify(scheduledMessage);
    for (const { queueUrl } of Object.values(await this.made())) {
      await this.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    }
  }

  async made(): Promise<Record<string, { queueUrl: string; group: string }>> {
    return ((await this.stack.outputs()).made?.value ?? {}) as Record<string, { queueUrl: string; group: string }>;
  }

  /** A zone's A records, as `name identifier`. */
  async records(zone: string): Promise<string[]> {
    const { ResourceRecordSets = [] } = await this.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    return ResourceRecordSets.filter(({ Type }) => Type === "A").map(
      ({ Name = "", SetIdentifier = "" }) => `${Name} ${SetIdentifier}`,
    );
  }

  /** Names of a zone's A records, each as often as there are records. */
  async names(zone: string): Promise<string[]> {
    return (await this.records(zone)).map((record) => record.split(" ")[0] ?? "");
  }

  /** Waits until the zone's A records have these names. */
  settled(zone: string, ...names: string[]): Promise<string[]> {
    return this.eventually(
      `records of ${names.join(" and ")}`,
      () => this.names(zone),
      (found) => [...found].sort().join() === [...names].sort().join(),
    );
  }

  eventually<T>(what: string, observe: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
    return eventually(what, this.controller.signal, observe, holds);
  }

  async hooks(AutoScalingGroupName: string): Promise<string[]> {
    const { LifecycleHooks = [] } = await this.autoScaling.send(
      new DescribeLifecycleHooksCommand({ AutoScalingGroupName }),
    );
    return LifecycleHooks.map(({ LifecycleHookName = "" }) => LifecycleHookName).sort();
  }

  /** Members of a group and their states. */
  async members(name: string): Promise<Record<string, string>> {
    const { AutoScalingGroups = [] } = await this.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    const instances = AutoScalingGroups[0]?.Instances ?? [];
    return Object.fromEntries(instances.map((it) => [it.InstanceId ?? "", it.LifecycleState ?? ""]));
  }

  async scale(AutoScalingGroupName: string, DesiredCapacity: number): Promise<void> {
    await this.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }));
  }

  /** Waits until a group has so many members. */
  async memberCount(group: string, count: number): Promise<void> {
    const counted = async () => Object.keys(await this.members(group)).length;
    await this.eventually(`${count} members of ${group}`, counted, (found) => found === count);
  }

  /** Types and names of what the engine has in its state. */
  async state(): Promise<{ type: string; urn: string; id: string }[]> {
    const { deployment } = await this.stack.exportStack();
    return ((deployment as { resources?: { type: string; urn: string; id: string }[] }).resources ?? []).filter(
      ({ type }) => type !== "pulumi:pulumi:Stack",
    );
  }
}
