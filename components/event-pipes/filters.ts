import { equalsIgnoreCase, type EventPattern, or, suffix } from "../event-pattern";
import type { TakenOrders } from "./args";

/** Patterns of the stream's records of new orders that are taken. */
export function orderPatterns({ emailSuffixes = [], tiers = [] }: TakenOrders = {}): readonly EventPattern[] {
  const isNew = { eventName: ["INSERT"] };
  const image = (field: EventPattern): EventPattern => ({ dynamodb: { NewImage: field } });
  const byEmail = image({ email: { S: emailSuffixes.map(suffix) } });
  const byTier = image({ tier: { S: tiers.map(equalsIgnoreCase) } });
  if (emailSuffixes.length > 0 && tiers.length > 0) return [{ ...isNew, ...or(byEmail, byTier) }];
  if (emailSuffixes.length > 0) return [{ ...isNew, ...byEmail }];
  if (tiers.length > 0) return [{ ...isNew, ...byTier }];
  return [isNew];
}
