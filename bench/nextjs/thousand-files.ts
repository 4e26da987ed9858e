/** 1,000 public files: one archive and the function that unpacks it, beside a resource for each file. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OpMap } from "@pulumi/pulumi/automation";
import { contentType } from "mime-types";
import { SiteAssets } from "../../components/nextjs-site/assets";
import { type Entry, entriesBelow } from "../../components/nextjs-site/entries";
import type { LocalRun } from "../../local/local-run";
import type { Figures, Progress } from "../support/benchmark";
import { rounded } from "../support/statistics";
import { stackOf } from "./program";

const FILES = 1000;
const BYTES = 4096;
const file = (n: number): string => `file-${n}.bin`;

function makeFiles(folder: string): void {
  mkdirSync(folder);
  for (let n = 1; n <= FILES; n++) writeFileSync(join(folder, file(n)), randomBytes(BYTES));
}

type Files = ReadonlyMap<string, Entry>;

/** As the component has it. */
function oneArchive(files: Files): void {
  const build = { basePath: "", files, patterns: [], server: new Map<string, Entry>(), serverFolder: "" };
  new SiteAssets("site", { build, keepReplacedDays: 7 });
}

function resourceForEach(files: Files): void {
  const { bucket } = new aws.s3.Bucket("site", { forceDestroy: true });
  for (const [key, entry] of files) {
    new aws.s3.BucketObjectv2(key, {
      bucket,
      key: `site/${key}`,
      source: new pulumi.asset.FileAsset(entry.file),
      contentType: contentType(key) || "application/octet-stream",
      cacheControl: "public, max-age=0, must-revalidate",
    });
  }
}

const total = (changes: OpMap = {}): number => Object.values(changes).reduce((sum, count) => sum + count, 0);

async function deployments(run: LocalRun, folder: string, name: string, program: (files: Files) => void) {
  makeFiles(folder);
  const stack = await stackOf(run, name, async () => {
    program(entriesBelow(folder, folder));
    return Promise.resolve();
  });
  const figures: Record<string, number> = {};
  const timed = async (figure: string, operate: () => Promise<OpMap | undefined>): Promise<OpMap> => {
    const began = performance.now();
    const changes = (await operate()) ?? {};
    figures[`${figure}Seconds`] = rounded((performance.now() - began) / 1000);
    return changes;
  };
  const preview = async () => (await stack.preview({ signal: run.signal })).changeSummary;
  const up = async () => (await stack.up({ signal: run.signal })).summary.resourceChanges;
  await timed("firstPreview", preview);
  figures.resources = total(await timed("firstUp", up));
  await timed("unchangedPreview", preview);
  const { same = 0, ...others } = await timed("unchangedUp", up);
  if (same !== figures.resources) throw new Error(`${name} is not unchanged: ${JSON.stringify(others)}`);
  writeFileSync(join(folder, file(1)), randomBytes(BYTES));
  await timed("oneChangedUp", up);
  return figures;
}

/** @param folder an empty one */
export async function thousandFiles(
  run: LocalRun,
  folder: string,
  progress: Progress,
): Promise<{ ours: Figures; resourceForEach: Figures }> {
  progress(`${FILES} files in one archive`);
  const ours = await deployments(run, join(folder, "archive"), "archive", oneArchive);
  progress(`${FILES} files as ${FILES} resources`);
  return { ours, resourceForEach: await deployments(run, join(folder, "objects"), "objects", resourceForEach) };
}
