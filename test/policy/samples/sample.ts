/** What a rule is tried on. */
import type { RuleSettings, Subject } from "../../../policy/rule";
import type { Known, Values } from "../../../policy/values";
import { subject } from "../subjects";

export interface Sample {
  readonly subject: Subject;
  /** What else is in the stack. */
  readonly others?: readonly Subject[];
  readonly settings?: Partial<RuleSettings>;
}

export interface Failing extends Sample {
  /** What is to be found; more than one where a resource is wrong in several places. */
  readonly found: readonly { readonly property: string; readonly value: Known }[];
}

export interface RuleSamples {
  readonly passes: readonly Sample[];
  readonly fails: readonly Failing[];
}

/** One property that is wrong. */
export function wrong(type: string, props: Values, property: string, value: Known): Failing {
  return { subject: subject(type, props), found: [{ property, value }] };
}

export function right(type: string, props: Values): Sample {
  return { subject: subject(type, props) };
}
