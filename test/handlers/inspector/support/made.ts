import type { Context, SQSEvent } from "aws-lambda";
import type { Finding } from "../../../../handlers/inspector/events";
import type { MetricName, ReportSettings } from "../../../../handlers/inspector/settings";
import type { Telemetry } from "../../../../handlers/shared/telemetry";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.parse("2026-11-28T13:30:00Z");
export const ARN = "arn:aws:inspector2:us-east-1:111111111111:finding/one";
const FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:orders:$LATEST";

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    arn: ARN,
    account: "111111111111",
    region: "us-east-1",
    title: "CVE-2023-30861 - flask",
    severity: "HIGH",
    status: "ACTIVE",
    resourceId: FUNCTION,
    resourceType: "AWS_LAMBDA_FUNCTION",
    remedy: "flask 2.0.0 → 2.3.2",
    firstObservedAt: START - DAY,
    lastObservedAt: START,
    updatedAt: START,
    ...changes,
  };
}

/** The form that Inspector's events have today. */
export function timeText(at: number): string {
  const [day = "", date = "", month = "", year = ""] = new Date(at).toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${new Date(at).toISOString().slice(11, 23)} UTC ${year}`;
}

/** The event of a finding, as AWS documents it. */
export function eventOf({ arn, account, region, remedy, ...it }: Finding): object {
  const [, name = "flask", version = "2.0.0", fixedInVersion = ""] = /^(\S+) (\S+) → (\S+)$/.exec(remedy) ?? [];
  return {
    version: "0",
    id: "4d621919-f1f4-4201-a0e2-37e4e330ff51",
    "detail-type": "Inspector2 Finding",
    source: "aws.inspector2",
    account,
    time: new Date(it.updatedAt).toISOString(),
    region,
    resources: [it.resourceId],
    detail: {
      awsAccountId: account,
      findingArn: arn,
      title: it.title,
      description: "",
      type: "PACKAGE_VULNERABILITY",
      severity: it.severity,
      status: it.status,
      firstObservedAt: timeText(it.firstObservedAt),
      lastObservedAt: timeText(it.lastObservedAt),
      updatedAt: timeText(it.updatedAt),
      resources: [{ id: it.resourceId, type: it.resourceType, partition: "aws", region }],
      packageVulnerabilityDetails: { vulnerablePackages: [{ name, version, fixedInVersion, epoch: 0 }] },
      remediation: { recommendation: { text: "None Provided" } },
    },
  };
}

export function batchOf(findings: readonly (Finding | string)[]): SQSEvent {
  const Records = findings.map((it, i) => ({
    messageId: `message-${i}`,
    body: typeof it === "string" ? it : JSON.stringify(eventOf(it)),
  }));
  return { Records } as unknown as SQSEvent;
}

export const contextWith = (remaining = 60_000): Context =>
  ({ getRemainingTimeInMillis: () => remaining }) as unknown as Context;

export const SETTINGS: ReportSettings = {
  scanId: "project/stack/scan",
  tableName: "findings",
  topicArn: "arn:aws:sns:us-east-1:111111111111:notices",
  fixWithinDays: { CRITICAL: 15, HIGH: 30 },
};

/** Keeps what was counted, and errors. */
export class Recorder implements Telemetry<MetricName> {
  readonly metrics: [MetricName, number][] = [];
  readonly errors: unknown[] = [];
  readonly warnings: string[] = [];

  info(): void {}

  warn(message: string): void {
    this.warnings.push(message);
  }

  error(_: string, error: unknown): void {
    this.errors.push(error);
  }

  count(metric: MetricName, value: number): void {
    this.metrics.push([metric, value]);
  }

  flush(): void {}
}
