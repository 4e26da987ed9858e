/** A wrong input of a resource or of the provider. */
export interface CheckFailure {
  /** Path of the property, e.g. `statements[0].action`. */
  property: string;
  /** What was received, what is allowed, and the fix. */
  reason: string;
  /** AWS may well take it, but the entry of the type has no such property. */
  isUnmapped?: true;
}
