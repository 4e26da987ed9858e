import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../components/internal/faults";
import type { Format } from "../components/internal/schema";
import type { Account } from "./account";

/** A pattern that a stack configuration may name: its checks, and the component it becomes. */
export interface Pattern<Args = unknown> {
  /** Forms of texts that its arguments name. */
  readonly formats: Readonly<Record<string, Format>>;
  /**
   * What is wrong with arguments, whatever they are, in the account where they are to be deployed; `account` is
   * undefined when the account has faults of its own.
   */
  check(args: Args, account: Account | undefined): readonly Fault[];
  /** Names of the tags that the component gives to its resources by itself. Default: none. */
  readonly ownTags?: readonly string[];
  /** Deploys the component and answers its outputs for the stack. */
  deploy(name: string, args: Args, opts: pulumi.ComponentResourceOptions): Record<string, unknown>;
}
