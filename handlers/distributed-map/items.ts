/** What an item's function is invoked with: one item, or a batch of them. */
import * as z from "zod/mini";
import { faultsOf } from "../shared/faults";
import { BadItemError } from "./errors";

const batch = z.object({ Items: z.array(z.unknown()).check(z.minLength(1)) });

/** The items of a batch, or the one item that the event is. */
export function itemsOf<T>(event: unknown, item: z.ZodMiniType<T>): T[] {
  const { success, data } = batch.safeParse(event);
  return (success ? data.Items : [event]).map((each, i) => {
    const checked = item.safeParse(each);
    if (checked.success) return checked.data;
    throw new BadItemError(`item ${i}: ${faultsOf(checked.error)}`);
  });
}

/** An entry of S3's list of objects. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
export const listedObject = z.object({ Key: z.string().check(z.minLength(1)), Size: z.number() });
