import { COST_REPORT } from "./cost-report";
import type { Scenarios } from "./scenario";
import { WAVELENGTH_DNS } from "./wavelength-dns";

/** What every function of every pattern is made to do in tests. A function without scenarios fails them. */
export const SCENARIOS: Readonly<Record<string, Scenarios>> = {
  "cost-report": COST_REPORT,
  "wavelength-dns": WAVELENGTH_DNS,
};
