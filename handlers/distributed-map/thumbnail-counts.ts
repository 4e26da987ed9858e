/** What was made of the pictures. */
export interface ThumbnailCounts {
  readonly pictures: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export function total(counts: readonly ThumbnailCounts[]): ThumbnailCounts {
  const sum = (of: keyof ThumbnailCounts): number => counts.reduce((before, each) => before + each[of], 0);
  return { pictures: sum("pictures"), bytesBefore: sum("bytesBefore"), bytesAfter: sum("bytesAfter") };
}
