/** The ready-made item `hottestDay`: the hottest day of each station in a batch of measurements. */
import * as z from "zod/mini";
import { logged } from "../shared/logged";
import { type MapDeps, productionDeps } from "./clients";
import { type HotDay, HottestDays } from "./hottest";
import { itemsOf } from "./items";
import type { HottestDaySettings } from "./settings";

const text = z.string().check(z.minLength(1));
/** CSV has texts; an empty one is a day without a measurement. */
const number = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\s*(-?\d+(\.\d+)?)?\s*$/, "is no number"))]),
  z.transform((value) => (typeof value === "string" && value.trim() === "" ? undefined : Number(value))),
);

/** @throws BadItemError for rows without the columns: the batch has then failed */
export function makeHandler(
  { station, day, temperature }: HottestDaySettings,
  deps: Pick<MapDeps, "telemetry"> = productionDeps(),
) {
  const row = z.object({ [station]: text, [day]: text, [temperature]: number });
  return (event: unknown): Promise<HotDay[]> =>
    logged(deps, "Measurements were not read", () => {
      const kept = new HottestDays();
      for (const values of itemsOf(event, row)) {
        const measured = values[temperature];
        if (typeof measured !== "number") continue;
        kept.add({ station: String(values[station]), day: String(values[day]), temperature: measured });
      }
      return Promise.resolve(kept.list());
    });
}
