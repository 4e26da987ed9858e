import { patternFaults } from "../event-pattern";
import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import { within } from "../internal/faults";
import { FORMATS } from "../internal/formats";
import type { EventPipesArgs } from "./args";
import { SCHEMA } from "./args.schema";
import { orderPatterns } from "./filters";

/** Many long texts make a pattern that Pipes refuses. */
const checkTaken: Rule<EventPipesArgs> = (checks, { taken }) => {
  if (!checks.isRight("taken")) return;
  for (const pattern of orderPatterns(taken)) {
    checks.add(within("taken", patternFaults(pattern, { service: "pipes" })));
  }
};

/** All that is wrong with arguments, for programs and stack files. */
export function checkEventPipes(args: EventPipesArgs): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, [checkTaken]);
}
