import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceId } from "../internal/aws-id";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { lastingIdentity } from "../internal/lasting-identity";
import type { WavelengthDnsArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { checkWavelengthDns, drainSeconds } from "./checks";
import { hookNameOf, TERMINATION_HOOK, WavelengthFleet } from "./fleet";
import { DnsObservability } from "./observability";
import { DnsRegistrar, RECONCILE_TIMEOUT } from "./registrar";
import { longestPauseSeconds } from "./repair-schedule";

export type * from "./args";
export { DnsRegistrar } from "./registrar";
export { WavelengthFleet } from "./fleet";
export { WavelengthNetwork } from "./network";

/**
 * DNS load balancing for instances in AWS Wavelength zones: a weighted A record for each instance's carrier IP, kept in
 * step with an Auto Scaling group. No client is sent to an address that is gone: an instance that scales in is held
 * until its record has left every resolver's cache.
 *
 * ```ts
 * new WavelengthDns("media", {
 *   recordName: "media.example.com",
 *   hostedZone: { name: "example.com" },
 *   fleet: {
 *     zones: [{ name: "us-east-1-wl1-bos-wlz-1" }, { name: "us-east-1-wl1-nyc-wlz-1" }],
 *     ports: [{ protocol: "udp", from: 5004 }],
 *   },
 * });
 * ```
 *
 * Follows the AWS Compute Blog post "Enabling load-balancing of non-HTTP(s) traffic on AWS Wavelength"; how it differs
 * and why is described in docs/wavelength-dns.md. Arguments win over defaults. Invariants: IMDSv2 only, carrier IPs, exact
 * policies, dead-letter queues with alarms.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 */
export class WavelengthDns extends Component {
  /** Name that clients resolve. */
  readonly recordName: string;
  readonly hostedZoneId: pulumi.Output<string>;
  /** Name of the Auto Scaling group whose instances are registered. */
  readonly autoScalingGroupName: pulumi.Output<string>;
  /** Present unless an existing Auto Scaling group was given. */
  readonly fleet: WavelengthFleet | undefined;
  readonly registrar: DnsRegistrar;
  readonly dashboardName: pulumi.Output<string>;
  /** `project/stack/name` as first deployed: everything that must be distinguished from other instances is named after it. */
  private readonly identity: pulumi.Output<string>;
  /** What marks the records as this component's; see `CommonSettings.owner`. */
  private readonly owner: pulumi.Output<string>;

  constructor(name: string, args: WavelengthDnsArgs, opts?: ComponentOptions) {
    const checks = checkWavelengthDns(args);
    checkName(checks, name);
    checks.finish(`WavelengthDns "${name}"`);
    super("edge", name, opts, { ...args });
    this.recordName = args.recordName;
    this.hostedZoneId = this.findHostedZone(args.hostedZone);
    this.identity = lastingIdentity(this.named("identity"), name, this.child);
    this.owner = pulumi.interpolate`${this.identity}-registrar`;
    // Registration has to work before the first instance starts and after the last has gone, so it knows the group by
    // a name that is fixed beforehand.
    this.autoScalingGroupName =
      "autoScalingGroupName" in args.fleet
        ? pulumi.output(args.fleet.autoScalingGroupName)
        : this.identity.apply((identity) => identity.replaceAll("/", "-"));
    this.storeInputs(args);
    this.registrar = this.createRegistrar(args);
    this.fleet = this.createFleet(args);
    const observability = this.createObservability(args);
    this.dashboardName = observability.dashboard.dashboardName;
    this.registerOutputs({ recordName: this.recordName, autoScalingGroupName: this.autoScalingGroupName });
  }

  private findHostedZone(zone: WavelengthDnsArgs["hostedZone"]): pulumi.Output<string> {
    if ("id" in zone) return resourceId(zone.id);
    return aws.route53.getZoneOutput({ name: zone.name, privateZone: false }, { parent: this }).zoneId;
  }

  /** The original post keeps the user's input in Parameter Store, where operators and other programs can read it. */
  private storeInputs(args: WavelengthDnsArgs): void {
    const inputs: Record<string, pulumi.Input<string>> = {
      "record-name": args.recordName,
      "hosted-zone-id": this.hostedZoneId,
      "ttl-seconds": String(args.ttlSeconds ?? DEFAULTS.WavelengthDnsArgs.ttlSeconds),
      weights: JSON.stringify(args.weights ?? DEFAULTS.WavelengthDnsArgs.weights),
      "auto-scaling-group": this.autoScalingGroupName,
    };
    for (const [key, value] of Object.entries(inputs)) {
      // Parameter Store reserves names that begin with "aws", as this project's does.
      const name = pulumi.interpolate`/wavelength-dns/${this.identity}/${key}`;
      new aws.ssm.Parameter(this.named(`input-${key}`), { name, type: "String", value }, this.child);
    }
  }

  private createRegistrar(args: WavelengthDnsArgs): DnsRegistrar {
    const ttlSeconds = args.ttlSeconds ?? DEFAULTS.WavelengthDnsArgs.ttlSeconds;
    return new DnsRegistrar(
      this.named("registrar"),
      {
        recordName: args.recordName,
        hostedZoneId: this.hostedZoneId,
        groupName: this.autoScalingGroupName,
        owner: this.owner,
        hookName: this.hookName(args),
        ttlSeconds,
        drainSeconds: drainSeconds(args),
        gatherSeconds: args.gatherSeconds ?? DEFAULTS.WavelengthDnsArgs.gatherSeconds,
        weights: args.weights ?? DEFAULTS.WavelengthDnsArgs.weights,
        repairSchedule: args.repairSchedule ?? DEFAULTS.WavelengthDnsArgs.repairSchedule,
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  /** Several components may register one existing group, each with a hook of its own. */
  private hookName({ fleet }: WavelengthDnsArgs): pulumi.Input<string> {
    if (!("autoScalingGroupName" in fleet)) return TERMINATION_HOOK.name;
    return this.owner.apply((owner) => hookNameOf(this.componentName, owner));
  }

  private createFleet(args: WavelengthDnsArgs): WavelengthFleet | undefined {
    const options = { ...this.child, dependsOn: this.registrar.ready };
    if ("autoScalingGroupName" in args.fleet) {
      new aws.autoscaling.LifecycleHook(
        this.named("hook"),
        { ...TERMINATION_HOOK, name: this.hookName(args), autoscalingGroupName: args.fleet.autoScalingGroupName },
        options,
      );
      return undefined;
    }
    return new WavelengthFleet(
      this.named("fleet"),
      {
        ...args.fleet,
        groupName: this.autoScalingGroupName,
        drainSeconds: drainSeconds(args),
      },
      options,
    );
  }

  private createObservability(args: WavelengthDnsArgs): DnsObservability {
    return new DnsObservability(
      this.named("observability"),
      {
        recordName: args.recordName,
        identity: this.identity,
        owner: this.owner,
        runsApartSeconds: runsApartSeconds(args),
        registrar: this.registrar,
        ...alarmTopics(args),
      },
      this.child,
    );
  }
}

/** Seconds between the reports of two scheduled runs at most: the schedule's, and those that a run may come later. */
function runsApartSeconds({ repairSchedule, gatherSeconds }: WavelengthDnsArgs): number {
  const delay = (gatherSeconds ?? DEFAULTS.WavelengthDnsArgs.gatherSeconds) + RECONCILE_TIMEOUT;
  return longestPauseSeconds(repairSchedule ?? DEFAULTS.WavelengthDnsArgs.repairSchedule) + delay;
}
