/** Widgets, as they are kept and as they are answered. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export interface Widget {
  readonly widgetname: string;
  readonly color: string;
  readonly count: number;
}

export interface WidgetSettings {
  readonly tableName: string;
  /** JSON of the operation's schemas. */
  readonly schemas: string;
}

export type Item = Record<string, AttributeValue>;

/** What `kind` is of every widget: the index of all of them is sorted within it. */
export const KIND = "widget";

export function itemOf({ widgetname, color, count }: Widget, version: number): Item {
  return {
    widgetname: { S: widgetname },
    color: { S: color },
    count: { N: String(count) },
    kind: { S: KIND },
    version: { N: String(version) },
  };
}

export function widgetOf({ widgetname, color, count }: Item): Widget {
  return { widgetname: widgetname?.S ?? "", color: color?.S ?? "", count: Number(count?.N) };
}

export function versionOf({ version }: Item): number {
  return Number(version?.N);
}

/** A version as a header: an entity tag. */
export const tagOf = (version: number): string => `"${version}"`;

export const isSame = (one: Widget, other: Widget): boolean => one.color === other.color && one.count === other.count;
