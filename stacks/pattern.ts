import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ArgumentError } from "../components/internal/argument-errors";
import type { Account } from "./account";

/** A pattern that a stack configuration may name: its schema, its checks, and the component it becomes. */
export interface Pattern<Schema extends z.ZodType = z.ZodType> {
  /** Shape of `args`; what it means is checked by `check`. */
  readonly schema: Schema;
  /**
   * What is wrong with arguments of the right shape, in the account where they are to be deployed; `account` is
   * undefined when the account has faults of its own.
   */
  check(args: z.infer<Schema>, account: Account | undefined): readonly ArgumentError[];
  /** Names of the tags that the component gives to its resources by itself. Default: none. */
  readonly ownTags?: readonly string[];
  /** Deploys the component and answers its outputs for the stack. */
  deploy(name: string, args: z.infer<Schema>, opts: pulumi.ComponentResourceOptions): Record<string, unknown>;
}
