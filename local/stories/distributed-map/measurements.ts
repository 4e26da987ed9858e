/** The hottest day of each weather station, from a file of 10,000 rows. */
import type { PlayedContext } from "../story";
import { expectEqual, expectStatus, Operator } from "./operator";

const ROWS = 10_000;
const STATIONS = 25;
const BATCH = 1000;

interface Measurement {
  readonly station: string;
  readonly day: string;
  readonly temperature: string;
}

/** Numbers that look like chance and are the same in every run. */
function* numbers(): Generator<number> {
  for (let state = 42; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

function measurements(): Measurement[] {
  const chance = numbers();
  const next = (): number => chance.next().value as number;
  return Array.from({ length: ROWS }, (_, n) => ({
    station: `ST${String(n % STATIONS).padStart(4, "0")}`,
    day: new Date(Date.UTC(2022, 0, 1 + (Math.floor(n / STATIONS) % 365))).toISOString().slice(0, 10),
    // Some days have no measurement, many are equal.
    temperature: next() < 0.01 ? "" : (Math.round(next() * 700 - 250) / 10).toFixed(1),
  }));
}

/** Computed by sorting all of it, in another way than the handlers do. */
function expected(rows: readonly Measurement[]): object[] {
  const sorted = rows
    .filter(({ temperature }) => temperature !== "")
    .map(({ station, day, temperature }) => ({ station, day, temperature: Number(temperature) }))
    .sort((a, b) => b.temperature - a.temperature || a.day.localeCompare(b.day));
  const stations = [...new Set(rows.map(({ station }) => station))].sort();
  return stations.map((station) => sorted.find((row) => row.station === station) ?? {});
}

function csv(rows: readonly Measurement[]): Uint8Array {
  const lines = rows.map(({ station, day, temperature }) => `${station},${day},"Station, ${station}",${temperature}`);
  return new TextEncoder().encode(`STATION,DATE,NAME,TMAX\n${lines.join("\n")}\n`);
}

export async function playMeasurements(context: PlayedContext): Promise<void> {
  const operator = new Operator(context);
  const rows = measurements();
  const key = "measurements/2022.csv";
  await context.step(`${ROWS} rows, by batches of ${BATCH}: the hottest day of each station is right`, async () => {
    await operator.put(new Map([[key, csv(rows)]]));
    const run = await operator.ended(await operator.start({ key }));
    expectStatus(run, "SUCCEEDED");
    const { hottest, succeeded } = await operator.summary(run);
    expectEqual("hottest days", hottest, expected(rows));
    expectEqual("batches", succeeded, ROWS / BATCH);
    return `${STATIONS} stations as computed independently, from ${ROWS / BATCH} batches`;
  });
  await context.step("A file that the input names elsewhere may not be read", async () => {
    await operator.put(new Map([["secret/2022.csv", csv(rows)]]));
    const run = await operator.start({ key: "secret/2022.csv" }).then((arn) => operator.failed(arn));
    expectEqual("error", run.error, "States.ItemReaderFailed");
    return `${run.error}: ${run.cause}`;
  });
  await context.step("A file without the columns fails the run, and says why", async () => {
    const other = "measurements/other.csv";
    await operator.put(new Map([[other, new TextEncoder().encode("a,b\n1,2\n")]]));
    const run = await operator.ended(await operator.start({ key: other }));
    expectStatus(run, "FAILED");
    const [failure] = await operator.results(run, "FAILED");
    expectEqual("error", failure?.Error, "BadItemError");
    return `${run.execution.error}: ${failure?.Error}`;
  });
  await context.step("An input without the key fails the run", async () => {
    const { error } = await operator.start({}).then((arn) => operator.failed(arn));
    return String(error);
  });
}
