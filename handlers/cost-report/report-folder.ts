import type { Day } from "../shared/days";
import type { FullSettings } from "./settings";

/** What the keys of a day's report begin with. */
export function reportFolder({ prefix }: Pick<FullSettings, "prefix">, date: Day): string {
  return `${prefix}reports/${date.replaceAll("-", "/")}/`;
}
