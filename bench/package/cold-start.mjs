// Loads a function as Lambda does when a new environment starts, then invokes it once:
// node cold-start.mjs FOLDER ENTRY EVENT [MODULE]. Prints how long that took, in milliseconds.
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, entry, event, lazy] = process.argv.slice(2);
const require = createRequire(join(folder, "task.js"));
const endsAt = Date.now() + 60_000;
const context = {
  awsRequestId: "00000000-0000-0000-0000-000000000000",
  functionName: "reconcile",
  getRemainingTimeInMillis: () => endsAt - Date.now(),
};
const parsed = JSON.parse(event);

const start = performance.now();
const { handler } = require(join(folder, entry));
const entryLoaded = performance.now();
// What a callback imports by itself at its first invocation: the function is not ready before.
if (lazy !== undefined) require(join(folder, lazy));
const loaded = performance.now();
const answer = await handler(parsed, context);
const answered = performance.now();

console.log(
  JSON.stringify({
    entryMs: entryLoaded - start,
    initMs: loaded - start,
    firstAnswerMs: answered - start,
    failures: answer.batchItemFailures.length,
  }),
);
