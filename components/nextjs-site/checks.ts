import { ArgumentChecks } from "../internal/argument-checks";
import { checkPolicies } from "../internal/policy";
import type { NextjsSiteArgs } from "./args";
import { SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";

/** All that is wrong with arguments, for programs and stack files; what is wrong with a build, its reader finds. */
export function checkNextjsSite(args: NextjsSiteArgs): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, [
    (checks, { policies = [] }) => checkPolicies(checks, "policies", policies),
  ]);
}
