/**
 * The sample site of pattern nextjs-site: archives and cold starts beside OpenNext's build of the same application, what
 * of a page view reaches the server, and what 1,000 public files take to deploy beside a resource for each.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLocalRun } from "../local/local-run";
import { ensureToolchain } from "../local/toolchain";
import { extractOurs, filesIn, openNextFunctions, ourServer, PEER } from "./nextjs/builds";
import { environment, startOpenNext, startOurs, type Times } from "./nextjs/environment";
import { pageViews } from "./nextjs/page-view";
import { thousandFiles } from "./nextjs/thousand-files";
import { type Files, sizesOf } from "./package/archive";
import { atMost, type BenchResult, type Figures, type Progress } from "./support/benchmark";
import { median, rounded } from "./support/statistics";

const ROUNDS = 15;
const BARE = "everything from the server";
const OBJECTS = "a resource for each file";

const IMAGE_OPTIMISER = /(^|\/)node_modules\/(sharp|@img)\//;

interface Archives {
  /** The server's files without the image optimiser. */
  readonly bare: Files;
  /** All that Lambda gets. */
  readonly whole: Files;
}

function archiveFigures({ bare, whole }: Archives): Figures {
  const sizes = Object.entries({ withoutOptimiser: bare, withOptimiser: whole });
  return Object.fromEntries(
    sizes.flatMap(([name, files]) => {
      const { zippedBytes, unzippedBytes } = sizesOf(files);
      return [[`${name}ZippedBytes`, zippedBytes] as const, [`${name}UnzippedBytes`, unzippedBytes] as const];
    }),
  );
}

function timeFigures(times: readonly Times[]): Figures {
  const middle = (of: (each: Times) => number): number => rounded(median(times.map(of)));
  return {
    initMs: middle(({ initMs }) => initMs),
    firstAnswerMs: middle(({ firstAnswerMs }) => firstAnswerMs),
    warmAnswerMs: middle(({ warmAnswerMs }) => warmAnswerMs),
  };
}

/** The Node.js of the function's runtime. */
async function nodeOfLambda(progress: Progress): Promise<string> {
  const variables = { ...process.env, AWS_PATTERNS_LAMBDA_NODE: "24" };
  const onProgress = (step: string, detail = ""): void => progress(`${step} ${detail}`.trimEnd());
  const { lambdaNode = process.execPath } = await ensureToolchain({ variables, onProgress });
  return lambdaNode;
}

/** The servers take turns, so that what else the machine does falls on both. */
async function coldStarts(ours: string, theirs: string, progress: Progress): Promise<{ ours: Figures; peer: Figures }> {
  const node = await nodeOfLambda(progress);
  const [own, other]: [Times[], Times[]] = [[], []];
  // The first round only brings the files into the disk's cache.
  for (let round = 0; round <= ROUNDS; round++) {
    if (round % 5 === 0) progress(`cold starts: ${round} of ${ROUNDS} each`);
    const [one, two] = [await environment(startOurs, ours, node), await environment(startOpenNext, theirs, node)];
    if (round === 0) continue;
    own.push(one);
    other.push(two);
  }
  return { ours: timeFigures(own), peer: timeFigures(other) };
}

async function besideOpenNext(folder: string, progress: Progress): Promise<{ ours: Figures; peer: Figures }> {
  const own = await ourServer();
  await extractOurs(own, join(folder, "ours"));
  const functions = await openNextFunctions(join(folder, "application"), progress);
  const [server, optimiser] = [await filesIn(functions.server), await filesIn(functions.imageOptimiser)];
  const times = await coldStarts(join(folder, "ours"), functions.server, progress);
  const bare = new Map([...own].filter(([path]) => !IMAGE_OPTIMISER.test(path)));
  // They are two functions: no file of one is in the place of one of the other.
  const whole = new Map([...server, ...[...optimiser].map(([path, bytes]) => [`optimiser/${path}`, bytes] as const)]);
  return {
    ours: {
      ...archiveFigures({ bare, whole: own }),
      ...times.ours,
    },
    peer: { ...archiveFigures({ bare: server, whole }), ...times.peer },
  };
}

export async function run(progress: Progress): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "aws-patterns-bench-"));
  try {
    const builds = await besideOpenNext(folder, progress);
    const [views, files] = await withLocalRun(async (run) => {
      progress("page views");
      const seen = await pageViews(run, join(folder, "page-view"));
      return [seen, await thousandFiles(run, folder, progress)] as const;
    });
    return summarise(
      { ...builds.ours, ...views.ours, ...files.ours },
      { [PEER]: builds.peer, [BARE]: views.withoutBehaviours, [OBJECTS]: files.resourceForEach },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those of which there should be few. */
const RATED = /Bytes$|Ms$|Seconds$|^serverRequests|^resources$/;

function summarise(ours: Figures, peers: Readonly<Record<string, Figures>>): BenchResult {
  const ratio = Object.fromEntries(
    Object.entries(peers).flatMap(([peer, figures]) =>
      Object.entries(figures)
        .filter(([figure]) => RATED.test(figure))
        .map(([figure, value]) => [`${figure} / ${peer}`, rounded((ours[figure] ?? NaN) / value)]),
    ),
  );
  const goals = GOALS.map(([name, figure, peer]) => atMost(name, ratio[`${figure} / ${peer}`] ?? NaN, 1));
  return { ours, peers, ratio, goals, notes: NOTES };
}

const GOALS = [
  [`server without image optimiser beside ${PEER}`, "withoutOptimiserZippedBytes", PEER],
  [`server and image optimiser beside ${PEER}`, "withOptimiserZippedBytes", PEER],
  [`first answer beside ${PEER}`, "firstAnswerMs", PEER],
  [`warm answer beside ${PEER}`, "warmAnswerMs", PEER],
  [`requests that reach the server beside ${BARE}`, "serverRequestsColdEdge", BARE],
  [`first deployment of 1,000 files beside ${OBJECTS}`, "firstUpSeconds", OBJECTS],
] as const;

const NOTES = [
  `withOptimiser is all that Lambda gets. Our server has the image optimiser in it; ${PEER} makes a function of its own`,
  "of it. withoutOptimiser is what both servers are besides. firstAnswerMs is from the start of the process to the first answer",
  "of a page that is rendered for each request: of run.sh, with an adapter in the benchmark's process, and of the peer's",
  "handler, both in Lambda's Node.js 24 with 1,024 MB. Loading the archive, which takes place in Lambda alone, is not in it.",
  "warmAnswerMs is the median of 100 answers. Page views: the home page with 30 files, right after a deployment and then by",
  "somebody else, with the invocations that the local cloud's Lambda has logged. The local cloud is nearer than AWS, and does",
  "not throttle.",
];
