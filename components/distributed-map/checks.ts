/** What arguments of DistributedMap have to keep besides their declaration. */
import { ArgumentChecks, type Rule } from "../internal/argument-checks";
import { checkPolicies } from "../internal/policy";
import { checkDefinition } from "../internal/state-definition";
import type { DistributedMapArgs, KeyFromInput, MapItem, MapSource, SourceObject } from "./args";
import { DEFAULTS, SCHEMA } from "./args.schema";
import { FORMATS } from "./formats";

/** Lambda's quota of concurrent executions of an account and region, as it is before anybody asks for more. */
const LAMBDA_QUOTA = 1000;

/** Seconds that an Express child may take. */
const EXPRESS_SECONDS = 300;

/** Where the key is in what S3 tells EventBridge. */
export const UPLOADED_KEY = "$.detail.object.key";

/** All that is wrong with arguments, for programs and stack files. */
export function checkDistributedMap(
  args: DistributedMapArgs,
  ...more: readonly Rule<DistributedMapArgs>[]
): ArgumentChecks {
  const rules = [
    checkConcurrency,
    checkTimeout,
    checkTask,
    checkBatch,
    checkSource,
    checkKey,
    checkUpload,
    checkResults,
    ...more,
  ];
  return new ArgumentChecks().declared({ schema: SCHEMA, formats: FORMATS }, args, rules);
}

/** The object that the items are in; undefined for a list of objects. */
export function objectOf(source: MapSource): SourceObject | undefined {
  if ("objects" in source) return undefined;
  if ("csv" in source) return source.csv;
  if ("json" in source) return source.json;
  return "jsonLines" in source ? source.jsonLines : source.inventory;
}

export function isFromInput(key: SourceObject["key"] | undefined): key is KeyFromInput {
  return typeof key === "object" && "path" in key;
}

/** What is reserved for the item's function; undefined where that is nothing. */
function reserved(item: MapItem): number | undefined {
  if ("lambda" in item) return item.lambda.reservedConcurrency;
  if ("function" in item) return item.function.reservedConcurrency;
  if ("thumbnails" in item) return item.thumbnails.reservedConcurrency;
  return "hottestDay" in item ? item.hottestDay.reservedConcurrency : undefined;
}

const checkConcurrency: Rule<DistributedMapArgs> = (checks, { item, maxConcurrency }) => {
  if ("task" in item) return;
  const own = reserved(item);
  const limit = own ?? LAMBDA_QUOTA;
  const wanted = maxConcurrency ?? DEFAULTS.DistributedMapArgs.maxConcurrency;
  const quota = `Lambda's quota of ${LAMBDA_QUOTA} concurrent executions for an account and region`;
  checks.require(wanted < limit, {
    path: "maxConcurrency",
    received: wanted,
    allowed: `less than ${own === undefined ? quota : `the item function's reserved concurrency of ${own}`}`,
    fix:
      `Lower maxConcurrency, or raise the function's reservedConcurrency: what is reserved comes out of ${quota}, ` +
      "which AWS raises when asked (Service Quotas, L-B99A9384).",
  });
};

const checkTimeout: Rule<DistributedMapArgs> = (checks, { item, children = DEFAULTS.DistributedMapArgs.children }) => {
  if (!("lambda" in item) || children === "STANDARD") return;
  const { timeoutSeconds = 0 } = item.lambda;
  checks.require(timeoutSeconds <= EXPRESS_SECONDS, {
    path: "item.lambda.timeoutSeconds",
    received: timeoutSeconds,
    allowed: `at most ${EXPRESS_SECONDS} for Express children, which end then`,
    fix: 'Lower it, or set children to "STANDARD".',
  });
};

const checkTask: Rule<DistributedMapArgs> = (checks, { item, retries }) => {
  if (!("task" in item)) return;
  checkPolicies(checks, "item.task.policies", item.task.policies);
  const own = new ArgumentChecks();
  checkDefinition(own, "", { StartAt: "Item", States: { Item: item.task.state } });
  checks.add(
    own.found().map((fault) => ({ ...fault, path: fault.path.replace(/^(\.States\.Item)?/, "item.task.state") })),
  );
  checks.require(retries === undefined, {
    path: "retries",
    received: retries,
    allowed: "nothing for a task",
    fix: "Write them as Retry of item.task.state: they depend on the service's errors.",
  });
};

const checkBatch: Rule<DistributedMapArgs> = (checks, { batch }) => {
  checks.require(batch === undefined || batch.items !== undefined || batch.bytes !== undefined, {
    path: "batch",
    received: batch,
    allowed: "a map with items, bytes or both",
    fix: "Say how large a batch may be.",
  });
};

/** What ready-made items can read. */
const checkSource: Rule<DistributedMapArgs> = (checks, { source, item }) => {
  const kind = Object.keys(source).join();
  const right = "thumbnails" in item ? ["objects"] : "hottestDay" in item ? ["csv", "jsonLines"] : [kind];
  checks.require(right.includes(kind), {
    path: "source",
    received: kind,
    allowed: `${right.join(" or ")} for the item ${Object.keys(item).join()}`,
    fix: "Give another source, or another item.",
  });
};

const checkKey: Rule<DistributedMapArgs> = (checks, { source, schedule }) => {
  if (!isFromInput(objectOf(source)?.key) || schedule === undefined) return;
  checks.require(schedule.input !== undefined, {
    path: "schedule.input",
    received: schedule.input,
    allowed: "the input in which the source's key is",
    fix: "Add it, or give the source a key of its own.",
  });
};

const checkUpload: Rule<DistributedMapArgs> = (checks, { source, onUpload }) => {
  const key = objectOf(source)?.key;
  if (onUpload === undefined || !isFromInput(key)) return;
  const path = `source.${Object.keys(source).join()}.key`;
  checks.require(key.path === UPLOADED_KEY, {
    path: `${path}.path`,
    received: key.path,
    allowed: `${UPLOADED_KEY} for uploads: the input is S3's event`,
    fix: "Write it so.",
  });
  checks.require(onUpload.prefix.startsWith(key.prefix), {
    path: "onUpload.prefix",
    received: onUpload.prefix,
    allowed: `what begins with ${key.prefix}, as keys that may be read do`,
    fix: `Narrow it, or widen ${path}.prefix.`,
  });
};

/** What is written must not be read by the next run, or even start it. */
const checkResults: Rule<DistributedMapArgs> = (checks, { source, results, onUpload }) => {
  const { bucket } = "objects" in source ? source.objects : (objectOf(source) ?? {});
  if (bucket !== results.bucket) return;
  const folder = `${results.prefix}/`;
  const read = "objects" in source ? source.objects.prefix : undefined;
  for (const [place, prefix] of [["source.objects.prefix", read] as const, ["onUpload.prefix", onUpload?.prefix]]) {
    checks.require(prefix === undefined || !folder.startsWith(prefix), {
      path: "results.prefix",
      received: results.prefix,
      allowed: `a folder outside ${place}, ${prefix}`,
      fix: "Give another folder, or another bucket: results would become items, or start runs.",
    });
  }
};
