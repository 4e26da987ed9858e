/** What policies say of a preview or deployment, by rule: hundreds of resources may break one rule in the same way. */
import type { PolicyEvent } from "@pulumi/pulumi/automation";
import { plainText } from "./console";

/** Longest line for people, without the time in front of it. */
const WIDTH = 185;

/** What a policy says, without what the engine puts around it: the policy's description, and its remedy once more. */
export function policyText({ message }: PolicyEvent): string {
  const lines = plainText(message).split("\n");
  return (lines.filter((line) => line.trim() !== "").at(-1) ?? message).trim();
}

function cut(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}

/** As many names as fit into a line. */
function named(start: string, names: readonly string[]): string {
  for (let count = names.length; count > 0; count--) {
    const more = count < names.length ? ` and ${names.length - count} more` : "";
    const line = `${start}${names.slice(0, count).join(", ")}${more}`;
    if (line.length <= WIDTH) return line;
  }
  return cut(`${start}${names.join(", ")}`);
}

export class Violations {
  /** A line for each exemption: it is no rule's word. */
  readonly exemptions = new Set<string>();
  private readonly events = new Map<string, PolicyEvent[]>();

  add(event: PolicyEvent): void {
    if (event.policyName === "exemptions") {
      this.exemptions.add(cut(policyText(event)));
      return;
    }
    const key = `${event.enforcementLevel} ${event.policyName}`;
    this.events.set(key, [...(this.events.get(key) ?? []), event]);
  }

  /** A line for each rule with its resources, and under it an example and the fix. */
  lines(): string[] {
    return [...this.events].flatMap(([key, events]) => {
      const [first] = events;
      if (first === undefined) return [];
      const names = [...new Set(events.flatMap(({ resourceUrn }) => resourceUrn?.split("::").at(-1) ?? []))];
      const resources = names.length === 0 ? "" : ` on ${names.length} resource${names.length === 1 ? "" : "s"}: `;
      const times = `${events.length} violation${events.length === 1 ? "" : "s"}`;
      const [example = "", fix] = policyText(first).split(" Fix: ");
      return [
        named(`${key}: ${times}${resources}`, names),
        cut(`    ${example.replace(/^\S+ "[^"]*": /, "")}`),
        ...(fix === undefined ? [] : [cut(`    Fix: ${fix}`)]),
      ];
    });
  }

  /** Rules that must hold and do not, with the number of their violations; empty when all hold. */
  mandatory(): string[] {
    const broken = [...this.events].filter(([, [first]]) => first?.enforcementLevel === "mandatory");
    return broken.map(([, events]) => `${events[0]?.policyName} (${events.length})`);
  }
}
