import * as assert from "node:assert/strict";
import type { PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { Account } from "../../local/provider/account";
import type { Values } from "../../local/provider/property-values";
import { Managed } from "./support";

interface Command {
  constructor: { name: string };
  input: PutMetricAlarmInput;
}

/** A CloudWatch that answers what it was told. */
class Echo extends Account {
  told: PutMetricAlarmInput | undefined;

  override client<Client>(): Client {
    return { send: (command: Command) => Promise.resolve(this.answer(command)) } as Client;
  }

  override id(): Promise<string> {
    return Promise.resolve("111122223333");
  }

  private answer({ constructor: { name }, input }: Command): object {
    if (name === "PutMetricAlarmCommand") this.told = input;
    if (name === "DescribeAlarmsCommand") return { MetricAlarms: [{ ...this.told, AlarmArn: "arn:alarm" }] };
    return { Tags: [] };
  }
}

const metric: Values = {
  metricName: "Errors",
  namespace: "AWS/Lambda",
  period: 60,
  stat: "Sum",
  dimensions: { FunctionName: "f" },
};
const program: Values = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  threshold: 5,
  metricQueries: [
    { id: "share", expression: "100 * errors", label: "share", returnData: true },
    { id: "errors", metric },
  ],
};

describe("MetricAlarm on queries", () => {
  it("tells CloudWatch the metric apart from how it is taken, and that only one query is the alarm's", async () => {
    const account = new Echo({ region: "us-east-1" });
    await new Managed("aws:cloudwatch/metricAlarm:MetricAlarm", account).create(program);
    assert.deepEqual(account.told?.Metrics, [
      { Id: "share", Expression: "100 * errors", Label: "share", ReturnData: true },
      {
        Id: "errors",
        ReturnData: false,
        MetricStat: {
          Metric: {
            MetricName: "Errors",
            Namespace: "AWS/Lambda",
            Dimensions: [{ Name: "FunctionName", Value: "f" }],
          },
          Period: 60,
          Stat: "Sum",
        },
      },
    ]);
  });

  it("reads the same queries back, and a further dimension as drift", async () => {
    const account = new Echo({ region: "us-east-1" });
    const made = await new Managed("aws:cloudwatch/metricAlarm:MetricAlarm", account).create(program);
    await made.refresh();
    assert.deepEqual(made.diff(program), []);
    account.told?.Metrics?.[1]?.MetricStat?.Metric?.Dimensions?.push({ Name: "Resource", Value: "f:live" });
    await made.refresh();
    assert.deepEqual(
      made.diff(program).map(({ path }) => path),
      ["metricQueries[1].metric.dimensions.Resource"],
    );
  });
});
