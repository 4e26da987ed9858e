/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
import {
  CloudWatchClient,
  ComparisonOperator,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  ResourceNotFound,
  StandardUnit,
  Statistic,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { containsUnknown, UNKNOWN, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  objects,
  type Operation,
  optionalObject,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkEach, checkOneOf, checkRange } from "../checks";
import {
  boolean,
  checkShape,
  dimensions,
  fromAws,
  like,
  named,
  nested,
  nestedList,
  number,
  presentState,
  type Shape,
  text as string,
  texts,
  toAws,
} from "../shape";
import { actual, changedTags, ifMissing, settled, tagList, tagRecord } from "../support";
import { FILE } from "./file";

const ALARM: Shape = {
  actionsEnabled: boolean,
  alarmActions: texts,
  alarmDescription: string,
  comparisonOperator: string,
  datapointsToAlarm: number,
  dimensions,
  evaluateLowSampleCountPercentiles: named("EvaluateLowSampleCountPercentile", string),
  evaluationPeriods: number,
  extendedStatistic: string,
  insufficientDataActions: texts,
  metricName: string,
  namespace: string,
  okActions: named("OKActions", texts),
  period: number,
  statistic: string,
  threshold: number,
  thresholdMetricId: string,
  treatMissingData: string,
  unit: string,
};

const QUERY: Shape = {
  accountId: string,
  expression: string,
  id: string,
  label: string,
  period: number,
  returnData: boolean,
};

const METRIC: Shape = { metricName: string, namespace: string, dimensions };
const STAT: Shape = { period: number, stat: string, unit: string };

/** As Pulumi has it: the metric and how it is taken in one. */
const QUERIES: Shape = { metricQueries: nestedList({ ...QUERY, metric: nested({ ...METRIC, ...STAT }) }) };

function queryToAws(query: Values): MetricDataQuery {
  const metric = optionalObject(query, "metric");
  return {
    ...toAws<MetricDataQuery>(QUERY, query),
    // Pulumi's default is the opposite of CloudWatch's.
    ReturnData: query.returnData === true,
    ...(metric === undefined ? {} : { MetricStat: { ...toAws(STAT, metric), Metric: toAws(METRIC, metric) } }),
  } as MetricDataQuery;
}

function queryFromAws(query: MetricDataQuery): Values {
  const stat = query.MetricStat;
  const metric = { ...fromAws(STAT, stat), ...fromAws(METRIC, stat?.Metric) };
  return { ...fromAws(QUERY, query), ...(stat === undefined ? {} : { metric }) };
}

async function put(client: CloudWatchClient, inputs: Values, tags: Readonly<Record<string, string>>): Promise<void> {
  const queries = objects(inputs, "metricQueries").map(queryToAws);
  const request: PutMetricAlarmInput = {
    ...toAws<Partial<PutMetricAlarmInput>>(ALARM, inputs),
    AlarmName: text(inputs, "name"),
    ...(queries.length > 0 ? { Metrics: queries } : {}),
    Tags: tagList(tags),
  };
  await client.send(new PutMetricAlarmCommand(request));
}

function describe(alarm: MetricAlarm, state: Values): Values {
  const queries = (alarm.Metrics ?? []).map(queryFromAws);
  return {
    ...presentState(ALARM, state, alarm),
    ...actual(state, {
      arn: alarm.AlarmArn,
      name: alarm.AlarmName,
      metricQueries: queries.length > 0 ? like(state.metricQueries, queries as Value[]) : undefined,
    }),
  };
}

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(CloudWatchClient);
  const command = new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["MetricAlarm"] });
  const alarm = (await client.send(command)).MetricAlarms?.[0];
  if (alarm === undefined) return undefined;
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: alarm.AlarmArn }));
  return { id: name, outputs: { ...describe(alarm, state), tagsAll: tagRecord(Tags) } };
}

async function setTags({ account, tags }: Operation, arn: string, olds: Values): Promise<void> {
  const client = account.client(CloudWatchClient);
  const { set, removed } = changedTags(olds, tags);
  if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceARN: arn, Tags: tagList(set) }));
  }
}

function checkPeriod(property: string, value: Value | undefined): CheckFailure[] {
  if (value === undefined || value === null || containsUnknown(value)) return [];
  const period = Number(value);
  if ([10, 20, 30].includes(period) || (period > 0 && period % 60 === 0)) return [];
  return [{ property, reason: `received ${JSON.stringify(value)}; expected 10, 20, 30 or a multiple of 60 seconds` }];
}

/** An alarm watches one metric, or what queries compute. */
function checkSubject(inputs: Values): CheckFailure[] {
  if (inputs.metricQueries === UNKNOWN) return [];
  const given = (name: string): boolean => inputs[name] !== undefined;
  const queries = objects(inputs, "metricQueries");
  const single = ["metricName", "namespace", "period", "statistic", "extendedStatistic"];
  if (queries.length > 0) {
    return single
      .filter(given)
      .map((property) => ({ property, reason: "not possible beside metricQueries; move it into a query" }));
  }
  if (!given("metricName")) return [{ property: "metricName", reason: "missing; give it, or metricQueries" }];
  const missing = ["namespace", "period"].filter((name) => !given(name));
  return [
    ...missing.map((property) => ({ property, reason: "missing, and required beside metricName" })),
    ...(given("statistic") === given("extendedStatistic")
      ? [{ property: "statistic", reason: "give exactly one of statistic and extendedStatistic" }]
      : []),
  ];
}

function checkQueries(inputs: Values): CheckFailure[] {
  return checkEach(inputs, "metricQueries", (query, path) => {
    const { id } = query;
    const isId = typeof id === "string" && (containsUnknown(id) || /^[a-z]\w*$/.test(id));
    const received = `received ${JSON.stringify(id) ?? "nothing"}; expected a small letter, then letters, digits and _`;
    return [
      ...(isId ? [] : [{ property: `${path}.id`, reason: received }]),
      ...((query.metric === undefined) === (query.expression === undefined)
        ? [{ property: `${path}.metric`, reason: "give exactly one of metric and expression" }]
        : []),
      ...checkPeriod(`${path}.metric.period`, optionalObject(query, "metric")?.period),
    ];
  });
}

function checkThreshold(inputs: Values): CheckFailure[] {
  if (containsUnknown(inputs.comparisonOperator)) return [];
  const isBand =
    typeof inputs.comparisonOperator === "string" &&
    /Threshold$/.test(inputs.comparisonOperator) &&
    /Lower|Upper/.test(inputs.comparisonOperator);
  if (isBand) {
    return inputs.thresholdMetricId === undefined
      ? [{ property: "thresholdMetricId", reason: "missing; an anomaly detection band is compared with" }]
      : [];
  }
  return inputs.threshold === undefined ? [{ property: "threshold", reason: "missing, and required" }] : [];
}

function checkAlarm(inputs: Values): CheckFailure[] {
  const shape = checkShape({ ...ALARM, ...QUERIES }, inputs, FILE);
  if (shape.length > 0) return shape;
  const points = Number(inputs.datapointsToAlarm ?? 1);
  const periods = Number(inputs.evaluationPeriods ?? points);
  return [
    ...checkSubject(inputs),
    ...checkQueries(inputs),
    ...checkThreshold(inputs),
    ...checkPeriod("period", inputs.period),
    ...checkRange("evaluationPeriods", inputs.evaluationPeriods, 1, 604_800),
    ...(points > periods
      ? [
          {
            property: "datapointsToAlarm",
            reason: `received ${points}; at most evaluationPeriods, which is ${periods}`,
          },
        ]
      : []),
    ...checkOneOf("comparisonOperator", inputs.comparisonOperator, Object.values(ComparisonOperator)),
    ...checkOneOf("statistic", inputs.statistic, Object.values(Statistic)),
    ...checkOneOf("unit", inputs.unit, Object.values(StandardUnit)),
    ...checkOneOf("treatMissingData", inputs.treatMissingData, ["missing", "ignore", "breaching", "notBreaching"]),
    ...checkOneOf("evaluateLowSampleCountPercentiles", inputs.evaluateLowSampleCountPercentiles, [
      "evaluate",
      "ignore",
    ]),
  ];
}

export const metricAlarm: ResourceType = {
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  properties: {
    ...Object.fromEntries(Object.keys(ALARM).map((name) => [name, "update"])),
    metricQueries: "update",
    name: "replace",
  },
  required: ["comparisonOperator", "evaluationPeriods"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 255 },
  taggable: true,
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  check: checkAlarm,
  async create(operation, inputs) {
    const name = text(inputs, "name");
    await put(operation.account.client(CloudWatchClient), inputs, operation.tags);
    operation.created(name);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, name, olds, news) {
    await put(operation.account.client(CloudWatchClient), news, {});
    await setTags(operation, text(olds, "arn"), olds);
    return (await settled(read, operation, name, news)).outputs;
  },
  async delete({ account }, name) {
    const deletion = account.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
    await ifMissing(deletion, ResourceNotFound, "ResourceNotFound");
  },
};
