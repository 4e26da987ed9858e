import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "aws-lambda";
import { CallbackLambda } from "../building-blocks/callback-lambda";
import { alarmTopics, Component, type ObservabilityArgs } from "../building-blocks/component";
import type { PolicyStatement } from "../internal/policy";

/** A record name in a hosted zone. */
export interface RecordPlace {
  recordName: string;
  hostedZoneId: pulumi.Input<string>;
}

export interface DnsWithdrawalArgs extends RecordPlace, ObservabilityArgs {
  /** Whose records are taken away; see `CommonSettings.owner`. */
  owner: pulumi.Input<string>;
  /** The table with the lease of the one writer. */
  table: aws.dynamodb.Table;
}

/** Seconds: long enough for a round of reconciliation, which takes 60 at most, to end first. */
const TIMEOUT = 120;

/**
 * Takes the records away when their name is given up: when the component is destroyed, or has been given another name
 * or zone. Has to be made before anything that asks for reconciliation, and so is destroyed after all of that.
 */
export class DnsWithdrawal extends Component {
  readonly lambda: CallbackLambda;
  readonly invocation: aws.lambda.Invocation;

  constructor(name: string, args: DnsWithdrawalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("edge", name, opts);
    this.lambda = this.createLambda(args);
    this.invocation = this.createInvocation(args);
    this.registerOutputs({ functionName: this.lambda.function.name });
  }

  private createLambda(args: DnsWithdrawalArgs): CallbackLambda {
    const outputs = pulumi.output({ owner: args.owner, tableName: args.table.name });
    const zoneArn = this.arn(pulumi.interpolate`route53:::hostedzone/${args.hostedZoneId}`);
    return new CallbackLambda(
      // Its own name, since functions have no room for a longer one.
      this.componentName,
      {
        description: `${this.componentName}: takes the DNS records away when their name is given up`,
        timeoutSeconds: TIMEOUT,
        policies: [
          ...recordPermissions(zoneArn, args.recordName),
          { actions: ["dynamodb:UpdateItem"], resources: [args.table.arn] },
        ],
        callback: async (event: unknown, context: Context) => {
          const { makeWithdrawHandler } = await import("../../handlers/wavelength-dns/handler");
          return makeWithdrawHandler(outputs.get())(event, context);
        },
        ...alarmTopics(args),
      },
      this.child,
    );
  }

  /**
   * Another name or zone makes it again, so that what is then destroyed takes the records of the former away. All that
   * the function needs for this is named as a dependency: the engine orders what it deletes by direct dependencies
   * alone, and would delete a policy of the former zone first, which hangs on the function only.
   */
  private createInvocation({ recordName, hostedZoneId, table }: DnsWithdrawalArgs): aws.lambda.Invocation {
    return new aws.lambda.Invocation(
      this.named("invocation"),
      {
        functionName: this.lambda.function.name,
        input: pulumi.jsonStringify({ hostedZoneId, recordName }),
        lifecycleScope: "CRUD",
      },
      { ...this.child, replaceOnChanges: ["input"], dependsOn: [this.lambda, table] },
    );
  }
}

/** Leave to list the zone's records, and to change the A records of the name alone. */
export function recordPermissions(zoneArn: pulumi.Input<string>, recordName: string): PolicyStatement[] {
  const resources = [zoneArn];
  return [
    { actions: ["route53:ListResourceRecordSets"], resources },
    {
      actions: ["route53:ChangeResourceRecordSets"],
      resources,
      conditions: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [recordName],
          "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
        },
      },
    },
  ];
}
