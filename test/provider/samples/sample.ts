/** One resource of each type, as the table-driven suite takes it through its life. */
import type { Values } from "../../../local/provider/property-values";
import type { Managed } from "../support";

/** Makes what a sample needs beside itself; it is deleted after the sample, last first. */
export type Make = (token: string, inputs: Values) => Promise<Managed>;

export interface Program {
  readonly inputs: Values;
  /** Changes, one update each. Every property that can be updated is in one of them. */
  readonly changes?: readonly Values[];
  /** What an import gives, where it is not the id. */
  readonly importId?: string | ((id: string) => string);
  /** Properties that AWS does not answer, so that an import lacks them. */
  readonly notRead?: readonly string[];
  /** For what AWS has in any case, so that a deletion only sets it back. */
  readonly remains?: true;
  /** Input property whose text must be nowhere else in the state. */
  readonly secret?: string;
}

export interface Sample {
  readonly token: string;
  /** What is special about it, where a type has several. */
  readonly variant?: string;
  readonly program: (make: Make) => Program | Promise<Program>;
}
