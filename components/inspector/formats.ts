/** Forms of texts among the arguments of InspectorScanning. */
import { FORMATS as COST_REPORT } from "../cost-report/formats";
import type { Format } from "../internal/schema";

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export const FORMATS: Readonly<Record<string, Format>> = {
  ...COST_REPORT,
  day: {
    test: isDay,
    allowed: "a day such as 2027-01-31",
    fix: "Write year, month and day like that, in quotation marks.",
  },
  // A filter's description has 512 characters at most, and says when it ends, too.
  "line-of-300": {
    test: /^(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}]{1,300}$/u,
    allowed: "1 to 300 characters in one line",
    fix: "Shorten it.",
  },
  "suppression-name": {
    test: /^[a-z][a-z0-9-]{0,39}$/,
    allowed: "at most 40 lower-case letters, digits and hyphens, beginning with a letter",
    fix: "Rename it; the name of the filter is built from it.",
  },
  words: { test: /^[^\p{Cc}]{1,1000}$/u, allowed: "1 to 1000 characters", fix: "Take out what is empty." },
};
