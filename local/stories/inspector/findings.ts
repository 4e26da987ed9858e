/** Two hundred findings of Amazon Inspector, what becomes of them, and what has to come of it. */

export type Severity = "UNTRIAGED" | "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";

/** A finding as Inspector's API has it, as far as the story goes. */
export interface Finding {
  readonly findingArn: string;
  readonly type: "PACKAGE_VULNERABILITY";
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly status: "ACTIVE" | "SUPPRESSED" | "CLOSED";
  readonly firstObservedAt: string;
  readonly lastObservedAt: string;
  readonly updatedAt: string;
  readonly remediation: { readonly recommendation: { readonly text: string } };
  readonly resources: readonly object[];
  readonly packageVulnerabilityDetails: object;
}

const COUNT = 200;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SEVERITIES: readonly Severity[] = ["MEDIUM", "HIGH", "LOW", "CRITICAL", "INFORMATIONAL"];
const PACKAGES = ["flask", "lodash", "jackson-databind", "openssl", "requests", "log4j-core"];

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A function, an image or an instance; every twentieth finding is in an image that is suppressed. */
function resourceOf(n: number, { account, region }: Place): object {
  const shared = { partition: "aws", region };
  if (n % 20 === 7) {
    const id = `arn:aws:ecr:${region}:${account}:repository/build/sha256:${"ab".repeat(32)}`;
    const details = { awsEcrContainerImage: { repositoryName: "build", registry: account, imageHash: "sha256:ab" } };
    return { ...shared, id, type: "AWS_ECR_CONTAINER_IMAGE", details };
  }
  if (n % 10 === 3) return { ...shared, id: `i-0000000000000000${n % 4}`, type: "AWS_EC2_INSTANCE" };
  const name = `service-${n % 6}`;
  const id = `arn:aws:lambda:${region}:${account}:function:${name}:$LATEST`;
  return { ...shared, id, type: "AWS_LAMBDA_FUNCTION", details: { awsLambdaFunction: { functionName: name } } };
}

function findingOf(n: number, place: Place, now: number): Finding {
  const pack = PACKAGES[n % PACKAGES.length] ?? "flask";
  const id = `CVE-2026-${1000 + n}`;
  const first = new Date(now - (1 + (n % 40)) * DAY).toISOString();
  return {
    findingArn: `arn:aws:inspector2:${place.region}:${place.account}:finding/${n.toString(16).padStart(32, "0")}`,
    type: "PACKAGE_VULNERABILITY",
    title: `${id} - ${pack}`,
    description: `A vulnerability of ${pack}`,
    severity: SEVERITIES[n % SEVERITIES.length] ?? "LOW",
    status: "ACTIVE",
    firstObservedAt: first,
    lastObservedAt: first,
    updatedAt: new Date(now - 60 * MINUTE).toISOString(),
    remediation: { recommendation: { text: "None Provided" } },
    resources: [resourceOf(n, place)],
    packageVulnerabilityDetails: {
      vulnerabilityId: id,
      source: "NVD",
      vulnerablePackages: [
        { name: pack, version: "1.0.0", fixedInVersion: `1.0.${1 + (n % 9)}`, packageManager: "PIP" },
      ],
    },
  };
}

/** The finding later on. */
function later(it: Finding, minutes: number, changes: Partial<Finding>): Finding {
  const updatedAt = new Date(Date.parse(it.updatedAt) + minutes * MINUTE).toISOString();
  return { ...it, ...changes, updatedAt, lastObservedAt: updatedAt };
}

/** In another order, always the same. */
function shuffled<T>(list: readonly T[], step: number): T[] {
  return list.map((_, i) => list[(i * step) % list.length] as T);
}

/**
 * What Inspector says, wave by wave: within a wave nothing depends on the order. Everything in the first two comes twice;
 * the third has what is older than the second, too late, and what comes back.
 */
export function wavesOf(place: Place, now: number): readonly (readonly Finding[])[] {
  const first = Array.from({ length: COUNT }, (_, n) => findingOf(n, place, now));
  const at = (n: number): Finding => first[n] as Finding;
  const fixed = later(at(0), 10, { status: "CLOSED" });
  const gone = later(at(5), 10, { status: "CLOSED" });
  const worse = later(at(12), 10, { severity: "CRITICAL" });
  const milder = later(at(1), 10, { severity: "LOW" });
  const second = [fixed, gone, worse, milder];
  const back = later(gone, 10, { status: "ACTIVE" });
  const late = [later(at(0), 5, { severity: "CRITICAL" }), later(at(12), 5, { status: "CLOSED" }), at(1), at(199)];
  return [
    shuffled([...first, ...shuffled(first, 7).slice(0, 50)], 61),
    [...second, ...second],
    [...late, back, ...late, back],
  ];
}

export interface Expected {
  /** By ARN: when it changed last, its status and its severity. */
  readonly table: ReadonlyMap<string, string>;
  /** Sorted: ARN, and what happened. */
  readonly notices: readonly string[];
  readonly open: number;
  /** Critical ones that are open for more than 15 days, high ones for more than 30. */
  readonly overdue: number;
}

const isSuppressed = ({ resources }: Finding): boolean => JSON.stringify(resources).includes("repository/build/");

/** Sorted, without what is there twice or came too late, and then one after the other. */
export function expectedOf(waves: readonly (readonly Finding[])[], now: number): Expected {
  const events = waves.flatMap((wave, n) => wave.map((it) => ({ ...it, n, at: Date.parse(it.updatedAt) })));
  const table = new Map<string, string>();
  const notices: string[] = [];
  let [open, overdue] = [0, 0];
  for (const arn of new Set(events.map(({ findingArn }) => findingArn))) {
    const own = events.filter(({ findingArn }) => findingArn === arn).sort((a, b) => a.at - b.at);
    const states = own.filter(
      (it, i) => own.findIndex(({ at }) => at === it.at) === i && !own.some(({ n, at }) => n < it.n && at > it.at),
    );
    states.forEach((it, i) => {
      const before = states[i - 1];
      const status = it.status === "ACTIVE" && isSuppressed(it) ? "SUPPRESSED" : it.status;
      table.set(arn, `${it.at} ${status} ${it.severity}`);
      const reported = (what: string): number => notices.push(`${arn} ${what}`);
      if (status === "SUPPRESSED") return;
      if (before === undefined) reported("new");
      else if (status === "CLOSED") reported("fixed");
      else if (before.status === "CLOSED") reported("reopened");
      else if (it.severity === "CRITICAL" && before.severity !== "CRITICAL") reported("more severe");
    });
    const last = states.at(-1);
    if (last === undefined || last.status !== "ACTIVE" || isSuppressed(last)) continue;
    open += 1;
    const limit = { CRITICAL: 15, HIGH: 30 }[last.severity as string] ?? Infinity;
    const isBack = states.some(({ status }) => status === "CLOSED");
    if (!isBack && now - Date.parse(last.firstObservedAt) > limit * DAY) overdue += 1;
  }
  return { table, notices: notices.sort(), open, overdue };
}
