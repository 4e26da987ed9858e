/** Orders as the table's stream has them, and as the state machine gets them. */
import * as z from "zod";
import { type Day, dayIn } from "../shared/days";

/** Attributes in DynamoDB's JSON, in which numbers are texts. */
const text = z.object({ S: z.string().min(1) }).transform(({ S }) => S);
const count = z.object({ N: z.string().regex(/^\d{1,9}$/, "must be a whole number") }).transform(({ N }) => Number(N));
const instant = z.object({ S: z.iso.datetime({ offset: true }) }).transform(({ S }) => new Date(S));
const line = z.object({ M: z.object({ quantity: count, unitCents: count }) }).transform(({ M }) => M);

const image = z.object({
  id: text,
  placedAt: instant,
  lines: z.object({ L: z.array(line).min(1) }).transform(({ L }) => L),
});

/** What the pipe's enrichment makes of an order. */
export interface EnrichedOrder {
  readonly id: string;
  /** The day on which it was placed, in the summary's time zone. */
  readonly day: Day;
  readonly totalCents: number;
  /** ISO 8601. */
  readonly remindAt: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export interface EnrichmentSettings {
  readonly timeZone: string;
  readonly reminderAfterSeconds: number;
  readonly rememberedDays: number;
}

/** An order that is no order. The pipe gives its record to the dead-letter queue in the end. */
export class InvalidOrderError extends Error {
  override readonly name = "InvalidOrderError";
}

/** @throws InvalidOrderError naming the order and what is wrong with it */
export function enrichOrder(received: unknown, settings: EnrichmentSettings): EnrichedOrder {
  const { success, data, error } = image.safeParse(received);
  if (!success) throw new InvalidOrderError(`order ${idOf(received)}: ${z.prettifyError(error)}`);
  const { id, placedAt, lines } = data;
  const afterPlaced = (seconds: number): number => placedAt.getTime() + seconds * 1000;
  return {
    id,
    day: dayIn(settings.timeZone, placedAt.getTime()),
    totalCents: lines.reduce((sum, { quantity, unitCents }) => sum + quantity * unitCents, 0),
    remindAt: new Date(afterPlaced(settings.reminderAfterSeconds)).toISOString(),
    expiresAt: Math.floor(afterPlaced(settings.rememberedDays * 86_400) / 1000),
  };
}

function idOf(received: unknown): string {
  const { data = { id: "without an id" } } = z.object({ id: text }).safeParse(received);
  return data.id;
}

/** A batch of the pipe. One order that is wrong fails it: Pipes then tries its halves. */
export function enrichOrders(batch: unknown, settings: EnrichmentSettings): EnrichedOrder[] {
  return z
    .array(z.object({ image: z.unknown() }))
    .parse(batch)
    .map((event) => enrichOrder(event.image, settings));
}
