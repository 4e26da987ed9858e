/** What an operation of Pulumi's engine does, from its events: counted, and said. */
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { dim, plainText, say, sayDetail } from "./console";

/** Resources by what the engine does to them (`create`, `same`, …). Components and providers are none. */
export type Changes = Partial<Record<string, number>>;

/** What the engine does to a resource: how a line of it begins, and the word for those that are counted. */
const OPERATIONS: Readonly<Record<string, { mark: string; done?: string }>> = {
  create: { mark: "+", done: "created" },
  update: { mark: "~", done: "updated" },
  replace: { mark: "+-", done: "replaced" },
  delete: { mark: "-", done: "deleted" },
  import: { mark: "<", done: "imported" },
  same: { mark: "=", done: "unchanged" },
  read: { mark: ">" },
  "create-replacement": { mark: "++" },
  "delete-replaced": { mark: "--" },
};

function isResource({ type, new: made, old }: StepEventMetadata): boolean {
  return (made ?? old)?.custom === true && !type.startsWith("pulumi:providers:");
}

function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

export class EngineProgress {
  readonly changes: Changes = {};
  /** What was made, by its name. */
  readonly created = new Map<string, string>();
  /** Each once. */
  readonly errors = new Set<string>();
  private finished = 0;

  /** @param update is given what is counted so far, in words */
  constructor(private readonly update: (counted: string) => void) {}

  add({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }: EngineEvent): void {
    if (resourcePreEvent !== undefined) this.begin(resourcePreEvent.metadata);
    if (resOutputsEvent !== undefined) this.end(resOutputsEvent.metadata);
    const failed = resOpFailedEvent?.metadata;
    if (failed !== undefined) say(`! ${failed.op} of ${failed.type} ${logicalName(failed.urn)} failed`);
    if (diagnosticEvent === undefined || !["warning", "error"].includes(diagnosticEvent.severity)) return;
    const { severity, urn } = diagnosticEvent;
    const message = plainText(diagnosticEvent.message);
    if (severity === "error") this.errors.add(message);
    say(`${severity}: ${urn === undefined ? "" : `${logicalName(urn)}: `}${message}`);
  }

  private begin(step: StepEventMetadata): void {
    if (OPERATIONS[step.op]?.done === undefined || !isResource(step)) return;
    this.changes[step.op] = (this.changes[step.op] ?? 0) + 1;
    if (step.op === "create") this.created.set(logicalName(step.urn), step.type);
  }

  private end(step: StepEventMetadata): void {
    if (!isResource(step)) return;
    this.finished += 1;
    this.update(`${this.finished} ${this.finished === 1 ? "resource" : "resources"}`);
    const mark = OPERATIONS[step.op]?.mark ?? step.op;
    if (step.op !== "same") sayDetail(`${mark} ${step.type} ${dim(logicalName(step.urn))}`);
  }
}

/** @param isPlan what would be done, instead of what was */
export function describeChanges(changes: Changes, { isPlan = false }: { isPlan?: boolean } = {}): string {
  const words = Object.entries(changes).map(([op, count], i) => {
    const what = i > 0 ? "" : count === 1 ? "resource " : "resources ";
    return `${count} ${what}${isPlan && op !== "same" ? `to ${op}` : (OPERATIONS[op]?.done ?? op)}`;
  });
  return words.join(", ") || "nothing";
}
