import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmTopics, checkName, Component } from "./component";
import { DEFAULT_TTL_SECONDS, drainSeconds, type WavelengthDnsArgs } from "./wavelength-dns/args";
import { checkWavelengthDns } from "./wavelength-dns/checks";
import { TERMINATION_HOOK, WavelengthFleet } from "./wavelength-dns/fleet";
import { DnsObservability } from "./wavelength-dns/observability";
import { DnsRegistrar } from "./wavelength-dns/registrar";

export type * from "./wavelength-dns/args";
export { DnsRegistrar } from "./wavelength-dns/registrar";
export { WavelengthFleet } from "./wavelength-dns/fleet";
export { WavelengthNetwork } from "./wavelength-dns/network";

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
 * and why is told in docs/wavelength-dns.md. Arguments win over defaults. Invariants: IMDSv2 only, carrier IPs, exact
 * policies, dead-letter queues with alarms.
 *
 * @throws ArgumentsError naming every wrong argument, before any resource is registered
 */
export class WavelengthDns extends Component {
  /** Name that clients resolve. */
  readonly recordName: string;
  readonly hostedZoneId: pulumi.Output<string>;
  /** Name of the Auto Scaling group whose instances are registered. */
  readonly autoScalingGroupName: string;
  /** Present unless an existing Auto Scaling group was given. */
  readonly fleet: WavelengthFleet | undefined;
  readonly registrar: DnsRegistrar;
  readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: WavelengthDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const checks = checkWavelengthDns(args);
    checkName(checks, name);
    checks.finish(`WavelengthDns "${name}"`);
    super("edge", name, opts);
    this.recordName = args.recordName;
    this.hostedZoneId = this.findHostedZone(args.hostedZone);
    // Registration has to work before the first instance starts and after the last has gone, so it knows the group by
    // a name that is fixed beforehand.
    this.autoScalingGroupName =
      "autoScalingGroupName" in args.fleet
        ? args.fleet.autoScalingGroupName
        : `${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
    this.storeInputs(args);
    this.registrar = this.createRegistrar(args);
    this.fleet = this.createFleet(args);
    const observability = this.createObservability(args);
    this.dashboardName = observability.dashboard.dashboardName;
    this.registerOutputs({ recordName: this.recordName, autoScalingGroupName: this.autoScalingGroupName });
  }

  private findHostedZone(zone: WavelengthDnsArgs["hostedZone"]): pulumi.Output<string> {
    if ("id" in zone) return pulumi.output(zone.id);
    return aws.route53.getZoneOutput({ name: zone.name, privateZone: false }, { parent: this }).zoneId;
  }

  /** The seed keeps the user's input in Parameter Store, where operators and other programs can read it. */
  private storeInputs(args: WavelengthDnsArgs): void {
    const inputs: Record<string, pulumi.Input<string>> = {
      "record-name": args.recordName,
      "hosted-zone-id": this.hostedZoneId,
      "ttl-seconds": String(args.ttlSeconds ?? DEFAULT_TTL_SECONDS),
      weights: JSON.stringify(args.weights ?? { kind: "equal" }),
      "auto-scaling-group": this.autoScalingGroupName,
    };
    for (const [key, value] of Object.entries(inputs)) {
      // Parameter Store reserves names that begin with "aws", as this project's does.
      const name = `/wavelength-dns/${pulumi.getStack()}/${this.componentName}/${key}`;
      new aws.ssm.Parameter(this.named(`input-${key}`), { name, type: "String", value }, this.child);
    }
  }

  private createRegistrar(args: WavelengthDnsArgs): DnsRegistrar {
    const ttlSeconds = args.ttlSeconds ?? DEFAULT_TTL_SECONDS;
    return new DnsRegistrar(
      this.named("registrar"),
      {
        recordName: args.recordName,
        hostedZoneId: this.hostedZoneId,
        groupName: this.autoScalingGroupName,
        hookName: TERMINATION_HOOK.name,
        ttlSeconds,
        drainSeconds: drainSeconds(args),
        gatherSeconds: args.gatherSeconds ?? 2,
        weights: args.weights ?? { kind: "equal" },
        repairSchedule: args.repairSchedule ?? "rate(1 minute)",
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  private createFleet(args: WavelengthDnsArgs): WavelengthFleet | undefined {
    const options = { ...this.child, dependsOn: this.registrar.ready };
    if ("autoScalingGroupName" in args.fleet) {
      new aws.autoscaling.LifecycleHook(
        this.named("hook"),
        { ...TERMINATION_HOOK, autoscalingGroupName: args.fleet.autoScalingGroupName },
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
        registrar: this.registrar,
        ...alarmTopics(args),
      },
      this.child,
    );
  }
}
