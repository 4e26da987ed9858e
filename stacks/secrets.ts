/** Keeps the values of a secret configuration out of its faults. */
import type { Fault } from "./faults";

const SECRET = "(secret)";

/** Every text, and every number as text, that lies in a value, however deep; keys are structure, not values. */
function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>();
  const rest = [value];
  while (rest.length > 0) {
    const item = rest.pop();
    if (typeof item === "string" || typeof item === "number") texts.add(String(item));
    else if (typeof item === "object" && item !== null) for (const inner of Object.values(item)) rest.push(inner);
  }
  texts.delete("");
  return texts;
}

/** The same faults, showing neither what was received nor what advice repeats of it. */
export function withoutValues(faults: readonly Fault<string>[], ...configuration: readonly unknown[]): Fault<string>[] {
  const texts = [...textsIn(configuration)];
  const hidden = (advice: string): string => {
    // Advice quotes parts of values ("60" of a cron expression), or repeats all of one.
    const quoted = advice.replace(/"([^"]+)"/g, (all, part: string) =>
      texts.some((text) => text.includes(part)) ? SECRET : all,
    );
    return texts.filter((text) => text.length > 3).reduce((rest, text) => rest.replaceAll(text, SECRET), quoted);
  };
  // Faults that differed in their values alone are one.
  const shown = new Map<string, Fault<string>>();
  for (const { path, allowed, fix } of faults) {
    const fault = { path, received: SECRET, allowed: hidden(allowed), fix: hidden(fix) };
    shown.set(JSON.stringify(fault), fault);
  }
  return [...shown.values()];
}
