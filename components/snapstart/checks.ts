import { ArgumentChecks } from "../internal/argument-checks";
import { FORMATS } from "../internal/formats";
import type { SnapstartArgs } from "./args";
import { SCHEMA } from "./args.schema";

/** All that is wrong with arguments, for programs and stack files. */
export function checkSnapstart(args: SnapstartArgs): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, []);
}
