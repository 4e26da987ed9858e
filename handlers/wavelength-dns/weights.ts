import type { WeightPolicy } from "./settings";

/** See `WeightPolicy`: room above and below for records of others. */
export const EQUAL_WEIGHT = 100;

export interface Weighed {
  readonly weight: number;
  /** The tag's value, where it is no weight. */
  readonly invalid?: string;
}

export function weightOf(
  instance: { readonly instanceType: string; readonly tags: Readonly<Record<string, string>> },
  policy: WeightPolicy,
): Weighed {
  switch (policy.kind) {
    case "equal":
      return { weight: EQUAL_WEIGHT };
    case "instanceType":
      return { weight: own(policy.weights, instance.instanceType) ?? policy.defaultWeight };
    case "tag": {
      const value = own(instance.tags, policy.key);
      if (value === undefined) return { weight: policy.defaultWeight };
      const weight = /^\d{1,3}$/.test(value.trim()) ? Number(value) : NaN;
      return weight <= 255 ? { weight } : { weight: policy.defaultWeight, invalid: value };
    }
  }
}

/** A tag or type may be called "constructor". */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
