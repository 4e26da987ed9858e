/** Checks of state machine definitions before anything is deployed. */
import { Output } from "@pulumi/pulumi";
import { createRequire } from "node:module";
import type { StateMachineDefinition } from "../building-blocks/state-language";
import type { ArgumentChecks } from "./argument-checks";
import type * as asl from "./asl";
import { isLater } from "./schema-check";

/** Loaded with the first state machine: most programs have none, and it takes as long as a tenth of the library. */
const load = createRequire(__filename);

/** In place of what is known later only. */
const LATER = "later";

/** The definition with a text in place of each value that is not known yet. */
function known(value: unknown): unknown {
  if (isLater(value)) return LATER;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, known(item)]));
}

/** `/States/A/Next` → `.States.A.Next`. */
function pathOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => `.${part.replaceAll("~1", "/").replaceAll("~0", "~")}`)
    .join("");
}

function valueAt(definition: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], definition);
}

function errorsOf(definition: object): ReturnType<typeof asl.validate>["errors"] {
  const { validate } = load("./asl") as typeof asl;
  // As Step Functions gets it, and a copy, since the library adds to what it checks.
  return validate(JSON.parse(JSON.stringify(definition)) as object, { checkPaths: true, checkArn: false }).errors;
}

/**
 * Notes what Step Functions would refuse of a definition: states, transitions, paths and expressions, in JSONPath and
 * JSONata. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
export function checkDefinition(checks: ArgumentChecks, path: string, definition: StateMachineDefinition): void {
  const whole = known(definition) as object;
  const errors = errorsOf(whole);
  // An alternative that did not fit is said beside those within it.
  const precise = errors.filter(({ schemaError }) => schemaError?.keyword !== "oneOf");
  const faults = (precise.length > 0 ? precise : errors).map(({ Message, schemaError }) => {
    const pointer = schemaError?.instancePath ?? "";
    return {
      path: `${path}${pathOf(pointer)}`,
      received: valueAt(whole, pointer),
      allowed: schemaError?.message ?? "a definition in Amazon States Language",
      fix: `Correct it: ${Message}.`,
    };
  });
  checks.add(faults);
}

/** The definition as Step Functions takes it. */
export function definitionText(definition: StateMachineDefinition): Output<string> {
  return Output.create(definition).apply((resolved) => JSON.stringify(resolved));
}
