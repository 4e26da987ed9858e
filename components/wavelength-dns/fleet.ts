import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceId } from "../internal/aws-id";
import { Component } from "../building-blocks/component";
import { policyDocument, serviceTrust } from "../internal/policy";
import type { InstanceArgs, NewFleetArgs, RootVolumeArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { WavelengthNetwork } from "./network";

/**
 * The lifecycle hook that holds an instance until no client can be sent to it any more. Nothing in it follows the
 * arguments: the provider replaces a whole group when the hook that it was made with changes. On an existing group,
 * which is not this component's alone, it has a name of its own.
 */
export const TERMINATION_HOOK = {
  name: "drain-dns",
  lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
  /** Seconds that an instance is held at most: two of the longest drains (900 each), and as much again for retries. */
  heartbeatTimeout: 3600,
  defaultResult: "CONTINUE",
} as const;

/**
 * Name of a component's hook on a group that others may have hooks on, other stacks' components included. Auto Scaling
 * takes at most 255 letters, digits and `-_/`.
 */
export function hookNameOf(componentName: string, owner: string): string {
  const digest = createHash("sha256").update(owner).digest("hex").slice(0, 12);
  return `${TERMINATION_HOOK.name}-${componentName}-${digest}`;
}

export interface WavelengthFleetArgs extends NewFleetArgs {
  /** Physical name of the Auto Scaling group. */
  groupName: pulumi.Input<string>;
  /** Seconds between an instance's leave and its end; see `drainSeconds` of the registrar. */
  drainSeconds: number;
}

const AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/** Instances with carrier IPs, spread over Wavelength zones by an Auto Scaling group. */
export class WavelengthFleet extends Component {
  readonly network: WavelengthNetwork;
  readonly group: aws.autoscaling.Group;

  constructor(name: string, args: WavelengthFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("edge", name, opts);
    this.network = new WavelengthNetwork(this.named("network"), args, this.child);
    const launchTemplate =
      args.launchTemplate === undefined
        ? this.createLaunchTemplate(args.instances ?? {})
        : { ...args.launchTemplate, id: resourceId(args.launchTemplate.id) };
    this.group = this.createGroup(args, launchTemplate);
    this.registerOutputs({ groupName: this.group.name });
  }

  private createInstanceProfile({ policies }: InstanceArgs): aws.iam.InstanceProfile {
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("ec2.amazonaws.com"), description: `Instances of ${this.componentName}` },
      this.child,
    );
    if (policies !== undefined && policies.length > 0) {
      const policy = policyDocument(policies);
      new aws.iam.RolePolicy(this.named("policy"), { role: role.name, policy }, this.child);
    }
    return new aws.iam.InstanceProfile(this.named("profile"), { role: role.name }, this.child);
  }

  private createLaunchTemplate(args: InstanceArgs): { id: pulumi.Input<string>; version: pulumi.Input<string> } {
    const tags = { Name: this.componentName, ...args.tags };
    const template = new aws.ec2.LaunchTemplate(
      this.named("template"),
      {
        description: "Instances with a carrier IP in a Wavelength zone",
        imageId: `resolve:ssm:${args.imageParameter ?? AMAZON_LINUX}`,
        instanceType: args.instanceType ?? DEFAULTS.InstanceArgs.instanceType,
        iamInstanceProfile: { arn: this.createInstanceProfile(args).arn },
        networkInterfaces: [
          {
            deviceIndex: 0,
            associateCarrierIpAddress: "true",
            deleteOnTermination: "true",
            securityGroups: this.network.securityGroupIds,
          },
        ],
        blockDeviceMappings: [this.rootVolume(args.rootVolume ?? {})],
        // IMDSv2 only, and not for containers one hop further.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        tagSpecifications: [{ resourceType: "instance", tags }],
        updateDefaultVersion: true,
        keyName: args.keyName,
        userData: args.userData && pulumi.output(args.userData).apply(base64),
        ...(args.spot === true ? { instanceMarketOptions: { marketType: "spot" } } : {}),
      },
      this.child,
    );
    return { id: template.id, version: pulumi.interpolate`${template.latestVersion}` };
  }

  private rootVolume({ deviceName, type, gibibytes }: RootVolumeArgs) {
    const defaults = DEFAULTS.RootVolumeArgs;
    const size = gibibytes === undefined ? {} : { volumeSize: gibibytes };
    return {
      deviceName: deviceName ?? defaults.deviceName,
      ebs: { volumeType: type ?? defaults.type, encrypted: "true", deleteOnTermination: "true", ...size },
    };
  }

  private createGroup(
    args: WavelengthFleetArgs,
    launchTemplate: { id: pulumi.Input<string>; version: pulumi.Input<string> },
  ): aws.autoscaling.Group {
    return new aws.autoscaling.Group(
      this.named("group"),
      {
        name: args.groupName,
        launchTemplate,
        vpcZoneIdentifiers: this.network.subnetIds,
        minSize: args.minimum ?? DEFAULTS.NewFleetArgs.minimum,
        maxSize: args.maximum ?? DEFAULTS.NewFleetArgs.maximum,
        healthCheckType: "EC2",
        // The hook belongs to the group from its first instance to its last, so that a destroy drains as well.
        initialLifecycleHooks: [TERMINATION_HOOK],
      },
      {
        ...this.child,
        dependsOn: this.network.routes,
        // How many instances run is the scaling policies' business, not this program's.
        ignoreChanges: ["desiredCapacity"],
        customTimeouts: { delete: deletionTimeout(args.drainSeconds) },
      },
    );
  }
}

/** The provider waits ten minutes for the last instance to go, which two long drains exceed. */
export function deletionTimeout(drainSeconds: number): string {
  return `${Math.ceil((2 * drainSeconds) / 60) + 15}m`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
