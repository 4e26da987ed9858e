/** A thousand pictures become thumbnails; ten broken ones are tolerated, more are not, until they are replaced. */
import { CloudWatchClient, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { execa } from "execa";
import { PNG } from "pngjs";
import type { DistributedMapArgs } from "../../../components/distributed-map/distributed-map";
import { ROOT } from "../../local-run";
import { outputOf } from "../account";
import type { PlayedContext } from "../story";
import { expectEqual, expectStatus, Operator, type Run } from "./operator";

const PICTURES = 1000;
const BROKEN = 10;

/** The run that fails: fewer pictures, of which more are broken than the local stack tolerates. */
const FEW = 120;
const TOO_MANY_BROKEN = 24;

/** A picture of one colour, 32 × 24, that differs from the others. */
function picture(n: number): Uint8Array {
  const image = new PNG({ width: 32, height: 24 });
  for (let at = 0; at < image.data.length; at += 4) image.data.set([n % 256, n >> 8, 128, 255], at);
  return PNG.sync.write(image);
}

const nameOf = (run: string, n: number): string => `${run}/${String(n).padStart(4, "0")}.png`;

/** Every `step`th is broken: its end is missing. */
function pictures(run: string, total: number, broken: number): Map<string, Uint8Array> {
  const step = total / broken;
  return new Map(
    Array.from({ length: total }, (_, n) => {
      const whole = picture(n);
      return [`images/${nameOf(run, n)}`, n % step === 0 ? whole.subarray(0, whole.length / 2) : whole];
    }),
  );
}

const countsOf = ({ mapRun }: Run): [succeeded: number | undefined, failed: number | undefined] => [
  mapRun.itemCounts?.succeeded,
  mapRun.itemCounts?.failed,
];

export async function playPictures(context: PlayedContext): Promise<void> {
  const operator = new Operator(context);
  const { item, results } = context.deployment.args as DistributedMapArgs;
  const width = "thumbnails" in item ? item.thumbnails.width : undefined;
  let run: Run | undefined;
  await context.step(`${PICTURES} pictures, ${BROKEN} of them broken, become thumbnails`, async () => {
    await operator.put(pictures("dogs", PICTURES, BROKEN));
    run = await operator.ended(await operator.start());
    expectStatus(run, "SUCCEEDED");
    expectEqual("succeeded and failed", countsOf(run), [PICTURES - BROKEN, BROKEN]);
    return `${PICTURES - BROKEN} succeeded, ${BROKEN} failed within the tolerance`;
  });
  await context.step("Each has its thumbnail, in the same proportions", async () => {
    const keys = await operator.keys(`${results.prefix}/thumbnails/dogs/`);
    expectEqual("thumbnails", keys.length, PICTURES - BROKEN);
    for (const key of keys.filter((_, i) => i % 50 === 0)) {
      const small = PNG.sync.read(Buffer.from(await operator.get(key)));
      expectEqual(key, [small.width, small.height], [width, ((width ?? 0) * 24) / 32]);
    }
    return `${keys.length} thumbnails, ${width} pixels wide`;
  });
  await context.step("The summary says what was made, and what was wrong", async () => {
    if (run === undefined) throw new Error("there was no run");
    const { errors, pictures: made, failed } = await operator.summary(run);
    expectEqual("summary", [made, failed, errors], [PICTURES - BROKEN, BROKEN, { BadPictureError: BROKEN }]);
    return `${made as number} pictures; ${BROKEN} times BadPictureError`;
  });
  await context.step("The results name the broken ones", async () => {
    if (run === undefined) throw new Error("there was no run");
    const failed = await operator.results(run, "FAILED");
    const keys = failed.map(({ Input }) => (JSON.parse(Input) as { Key: string }).Key).sort();
    const wanted = Array.from({ length: BROKEN }, (_, i) => `images/${nameOf("dogs", (i * PICTURES) / BROKEN)}`);
    expectEqual("broken", keys, wanted);
    return keys.slice(0, 3).join(", ");
  });
  await context.step("The command shows how far a run is", () => showProgress(context, run));
  await playRedrive(context, operator);
  await context.step("The dashboard shows the runs and the item's function", async () => {
    const DashboardName = outputOf(context, "dashboardName");
    const { DashboardBody = "" } = await new CloudWatchClient(context.client).send(
      new GetDashboardCommand({ DashboardName }),
    );
    for (const name of [outputOf(context, "stateMachineArn"), outputOf(context, "functionName")]) {
      if (!DashboardBody.includes(name)) throw new Error(`${name} is not on ${DashboardName}`);
    }
    return DashboardName;
  });
}

async function showProgress({ client, endpoint }: PlayedContext, run: Run | undefined): Promise<string> {
  if (run === undefined) throw new Error("there was no run");
  const { accessKeyId, secretAccessKey, sessionToken = "" } = client.credentials;
  const { stdout } = await execa(
    process.execPath,
    ["-r", "./scripts/register.cjs", "handlers/distributed-map/map-progress.ts", run.executionArn],
    {
      cwd: ROOT,
      env: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken !== "" && { AWS_SESSION_TOKEN: sessionToken }),
      },
    },
  );
  const [line = "", status] = stdout.split("\n");
  expectEqual("the last line", status, "SUCCEEDED");
  const wanted = `${PICTURES - BROKEN} succeeded, ${BROKEN} failed, 0 running, 0 pending of ${PICTURES}`;
  if (!line.endsWith(wanted)) throw new Error(`${line} does not end with ${wanted}`);
  return line;
}

/** A run above its tolerance, and what becomes of it. */
async function playRedrive(context: PlayedContext, operator: Operator): Promise<void> {
  const { results } = context.deployment.args as DistributedMapArgs;
  const thumbnails = `${results.prefix}/thumbnails/cats/`;
  let done = new Set<string>();
  let failed: Run | undefined;
  await context.step(`${TOO_MANY_BROKEN} broken ones of ${FEW} are too many: the run fails`, async () => {
    await operator.remove(await operator.keys("images/"));
    await operator.put(pictures("cats", FEW, TOO_MANY_BROKEN));
    failed = await operator.ended(await operator.start());
    expectStatus(failed, "FAILED");
    expectEqual("error", failed.execution.error, "States.ExceedToleratedFailureThreshold");
    const succeeded = await operator.results(failed, "SUCCEEDED");
    done = new Set(succeeded.map(({ Input }) => (JSON.parse(Input) as { Key: string }).Key));
    if (done.size === 0 || done.size >= FEW - TOO_MANY_BROKEN)
      throw new Error(`${done.size} succeeded before it failed`);
    return `${failed.execution.error} after ${done.size} had succeeded`;
  });
  await context.step("The broken ones are replaced, and the run is redriven: it succeeds", async () => {
    if (failed === undefined) throw new Error("there was no run");
    await operator.put(pictures("cats", FEW, Infinity));
    await operator.put(new Map([[`images/${nameOf("cats", 0)}`, picture(0)]]));
    await operator.redrive(failed.executionArn);
    const redriven = await operator.ended(failed.executionArn);
    expectStatus(redriven, "SUCCEEDED");
    expectEqual("succeeded and failed", countsOf(redriven), [FEW, 0]);
    return `${FEW} of ${FEW}, redriven ${redriven.execution.redriveCount} time`;
  });
  await context.step("Only what had not succeeded ran again", async () => {
    const versions = await operator.versions(thumbnails);
    expectEqual("thumbnails", versions.size, FEW);
    const again = [...done].filter((key) => versions.get(key.replace("images/cats/", thumbnails)) !== 1);
    expectEqual("written again though they had succeeded", again, []);
    return `${done.size} thumbnails have one version still; ${FEW - done.size} were made by the redrive`;
  });
}
