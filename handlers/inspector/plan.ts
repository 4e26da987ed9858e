/** What an event makes of what is known of its finding. Pure. */
import type { Finding } from "./events";
import { SEVERITIES, STATUSES } from "./settings";

/** What happened to a finding, for people. */
export type NoticeKind = "new" | "more severe" | "fixed" | "reopened";

/** A finding as the table has it: as its newest event has it, and what follows from those before. */
export interface Known extends Finding {
  /** Counts the changes. */
  readonly revision: number;
  /** When it became active, the last time; milliseconds since the epoch. */
  readonly openedAt: number;
  /** Whether it was ever reported. */
  readonly announced: boolean;
}

export type Step =
  | { readonly kind: "late" }
  | {
      readonly kind: "change";
      readonly next: Known;
      /** None where nobody has to know: a suppressed finding, or the same severity as before. */
      readonly notice?: NoticeKind;
      /** Where it was closed: how long it was open. */
      readonly daysToFix?: number;
    };

export const DAY_MS = 86_400_000;

/**
 * Which of two events of a finding is newer; 0 for equal ones. Inspector's times had whole seconds once: of two that say
 * the same time, the one that leaves more to do counts as newer, so that the order of arrival never matters.
 */
export function compareAge(a: Finding, b: Finding): number {
  const ranks = ({ updatedAt, lastObservedAt, status, severity }: Finding): readonly number[] => [
    updatedAt,
    lastObservedAt,
    STATUSES.indexOf(status),
    SEVERITIES.indexOf(severity),
  ];
  const others = ranks(b);
  return (
    ranks(a)
      .map((rank, i) => rank - (others[i] ?? 0))
      .find((difference) => difference !== 0) ?? 0
  );
}

export function advance(known: Known | undefined, event: Finding): Step {
  if (known !== undefined && compareAge(event, known) <= 0) return { kind: "late" };
  const notice = noticeOf(known, event);
  const openedAt = openedAtOf(known, event);
  const isFixed = known?.status === "ACTIVE" && event.status === "CLOSED";
  return {
    kind: "change",
    next: {
      ...event,
      revision: (known?.revision ?? 0) + 1,
      openedAt,
      announced: (known?.announced ?? false) || notice !== undefined,
    },
    ...(notice !== undefined && { notice }),
    ...(isFixed && { daysToFix: Math.max(0, event.updatedAt - openedAt) / DAY_MS }),
  };
}

function noticeOf(known: Known | undefined, event: Finding): NoticeKind | undefined {
  if (event.status === "SUPPRESSED") return undefined;
  const wasActive = known?.status === "ACTIVE";
  if (event.status === "CLOSED") return wasActive ? "fixed" : undefined;
  if (!wasActive) return known?.announced === true || known?.status === "CLOSED" ? "reopened" : "new";
  return SEVERITIES.indexOf(event.severity) > SEVERITIES.indexOf(known.severity) ? "more severe" : undefined;
}

/** A finding that was fixed and is back is as old as its return; one that was suppressed, as old as ever. */
function openedAtOf(known: Known | undefined, event: Finding): number {
  if (known === undefined) return event.firstObservedAt;
  return known.status === "CLOSED" && event.status !== "CLOSED" ? event.updatedAt : known.openedAt;
}
