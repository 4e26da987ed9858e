/** What the ready-made items are given by the component. */

export interface Results {
  readonly bucket: string;
  /** Folder, without / at its end. */
  readonly prefix: string;
}

export interface ThumbnailSettings {
  readonly sourceBucket: string;
  /** What the keys of all pictures begin with; it is left out of the thumbnails' keys. */
  readonly sourcePrefix: string;
  readonly results: Results;
  readonly width: number;
}

/** Columns of the measurements. */
export interface HottestDaySettings {
  readonly station: string;
  readonly day: string;
  readonly temperature: string;
}

export interface SummarySettings {
  /** What the items answer. */
  readonly of: "hottestDay" | "thumbnails";
  readonly results: Results;
}
