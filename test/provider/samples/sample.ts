/** One resource of each type, as the table-driven suite takes it through its life. */
import type { Values } from "../../../local/provider/property-values";

/** In its texts, `{queue.arn}` is an output of another resource, which is made first, and `{queue 2.arn}` a second one's. */
export interface Sample {
  readonly inputs: Values;
  /** What is special about it, where a type has several. */
  readonly variant?: string;
  /** What has to be there without being named, as in its texts. */
  readonly beside?: string;
  /** Updates, one after the other; those of one object a property at a time. Every property that can be updated is there. */
  readonly changes?: Values | readonly Values[];
  /** What an import gives, where it is not the id; `{id}` in it is the id. */
  readonly importId?: string;
  /** Properties that AWS does not answer, so that an import lacks them. */
  readonly notRead?: readonly string[];
  /** For what AWS has in any case, so that a deletion only sets it back. */
  readonly remains?: true;
  /** Input property whose text must be nowhere else in the state. */
  readonly secret?: string;
}

/** By token. */
export type Samples = Readonly<Record<string, Sample | readonly Sample[]>>;
