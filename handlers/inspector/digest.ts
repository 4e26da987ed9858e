/** What a day's digest says. Pure. */
import { DAY_MS, type Known } from "./plan";
import { type FixWithinDays, SEVERITIES, type Severity } from "./settings";

export interface SeverityLine {
  readonly severity: Severity;
  readonly open: number;
  /** Opened, or fixed, in the last 24 hours. */
  readonly opened: number;
  readonly fixed: number;
  readonly overdue: number;
}

export interface OpenFinding extends Known {
  readonly ageDays: number;
  /** Days by which it should have been fixed; 0 where it need not be yet. */
  readonly overdueDays: number;
}

export interface ResourceLine {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly account: string;
  readonly open: number;
  readonly worst: Severity;
}

export interface Digest {
  /** Most severe first; those that have nothing to say are left out. */
  readonly lines: readonly SeverityLine[];
  readonly open: number;
  readonly suppressed: number;
  /** Longest overdue first. */
  readonly overdue: readonly OpenFinding[];
  /** Most severe and most findings first. */
  readonly resources: readonly ResourceLine[];
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

export function digestOf(findings: readonly Known[], now: number, limits: FixWithinDays): Digest {
  const isRecent = (at: number): boolean => at > now - DAY_MS && at <= now;
  const active = findings
    .filter(({ status }) => status === "ACTIVE")
    .map((finding): OpenFinding => {
      const ageDays = Math.max(0, (now - finding.openedAt) / DAY_MS);
      const limit = limits[finding.severity] ?? Infinity;
      return { ...finding, ageDays, overdueDays: Math.max(0, ageDays - limit) };
    });
  const overdue = active
    .filter(({ overdueDays }) => overdueDays > 0)
    .sort((a, b) => b.overdueDays - a.overdueDays || (a.arn < b.arn ? -1 : 1));
  const count = (of: readonly Known[], severity: Severity): number =>
    of.filter((it) => it.severity === severity).length;
  const opened = active.filter(({ openedAt }) => isRecent(openedAt));
  const fixed = findings.filter(({ status, updatedAt }) => status === "CLOSED" && isRecent(updatedAt));
  const lines = [...SEVERITIES]
    .reverse()
    .map((severity) => ({
      severity,
      open: count(active, severity),
      opened: count(opened, severity),
      fixed: count(fixed, severity),
      overdue: count(overdue, severity),
    }))
    .filter((line) => line.open + line.opened + line.fixed > 0);
  return {
    lines,
    open: active.length,
    suppressed: findings.filter(({ status }) => status === "SUPPRESSED").length,
    overdue,
    resources: resourcesOf(active),
  };
}

function resourcesOf(active: readonly OpenFinding[]): ResourceLine[] {
  const byResource = new Map<string, ResourceLine>();
  for (const { resourceId, resourceType, account, severity } of active) {
    const { open, worst } = byResource.get(resourceId) ?? { open: 0, worst: severity };
    byResource.set(resourceId, {
      ...{ resourceId, resourceType, account, open: open + 1 },
      worst: rank(severity) > rank(worst) ? severity : worst,
    });
  }
  const severest = (a: ResourceLine, b: ResourceLine): number => rank(b.worst) - rank(a.worst) || b.open - a.open;
  return [...byResource.values()].sort((a, b) => severest(a, b) || (a.resourceId < b.resourceId ? -1 : 1));
}
