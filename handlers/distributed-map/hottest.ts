/** The hottest day of each station; pure. The order of measurements and of batches changes nothing. */

export interface HotDay {
  readonly station: string;
  readonly day: string;
  readonly temperature: number;
}

/** Of equally hot days the first. */
function isHotter(one: HotDay, than: HotDay | undefined): boolean {
  if (than === undefined || one.temperature !== than.temperature) {
    return than === undefined || one.temperature > than.temperature;
  }
  return one.day < than.day;
}

/** Keeps a station's hottest day. */
export class HottestDays {
  private readonly byStation = new Map<string, HotDay>();

  add(day: HotDay): void {
    if (isHotter(day, this.byStation.get(day.station))) this.byStation.set(day.station, day);
  }

  /** One for each station, by its name. */
  list(): HotDay[] {
    return [...this.byStation.values()].sort((a, b) => (a.station < b.station ? -1 : 1));
  }
}

export function hottest(days: Iterable<HotDay>): HotDay[] {
  const kept = new HottestDays();
  for (const day of days) kept.add(day);
  return kept.list();
}
