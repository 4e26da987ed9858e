/** Errors by which an execution's history and its results say what was wrong with an item. */

/** The function was given something that its item does not read. */
export class BadItemError extends Error {
  override readonly name = "BadItemError";
}

/** Not a PNG or JPEG, broken, or larger than what is decoded. */
export class BadPictureError extends Error {
  override readonly name = "BadPictureError";
  constructor(key: string, why: string, options?: ErrorOptions) {
    super(`${key}: ${why}`, options);
  }
}
