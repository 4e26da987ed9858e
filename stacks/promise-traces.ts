/**
 * Imported first by the program, for its effect. Pulumi's SDK takes a stack trace for every promise that it makes, so
 * that it can name those that never ended; rendering these traces takes about half of a large preview's time. They are
 * left empty here, unless `PULUMI_DEBUG_PROMISE_LEAKS` asks for them. Errors that say anything keep their traces.
 */
if (process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) {
  const format = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, calls) => {
    // Without a limit they are taken to find the line that made a resource.
    if (error.message === "" && Error.stackTraceLimit !== Infinity) return "";
    return format === undefined ? [String(error), ...calls].join("\n    at ") : (format(error, calls) as unknown);
  };
}
