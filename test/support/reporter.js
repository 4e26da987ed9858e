// mocha's "spec" reporter, which also writes how many tests passed and failed, and the seconds of each file's tests
// (without their hooks), where test/run.ts reads it.
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END, EVENT_TEST_END } = Runner.constants;

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const seconds = {};
    runner.on(EVENT_TEST_END, ({ file, duration }) => {
      if (!file || !duration) return;
      const name = relative(process.cwd(), file);
      seconds[name] = (seconds[name] ?? 0) + duration / 1000;
    });
    runner.once(EVENT_RUN_END, () => {
      const file = process.env.AWS_PATTERNS_COUNTS_FILE;
      const { passes, failures } = runner.stats;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, seconds }));
    });
  }
};
