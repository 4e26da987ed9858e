import { ArgumentChecks } from "../internal/argument-checks";
import { FORMATS } from "../internal/formats";
import type { WidgetApiArgs } from "./args";
import { SCHEMA } from "./args.schema";

/** All that is wrong with arguments, for programs and stack files. */
export function checkWidgetApi(args: WidgetApiArgs): ArgumentChecks {
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, []);
}
