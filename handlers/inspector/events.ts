/** Inspector's finding events. https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
import * as z from "zod/mini";
import { faultsOf } from "../shared/faults";
import { BadEventError } from "./errors";
import { REPORTS } from "./scheduled-request";
import { SEVERITIES, type Severity, STATUSES, type Status } from "./settings";

/** A finding as one event has it. Times are milliseconds since the epoch. */
export interface Finding {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: Status;
  readonly resourceId: string;
  readonly resourceType: string;
  /** What to do, such as "flask 2.0.0 → 2.3.2"; empty where Inspector knows nothing. */
  readonly remedy: string;
  readonly firstObservedAt: number;
  readonly lastObservedAt: number;
  readonly updatedAt: number;
}

/** "Wed Sep 04 16:59:44.356 UTC 2024" */
const AS_TODAY = /^[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) UTC (\d{4})$/;
/** "Mar 20, 2023, 6:08:05 PM", in UTC; some have a narrow space before PM. */
const AS_BEFORE_2024 = /^[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d{2}:\d{2}\s[AP]M$/;
const ISO = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

/** Reads the three forms of times that Inspector's events were seen with. Undefined for others. */
export function parseTime(text: string): number | undefined {
  const [, day, time, year] = AS_TODAY.exec(text) ?? [];
  const readable =
    day !== undefined
      ? `${day} ${year} ${time} UTC`
      : AS_BEFORE_2024.test(text)
        ? `${text.replace(/\s(?=[AP]M$)/, " ")} UTC`
        : ISO.test(text)
          ? text
          : "";
  const read = Date.parse(readable);
  return Number.isNaN(read) ? undefined : read;
}

const time = z.pipe(
  z.string(),
  z.transform((text: string, context): number => {
    const read = parseTime(text);
    if (read !== undefined) return read;
    context.issues.push({ code: "custom", message: "is no time as Inspector writes it", input: text });
    return z.NEVER;
  }),
);

const vulnerablePackage = z.object({
  name: z.string(),
  version: z.string(),
  fixedInVersion: z.optional(z.string()),
});

const schema = z.object({
  region: z.string(),
  "detail-type": z.literal("Inspector2 Finding"),
  source: z.literal("aws.inspector2"),
  detail: z.object({
    findingArn: z.string().check(z.regex(/^arn:[^:]+:inspector2:[^:]+:\d{12}:finding\/\S+$/)),
    awsAccountId: z.string(),
    title: z.optional(z.string()),
    description: z.optional(z.string()),
    severity: z.enum(SEVERITIES),
    status: z.enum(STATUSES),
    firstObservedAt: time,
    lastObservedAt: time,
    updatedAt: z.optional(time),
    resources: z.array(z.object({ id: z.string().check(z.minLength(1)), type: z.string() })).check(z.minLength(1)),
    packageVulnerabilityDetails: z.optional(z.object({ vulnerablePackages: z.optional(z.array(vulnerablePackage)) })),
    remediation: z.optional(z.object({ recommendation: z.optional(z.object({ text: z.optional(z.string()) })) })),
  }),
});

type Detail = z.infer<typeof schema>["detail"];

/** Longest texts that are kept: of what others wrote, no more than a line or two. */
const MOST_CHARACTERS = 300;
const MOST_PACKAGES = 3;

function remedyOf({ packageVulnerabilityDetails, remediation }: Detail): string {
  const fixed = (packageVulnerabilityDetails?.vulnerablePackages ?? []).filter(
    ({ fixedInVersion }) => fixedInVersion !== undefined && /\d/.test(fixedInVersion),
  );
  const updates = fixed.map(({ name, version, fixedInVersion }) => `${name} ${version} → ${fixedInVersion}`);
  const advice = remediation?.recommendation?.text ?? "";
  if (updates.length === 0) return advice === "None Provided" ? "" : advice.slice(0, MOST_CHARACTERS);
  const more = updates.length > MOST_PACKAGES ? ` and ${updates.length - MOST_PACKAGES} more` : "";
  return (updates.slice(0, MOST_PACKAGES).join(", ") + more).slice(0, MOST_CHARACTERS);
}

/** @throws BadEventError saying where it is not as documented */
export function parseEvent(body: string): Finding {
  const { region, detail } = parsed(schema, body);
  const [resource] = detail.resources;
  return {
    arn: detail.findingArn,
    account: detail.awsAccountId,
    region,
    title: (detail.title ?? detail.description ?? "Finding").slice(0, MOST_CHARACTERS),
    severity: detail.severity,
    status: detail.status,
    resourceId: resource?.id ?? "",
    resourceType: resource?.type ?? "",
    remedy: remedyOf(detail),
    firstObservedAt: detail.firstObservedAt,
    lastObservedAt: detail.lastObservedAt,
    updatedAt: detail.updatedAt ?? detail.lastObservedAt,
  };
}

const request = z.object({ report: z.enum(REPORTS), time: z.optional(z.iso.datetime()) });

/** What the schedules send; `time` is the moment that was due. */
export type ReportRequest = z.infer<typeof request>;

/** @throws BadEventError for anything that the schedules do not send */
export function parseRequest(event: unknown): ReportRequest {
  return parsed(request, JSON.stringify(event));
}

function parsed<T>(type: z.ZodMiniType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadEventError("The event is no JSON", { cause: error });
  }
  const result = type.safeParse(value);
  if (result.success) return result.data;
  throw new BadEventError(faultsOf(result.error, "event"));
}
