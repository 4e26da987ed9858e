import { ArgumentChecks } from "../internal/argument-checks";
import { FORMATS } from "../internal/formats";
import type { NextjsSiteArgs } from "./args";
import { SCHEMA } from "./args.schema";

/** All that is wrong with arguments, for programs and stack files. */
export function checkNextjsSite(args: NextjsSiteArgs): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, []);
}
