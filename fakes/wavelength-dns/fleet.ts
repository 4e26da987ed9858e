import type {
  AutoScalingGroupsType,
  CompleteLifecycleActionCommandInput,
  DescribeAutoScalingGroupsCommandInput,
  DescribeWarmPoolAnswer,
  DescribeWarmPoolCommandInput,
  Instance as GroupMember,
} from "@aws-sdk/client-auto-scaling";
import type { DescribeInstancesCommandInput, DescribeInstancesResult, Instance } from "@aws-sdk/client-ec2";
import type { GroupReader, InstanceReader, LifecycleCompleter } from "../../handlers/wavelength-dns/apis";
import type { SimClock } from "../clock";
import { awsError, type Caller, type Wire } from "../wire";

export type Ec2State = "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

export interface FakeInstance {
  readonly id: string;
  readonly launchedAt: number;
  state: Ec2State;
  type: string;
  tags: Record<string, string>;
  carrierIp: string | undefined;
  /** Undefined once the group has let go of it. */
  lifecycle: string | undefined;
  health: "Healthy" | "Unhealthy";
}

/** When an instance was let go, and the address that nobody answers at from then on. */
export interface Released {
  readonly instanceId: string;
  readonly address: string | undefined;
  readonly at: number;
}

export const GROUP = "game-servers";
export const HOOK = "drain";

/** EC2 and one Auto Scaling group with a termination hook; says what happens as AWS would on EventBridge. */
export class Fleet {
  readonly instances = new Map<string, FakeInstance>();
  readonly released: Released[] = [];
  groupExists = true;
  /** Instances that EC2's answers lack, as those of a copy that lags. */
  readonly unknownToEc2 = new Set<string>();
  /** Whether the group has a warm pool, into which instances that scale in go back. */
  hasWarmPool = false;
  /** Members of the warm pool in one page of DescribeWarmPool. */
  warmPageSize = 50;
  /** Instances in one page of DescribeInstances. */
  pageSize = 1000;
  private launched = 0;
  private addresses = 0;
  private events = 0;

  constructor(
    private readonly clock: SimClock,
    private readonly wire: Wire,
    private readonly emit: (event: object) => void,
  ) {}

  for(caller: Caller): InstanceReader & GroupReader & LifecycleCompleter {
    return {
      describeInstances: (input) => this.wire.call(caller, "DescribeInstances", () => this.describeInstances(input)),
      describeAutoScalingGroups: (input) =>
        this.wire.call(caller, "DescribeAutoScalingGroups", () => this.describeGroups(input)),
      describeWarmPool: (input) => this.wire.call(caller, "DescribeWarmPool", () => this.describeWarmPool(input)),
      completeLifecycleAction: (input) => this.wire.call(caller, "CompleteLifecycleAction", () => this.complete(input)),
    };
  }

  /** Launches one instance; it is running and in service at once, unless `lifecycle` says otherwise. */
  launch(overrides: Partial<FakeInstance> = {}): FakeInstance {
    const instance: FakeInstance = {
      id: `i-${(this.launched += 1).toString(16).padStart(17, "0")}`,
      launchedAt: this.clock.now(),
      state: "running",
      type: "t3.medium",
      tags: {},
      carrierIp: this.newAddress(),
      lifecycle: "InService",
      health: "Healthy",
      ...overrides,
    };
    this.instances.set(instance.id, instance);
    this.stateChanged(instance, "running");
    if (instance.lifecycle === "InService") this.groupChanged(instance, "EC2 Instance Launch Successful");
    return instance;
  }

  newAddress(): string {
    const n = (this.addresses += 1);
    return `155.146.${n >> 8}.${n & 255}`;
  }

  /** Scale-in: the hook holds the instance, which keeps running, until its action is completed. */
  scaleIn(instance: FakeInstance): void {
    if (instance.lifecycle === undefined || /Terminating/.test(instance.lifecycle)) return;
    const origin = instance.lifecycle.startsWith("Warmed:") ? "Warmed:" : "";
    instance.lifecycle = `${origin}Terminating:Wait`;
    this.groupChanged(instance, "EC2 Instance-terminate Lifecycle Action");
  }

  /** The instance dies without notice. */
  kill(instance: FakeInstance): void {
    this.terminate(instance);
  }

  stop(instance: FakeInstance): void {
    if (instance.state !== "running") return;
    instance.state = "stopped";
    this.stateChanged(instance, "stopped");
  }

  start(instance: FakeInstance): void {
    if (instance.state !== "stopped") return;
    instance.state = "running";
    this.stateChanged(instance, "running");
  }

  replaceAddress(instance: FakeInstance, carrierIp: string | undefined = this.newAddress()): void {
    if (instance.state === "terminated") return;
    instance.carrierIp = carrierIp;
    this.send("aws.ec2", "AWS API Call via CloudTrail", {
      eventSource: "ec2.amazonaws.com",
      eventName: "AssociateAddress",
    });
  }

  setHealth(instance: FakeInstance, health: FakeInstance["health"]): void {
    // Auto Scaling sends no event for this.
    instance.health = health;
  }

  setLifecycle(instance: FakeInstance, lifecycle: string): void {
    if (instance.lifecycle === undefined || instance.lifecycle.startsWith("Terminating")) return;
    instance.lifecycle = lifecycle;
    this.groupChanged(instance, "EC2 Instance Launch Successful");
  }

  warnOfInterruption(instance: FakeInstance): void {
    this.send("aws.ec2", "EC2 Spot Instance Interruption Warning", {
      "instance-id": instance.id,
      "instance-action": "terminate",
    });
  }

  /** Addresses of instances that should be found by clients, for instances not interrupted. */
  serving(): FakeInstance[] {
    return [...this.instances.values()].filter(
      (it) => it.state === "running" && it.lifecycle === "InService" && it.health === "Healthy" && it.carrierIp,
    );
  }

  /** Whether somebody answers at the address. */
  answers(address: string | undefined): boolean {
    return [...this.instances.values()].some((it) => it.carrierIp === address && it.state === "running");
  }

  private terminate(instance: FakeInstance): void {
    if (instance.state === "terminated") return;
    this.stateChanged(instance, "shutting-down");
    this.released.push({ instanceId: instance.id, address: instance.carrierIp, at: this.clock.now() });
    instance.state = "terminated";
    instance.carrierIp = undefined;
    instance.lifecycle = undefined;
    this.stateChanged(instance, "terminated");
    this.groupChanged(instance, "EC2 Instance Terminate Successful");
  }

  private describeInstances(input: DescribeInstancesCommandInput): DescribeInstancesResult {
    const [filter] = input.Filters ?? [];
    if (filter?.Name !== "tag:aws:autoscaling:groupName" || filter.Values?.[0] !== GROUP) {
      throw awsError("InvalidParameterValue", "The fake knows one filter");
    }
    const start = Number(input.NextToken ?? 0);
    const all = [...this.instances.values()].filter(({ id }) => !this.unknownToEc2.has(id));
    const page = all.slice(start, start + Math.min(this.pageSize, input.MaxResults ?? 1000));
    const end = start + page.length;
    return {
      Reservations: page.map((it) => ({ Instances: [described(it)] })),
      ...(end < all.length && { NextToken: String(end) }),
    };
  }

  private describeWarmPool(input: DescribeWarmPoolCommandInput): DescribeWarmPoolAnswer {
    if (input.AutoScalingGroupName !== GROUP || !this.hasWarmPool) throw awsError("ValidationError", "No warm pool");
    const start = Number(input.NextToken ?? 0);
    const warm = this.members(isWarm);
    const end = start + this.warmPageSize;
    return { Instances: warm.slice(start, end), ...(end < warm.length && { NextToken: String(end) }) };
  }

  /** What is in the warm pool is reported by DescribeWarmPool, and nowhere else. */
  private members(belongs: (lifecycle: string) => boolean): GroupMember[] {
    return [...this.instances.values()].flatMap(({ id, lifecycle, health }) =>
      lifecycle === undefined || !belongs(lifecycle)
        ? []
        : {
            InstanceId: id,
            AvailabilityZone: "us-east-1-wl1-bos-wlz-1",
            LifecycleState: lifecycle as GroupMember["LifecycleState"],
            HealthStatus: health,
            ProtectedFromScaleIn: false,
          },
    );
  }

  private describeGroups(input: DescribeAutoScalingGroupsCommandInput): AutoScalingGroupsType {
    if (!this.groupExists || input.AutoScalingGroupNames?.[0] !== GROUP) return { AutoScalingGroups: [] };
    const members = this.members((lifecycle) => !isWarm(lifecycle));
    const group = {
      AutoScalingGroupName: GROUP,
      MinSize: 0,
      MaxSize: 1000,
      DesiredCapacity: members.length,
      DefaultCooldown: 0,
      AvailabilityZones: [],
      HealthCheckType: "EC2",
      CreatedTime: new Date(0),
      Instances: members,
      ...(this.hasWarmPool && { WarmPoolConfiguration: { MinSize: 0 } }),
    };
    return { AutoScalingGroups: [group] };
  }

  private complete(input: CompleteLifecycleActionCommandInput): object {
    const instance = this.instances.get(input.InstanceId ?? "");
    if (!this.groupExists || input.AutoScalingGroupName !== GROUP) {
      throw awsError("ValidationError", "AutoScalingGroup name not found - null");
    }
    if (input.LifecycleHookName !== HOOK) throw awsError("ValidationError", "No Lifecycle Hook found");
    if (instance?.lifecycle?.endsWith("Terminating:Wait") !== true) {
      throw awsError("ValidationError", `No active Lifecycle Action found with instance ID ${input.InstanceId}`);
    }
    if (this.hasWarmPool && !isWarm(instance.lifecycle)) instance.lifecycle = "Warmed:Running";
    else this.terminate(instance);
    return {};
  }

  private stateChanged(instance: FakeInstance, state: Ec2State): void {
    this.send("aws.ec2", "EC2 Instance State-change Notification", { "instance-id": instance.id, state });
  }

  private groupChanged(instance: FakeInstance, detailType: string): void {
    this.send("aws.autoscaling", detailType, { AutoScalingGroupName: GROUP, EC2InstanceId: instance.id });
  }

  private send(source: string, detailType: string, detail: object): void {
    const id = String((this.events += 1));
    this.emit({ id, source, "detail-type": detailType, time: new Date(this.clock.now()).toISOString(), detail });
  }
}

function isWarm(lifecycle: string): boolean {
  return lifecycle.startsWith("Warmed:");
}

function described(it: FakeInstance): Instance {
  return {
    InstanceId: it.id,
    State: { Name: it.state },
    InstanceType: it.type as Instance["InstanceType"],
    LaunchTime: new Date(it.launchedAt),
    Tags: Object.entries({ "aws:autoscaling:groupName": GROUP, ...it.tags }).map(([Key, Value]) => ({ Key, Value })),
    NetworkInterfaces: [
      { Attachment: { DeviceIndex: 1 }, Association: {} },
      {
        Attachment: { DeviceIndex: 0 },
        ...(it.carrierIp !== undefined && { Association: { CarrierIp: it.carrierIp } }),
      },
    ],
  };
}
