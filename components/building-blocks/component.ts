import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "../internal/argument-checks";
import { type ComponentOptions, Transforms } from "./transform";

export type { ChildTransform, ComponentOptions } from "./transform";

/** What every component takes besides its own arguments. */
export interface ObservabilityArgs {
  /**
   * SNS topics that are notified when one of the component's alarms goes off and when it recovers.
   *
   * @format topic-arn @maxItems 5
   * @fix An alarm takes at most 5 topics: subscribe several people to one.
   * @default none
   */
  alarmTopicArns?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What a component hands on to its parts. */
export function alarmTopics({ alarmTopicArns }: ObservabilityArgs): ObservabilityArgs {
  return alarmTopicArns === undefined ? {} : { alarmTopicArns };
}

/** What an alarm does when it goes off and when it recovers: tell the topics. */
export function alarmActions({ alarmTopicArns }: ObservabilityArgs) {
  return { alarmActions: alarmTopicArns, okActions: alarmTopicArns };
}

/** An alarm of the first period above a threshold, which tells the topics; that there is no data is nothing to tell. */
export function alarmAbove(threshold: number, topics: ObservabilityArgs) {
  return {
    evaluationPeriods: 1,
    threshold,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    ...alarmActions(topics),
  };
}

/**
 * Longest name of a pattern's instance. Its children's names begin with it, and become physical ones, of which the
 * shortest (rules, targets, functions, roles) have 64 characters: 43 are for the child's role and Pulumi's random
 * suffix, since Pulumi refuses (and does not shorten) what is longer.
 */
export const MAXIMUM_NAME_LENGTH = 21;

/** Checks the name of a pattern's instance, from which physical names are made. */
export function checkName(checks: ArgumentChecks, name: string): void {
  checks.require(/^[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name) && name.length <= MAXIMUM_NAME_LENGTH, {
    path: "name",
    received: name,
    allowed: `at most ${MAXIMUM_NAME_LENGTH} letters, digits and hyphens, beginning with a letter`,
    fix: "Rename the component; the names of its resources are built from it.",
  });
}

/** Refuses children whose names do not begin with their component's, so that two instances never collide. */
function requirePrefix(component: string): pulumi.ResourceTransformation {
  return ({ name, type }) => {
    if (name !== component && !name.startsWith(`${component}-`)) {
      throw new Error(`${type} "${name}": a child of component "${component}" is named "${component}-<role>"`);
    }
    return undefined;
  };
}

/**
 * Base of all components. Type token `aws-patterns:<group>:<Class>`; every child is named `<name>-<role>` and has the
 * component as parent; a subclass calls `registerOutputs` once, last.
 */
export abstract class Component extends pulumi.ComponentResource {
  /** Options for every child: the component is its parent. */
  protected readonly child: pulumi.CustomResourceOptions = { parent: this };

  private readonly transforms: Transforms;

  /** @param inputs what the stack's state and the console show of the component's arguments */
  protected constructor(
    group: string,
    protected readonly componentName: string,
    { transform, ...opts }: ComponentOptions = {},
    inputs: pulumi.Inputs = {},
  ) {
    const transforms = new Transforms(componentName, transform);
    // Not `transforms`: Pulumi's mocks refuse them (3.248, the last version for Node.js 20) or do not run them (3.276), so
    // that unit tests of a program would fail, or would not see what its transforms do.
    const checked = pulumi.mergeOptions(opts, {
      transformations: [transforms.apply, requirePrefix(componentName)],
    });
    super(`aws-patterns:${group}:${new.target.name}`, componentName, inputs, checked);
    this.transforms = transforms;
  }

  protected override registerOutputs(outputs?: pulumi.Inputs): void {
    this.transforms.finish();
    super.registerOutputs(outputs);
  }

  /** The name of a child: the component's name and the child's role. */
  protected named(role: string): string {
    return `${this.componentName}-${role}`;
  }

  /** An ARN in the partition of the component's provider; `rest` begins with the service: `route53:::change/*`. */
  protected arn(rest: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.interpolate`arn:${aws.getPartitionOutput({}, this.child).partition}:${rest}`;
  }
}
