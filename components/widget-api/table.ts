import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Indexes of the reports, so that none of them scans. */
export const INDEXES = { byColor: "byColor", byCount: "byCount", byColorAndCount: "byColorAndCount" } as const;

/** The widgets, by name. `kind` is the same for all of them: what an index of all widgets is sorted within. */
export function widgetTable(name: string, opts: pulumi.CustomResourceOptions): aws.dynamodb.Table {
  const index = (indexName: string, hashKey: string, rangeKey: string) => ({
    name: indexName,
    keySchemas: [
      { attributeName: hashKey, keyType: "HASH" },
      { attributeName: rangeKey, keyType: "RANGE" },
    ],
    projectionType: "ALL",
  });
  return new aws.dynamodb.Table(
    name,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "widgetname",
      attributes: [
        { name: "widgetname", type: "S" },
        { name: "color", type: "S" },
        { name: "kind", type: "S" },
        { name: "count", type: "N" },
      ],
      globalSecondaryIndexes: [
        index(INDEXES.byColor, "color", "widgetname"),
        index(INDEXES.byColorAndCount, "color", "count"),
        index(INDEXES.byCount, "kind", "count"),
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
    },
    opts,
  );
}
