/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  DescribeMetricFiltersCommand,
  type MetricTransformation,
  PutMetricFilterCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import {
  optionalBoolean,
  optionalNumber,
  optionalObject,
  type Operation,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkShape, like, nested, number, record, type Shape, text as string } from "../shape";
import { actual, ifMissing, known, settled } from "../support";
import { FILE } from "./file";

/** CloudWatch Logs writes its names in camel case, as Pulumi does. */
const FILTER: Shape = {
  metricTransformation: nested({
    defaultValue: number,
    dimensions: record,
    name: string,
    namespace: string,
    unit: string,
    value: string,
  }),
};

function transformation(inputs: Values): MetricTransformation {
  const given = optionalObject(inputs, "metricTransformation") ?? {};
  return {
    metricName: text(given, "name"),
    metricNamespace: text(given, "namespace"),
    metricValue: String(given.value),
    defaultValue: given.defaultValue === "" ? undefined : optionalNumber(given, "defaultValue"),
    dimensions: optionalObject(given, "dimensions") as Record<string, string> | undefined,
    unit: (given.unit as MetricTransformation["unit"]) ?? "None",
  };
}

async function put(account: Account, inputs: Values): Promise<void> {
  await account.client(CloudWatchLogsClient).send(
    new PutMetricFilterCommand({
      logGroupName: text(inputs, "logGroupName"),
      filterName: text(inputs, "name"),
      filterPattern: text(inputs, "pattern"),
      metricTransformations: [transformation(inputs)],
      applyOnTransformedLogs: optionalBoolean(inputs, "applyOnTransformedLogs"),
    }),
  );
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const question = account
    .client(CloudWatchLogsClient)
    .send(new DescribeMetricFiltersCommand({ logGroupName: text(state, "logGroupName"), filterNamePrefix: id }));
  const answer = await ifMissing(question, ResourceNotFoundException);
  const filter = answer?.metricFilters?.find(({ filterName }) => filterName === id);
  if (filter === undefined) return undefined;
  const [t] = filter.metricTransformations ?? [];
  const metricTransformation = known({
    defaultValue: t?.defaultValue,
    dimensions: t?.dimensions,
    name: t?.metricName,
    namespace: t?.metricNamespace,
    unit: t?.unit ?? "None",
    value: t?.metricValue,
  });
  const outputs = actual(state, {
    applyOnTransformedLogs: filter.applyOnTransformedLogs ?? false,
    logGroupName: filter.logGroupName,
    metricTransformation: like(state.metricTransformation, metricTransformation),
    name: id,
    pattern: filter.filterPattern ?? "",
  });
  return { id, outputs };
}

export const logMetricFilter: ResourceType = {
  token: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  properties: {
    applyOnTransformedLogs: "update",
    logGroupName: "replace",
    metricTransformation: "update",
    name: "replace",
    pattern: "update",
  },
  required: ["logGroupName", "metricTransformation", "pattern"],
  autoName: { property: "name", maxLength: 512 },
  check(inputs) {
    const shape = checkShape(FILTER, inputs, FILE);
    const given = optionalObject(inputs, "metricTransformation");
    if (shape.length > 0 || given === undefined) return shape;
    const missing = ["name", "namespace", "value"].filter((name) => given[name] === undefined);
    return [
      ...missing.map((name) => ({ property: `metricTransformation.${name}`, reason: "missing, and required" })),
      ...(given.dimensions !== undefined && given.defaultValue !== undefined && given.defaultValue !== ""
        ? [{ property: "metricTransformation.defaultValue", reason: "not possible beside dimensions" }]
        : []),
    ];
  },
  async create(operation, inputs) {
    const name = text(inputs, "name");
    await put(operation.account, inputs);
    operation.created(name);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    await put(operation.account, news);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const command = new DeleteMetricFilterCommand({ logGroupName: text(state, "logGroupName"), filterName: id });
    await ifMissing(account.client(CloudWatchLogsClient).send(command), ResourceNotFoundException);
  },
};
