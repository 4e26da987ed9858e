/** The reconcile Lambda's code, as components/wavelength-dns/registrar.ts has it: what all three package. */
import * as pulumi from "@pulumi/pulumi";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { settings } from "./settings";

export function reconcileCallback(): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const { hostedZoneId: zone, tableName: table, drainQueueUrl: queue, ...captured } = settings;
  const hostedZoneId = pulumi.output(zone);
  const tableName = pulumi.output(table);
  const drainQueueUrl = pulumi.output(queue);
  return async (event: SQSEvent, context: Context) => {
    const { makeReconcileHandler } = await import("../../handlers/wavelength-dns/handler");
    const outputs = {
      hostedZoneId: hostedZoneId.get(),
      tableName: tableName.get(),
      drainQueueUrl: drainQueueUrl.get(),
    };
    return makeReconcileHandler({ ...captured, ...outputs })(event, context);
  };
}
