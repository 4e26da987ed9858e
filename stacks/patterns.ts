/** The patterns that a stack configuration may name: their schema, their checks, and the component they become. */
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ArgumentError } from "../components/internal/argument-errors";
import type { Account } from "./config";
import { costGuardrails } from "./patterns/cost-guardrails";
import { costReport } from "./patterns/cost-report";
import { wavelengthDns } from "./patterns/wavelength-dns";

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

function pattern<Schema extends z.ZodType>(definition: Pattern<Schema>): Pattern {
  // The schema has parsed `args` before `check` and `deploy` see them.
  return definition as unknown as Pattern;
}

export const PATTERNS: Readonly<Record<string, Pattern>> = {
  "cost-guardrails": pattern(costGuardrails),
  "cost-report": pattern(costReport),
  "wavelength-dns": pattern(wavelengthDns),
};
