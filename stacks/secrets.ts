/** Keeps the values of a secret configuration out of its faults. */
import type { ConfigurationFault } from "./faults";

const SECRET = "(secret)";

/** Every text, and every number as text, that lies in a value; keys are structure, not values. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The same faults, showing neither what was received nor what advice repeats of it. */
export function withoutValues(
  faults: readonly ConfigurationFault[],
  ...configuration: readonly unknown[]
): ConfigurationFault[] {
  const texts = [...new Set(textsIn(configuration))].filter((text) => text !== "");
  const hidden = (advice: string): string => {
    // Advice quotes parts of values ("60" of a cron expression), or repeats all of one.
    const quoted = advice.replace(/"([^"]+)"/g, (all, part: string) =>
      texts.some((text) => text.includes(part)) ? SECRET : all,
    );
    return texts.filter((text) => text.length > 3).reduce((rest, text) => rest.replaceAll(text, SECRET), quoted);
  };
  return faults.map(({ path, allowed, fix }) => ({
    path,
    received: SECRET,
    allowed: hidden(allowed),
    fix: hidden(fix),
  }));
}
