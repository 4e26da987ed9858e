/** The ready-made item `thumbnails`: a small picture of each object, under `thumbnails/` of the results. */
import { logged } from "../shared/logged";
import { type MapDeps, productionDeps, readObject, writeObject } from "./clients";
import { BadPictureError } from "./errors";
import { itemsOf, listedObject } from "./items";
import { thumbnail } from "./picture";
import type { ThumbnailSettings } from "./settings";
import { type ThumbnailCounts, total } from "./thumbnail-counts";

/** Largest file that is read into memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Where a picture's thumbnail is: the same for the same picture, so that a second run writes over it. */
export function thumbnailKey({ sourcePrefix, results }: ThumbnailSettings, key: string): string {
  const own = key.startsWith(sourcePrefix) ? key.slice(sourcePrefix.length) : key;
  return `${results.prefix}/thumbnails/${own.replace(/^\/+/, "")}`;
}

/** @throws BadItemError, BadPictureError, and what S3 answers: the item has then failed, with its batch */
export function makeHandler(settings: ThumbnailSettings, deps: MapDeps = productionDeps()) {
  async function make({ Key, Size }: { Key: string; Size: number }): Promise<ThumbnailCounts> {
    if (Size > MOST_BYTES) throw new BadPictureError(Key, `has ${Size} bytes, more than ${MOST_BYTES}`);
    const original = await readObject(deps, settings.sourceBucket, Key);
    const { bytes, type } = await thumbnail(Key, original, settings.width);
    await writeObject(deps, {
      Bucket: settings.results.bucket,
      Key: thumbnailKey(settings, Key),
      Body: bytes,
      ContentType: type,
    });
    return { pictures: 1, bytesBefore: original.length, bytesAfter: bytes.length };
  }

  return (event: unknown): Promise<ThumbnailCounts> =>
    logged(deps, "A picture was not made smaller", async () => {
      const made: ThumbnailCounts[] = [];
      for (const item of itemsOf(event, listedObject)) made.push(await make(item));
      return total(made);
    });
}
