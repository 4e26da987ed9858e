/**
 * The archive and the cold start of the wavelength-dns reconcile function beside Pulumi's CallbackFunction and CDK's
 * NodejsFunction. All three package the same handler with their defaults; cold starts are fresh Node.js processes.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract, type Files, sizesOf } from "./package/archive";
import { callbackFunctionFiles } from "./package/callback-function";
import { coldStarts, type Package } from "./package/cold-starts";
import { nodejsFunctionFiles } from "./package/nodejs-function";
import { ourFiles } from "./package/ours";
import { atMost, type BenchResult, type Figures, type Progress } from "./support/benchmark";
import { rounded } from "./support/statistics";

const OURS = "CallbackLambda";
const PULUMI = "CallbackFunction";
const PULUMI_AS_IS = "CallbackFunction, all dependencies of this program";
const CDK = "NodejsFunction";

/** 300 KB: well within what Lambda shows in its console, and a fraction of a second to upload. */
const ARCHIVE_LIMIT = 300_000;

interface Candidate extends Omit<Package, "folder"> {
  readonly files: Files;
}

async function packageAll(folder: string, progress: Progress): Promise<Candidate[]> {
  progress("packaging with CallbackLambda");
  const ours = { name: OURS, entry: "index.js", files: await ourFiles() };
  progress("packaging with CallbackFunction");
  const pulumi = {
    name: PULUMI,
    entry: "__index.js",
    lazy: "handlers/wavelength-dns/handler.js",
    files: await callbackFunctionFiles(join(folder, "handler-program"), "handler"),
  };
  progress("packaging with NodejsFunction");
  const cdk = { name: CDK, entry: "index.js", files: await nodejsFunctionFiles(join(folder, "cdk.out"), progress) };
  return [ours, pulumi, cdk];
}

async function measure(folder: string, progress: Progress): Promise<Record<string, Figures>> {
  const candidates = await packageAll(folder, progress);
  const packages: Package[] = [];
  for (const { files, ...candidate } of candidates) {
    const extracted = join(folder, "extracted", candidate.name);
    await extract(files, extracted);
    packages.push({ ...candidate, folder: extracted });
  }
  const starts = await coldStarts(packages, folder, progress);
  const figures = candidates.map(({ name, files }) => [name, { ...sizesOf(files), ...starts[name] }] as const);
  // It loads the same files as the smaller one, so that its cold start would tell nothing more.
  const asIs = sizesOf(await callbackFunctionFiles(join(folder, "program"), "program"));
  return { ...Object.fromEntries(figures), [PULUMI_AS_IS]: asIs };
}

export async function run(progress: Progress): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "aws-patterns-bench-"));
  try {
    const { [OURS]: ours = {}, ...peers } = await measure(folder, progress);
    const ratio = Object.fromEntries(
      Object.entries(peers).flatMap(([peer, figures]) =>
        Object.entries(figures).map(([figure, value]) => [
          `${figure} / ${peer}`,
          rounded((ours[figure] ?? NaN) / value),
        ]),
      ),
    );
    return { ours, peers, ratio, goals: goalsOf(ours, ratio), notes: NOTES };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function goalsOf(ours: Figures, ratio: Figures) {
  return [
    atMost("bytes of the archive", ours.zippedBytes ?? NaN, ARCHIVE_LIMIT),
    atMost(`archive beside ${PULUMI_AS_IS}`, ratio[`zippedBytes / ${PULUMI_AS_IS}`] ?? NaN, 0.01),
    atMost(`cold start beside ${PULUMI}`, ratio[`initMs / ${PULUMI}`] ?? NaN, 0.5),
  ];
}

const NOTES = [
  `By default ${PULUMI} ships all that the program depends on: the last column, which the archive's goal goes by. In`,
  `the other it is asked to ship only the packages that the handler imports, so that the rest is compared fairly.`,
  "initMs is the function and its handler loaded, which CallbackFunction leaves to the first invocation.",
  "NodejsFunction leaves out the SDK, which Lambda's runtime brings along: a smaller archive, the SDK version of the",
  "day, and more files to load at a cold start. That SDK is loaded from node_modules here, as CallbackFunction's is.",
];
