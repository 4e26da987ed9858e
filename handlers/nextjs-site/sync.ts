/**
 * Brings a build's public files into the site's bucket. Deployments invoke it twice: before the build's server runs
 * (`put`), so that its files are there, and after (`finish`), when those of the former build may go.
 *
 * Whatever is stopped, and wherever: the files of the build that runs are there and not marked as replaced, and what is
 * done again ends the same. One runs at a time: others are refused.
 */
import type { Context } from "aws-lambda";
import { unzipSync } from "fflate";
import { contentType } from "mime-types";
import * as z from "zod";
import { forEachLimited } from "../shared/batches";
import { faultsOf } from "../shared/faults";
import { callWithin } from "../shared/invocation";
import { logged } from "../shared/logged";
import type { Call } from "../shared/retry";
import { type About, md5, productionDeps, type SyncDeps } from "./clients";
import { alone } from "./lock";
import { EMPTY, type Manifest, pathsOf, planFinish, planPut } from "./plan";

export interface SyncSettings {
  readonly bucket: string;
  /** What the keys of public files begin with. */
  readonly prefix: string;
  /** Key of the manifest, outside of the prefix. */
  readonly manifestKey: string;
  /** Key of what says which invocation has the bucket, outside of the prefix. */
  readonly lockKey: string;
}

const common = { archive: z.string().min(1), hashedPath: z.string().min(1) };
const Request = z.discriminatedUnion("step", [
  z.object({ step: z.literal("put"), ...common }),
  z.object({ step: z.literal("finish"), ...common, distributionId: z.string().min(1) }),
]);
export type SyncRequest = z.infer<typeof Request>;

const ManifestText = z.object({ current: z.array(z.string()), touched: z.array(z.string()) });

/** The event is none that a deployment sends. */
export class BadSyncRequestError extends Error {
  override readonly name = "BadSyncRequestError";
}

/** Calls of S3 at the same time. */
const AT_ONCE = 24;
const MARGIN_MS = 5000;

/** `run` differs each time, so that what comes after a `put` is done again when that was. */
export interface SyncAnswer {
  readonly step: SyncRequest["step"];
  readonly changed: number;
  readonly run: string;
}

export function makeSync(settings: SyncSettings, deps: SyncDeps = productionDeps(settings.bucket)) {
  return (event: unknown, context: Context): Promise<SyncAnswer> =>
    logged(deps, "The site's files are not all in place", async () => {
      const { success, data, error } = Request.safeParse(event);
      if (!success) throw new BadSyncRequestError(faultsOf(error, "the event"));
      const call = callWithin(deps, context, MARGIN_MS);
      const sync = new Sync(settings, data, deps, call);
      const changed = await alone(deps, settings.lockKey, context, call, () =>
        data.step === "put" ? sync.put() : sync.finish(data.distributionId),
      );
      deps.telemetry.info("Done", { step: data.step, changed });
      return { step: data.step, changed, run: context.awsRequestId };
    });
}

class Sync {
  constructor(
    private readonly settings: SyncSettings,
    private readonly request: SyncRequest,
    private readonly deps: SyncDeps,
    private readonly call: Call,
  ) {}

  async put(): Promise<number> {
    const files = await this.files();
    const wanted = new Map([...files].map(([key, bytes]) => [key, md5(bytes)]));
    const stored = await this.call("listing the bucket", () => this.deps.store.list(this.settings.prefix));
    const manifest = await this.manifest();
    const plan = planPut(wanted, stored, manifest, this.isHashed);
    if (plan.manifest.touched.length > manifest.touched.length) await this.write(plan.manifest);
    await this.each("putting", plan.put, (key) =>
      this.deps.store.put(key, files.get(key) ?? new Uint8Array(), this.about(key)),
    );
    return plan.put.length;
  }

  async finish(distributionId: string): Promise<number> {
    const wanted = new Set((await this.files()).keys());
    const stored = await this.call("listing the bucket", () => this.deps.store.list(this.settings.prefix));
    const plan = planFinish(wanted, new Set(stored.keys()), await this.manifest(), this.isHashed);
    await this.write(plan.manifest);
    const mark = [...plan.mark];
    await this.each("reading tags of", plan.ask, async (key) => {
      if (!(await this.deps.store.isMarked(key))) mark.push(key);
    });
    await this.each("removing", plan.remove, (key) => this.deps.store.remove(key));
    await this.each("marking", mark, (key) => this.deps.store.mark(key, this.about(key)));
    const paths = pathsOf(plan.manifest.touched, this.settings.prefix);
    if (paths.length > 0) {
      await this.call("invalidating", () => this.deps.edge.invalidate(distributionId, paths));
      await this.write({ ...plan.manifest, touched: [] });
    }
    return plan.remove.length + mark.length;
  }

  private readonly isHashed = (key: string): boolean =>
    key.startsWith(`${this.settings.prefix}${this.request.hashedPath}`);

  private about(key: string): About {
    const type = contentType(key.slice(key.lastIndexOf("/") + 1)) || "application/octet-stream";
    return { contentType: type, cacheControl: this.isHashed(key) ? HASHED : NAMED };
  }

  private async files(): Promise<Map<string, Uint8Array>> {
    const archive = await this.call("reading the archive", () => this.deps.store.read(this.request.archive));
    if (archive === undefined) throw new BadSyncRequestError(`archive: there is no ${this.request.archive}`);
    return new Map(Object.entries(unzipSync(archive)).map(([path, bytes]) => [this.settings.prefix + path, bytes]));
  }

  private async manifest(): Promise<Manifest> {
    const text = await this.call("reading the manifest", () => this.deps.store.read(this.settings.manifestKey));
    return text === undefined ? EMPTY : ManifestText.parse(JSON.parse(Buffer.from(text).toString()));
  }

  private async write(manifest: Manifest): Promise<void> {
    const about = { contentType: "application/json", cacheControl: "no-store" };
    const bytes = Buffer.from(JSON.stringify(manifest));
    await this.call("writing the manifest", () => this.deps.store.put(this.settings.manifestKey, bytes, about));
  }

  private each(doing: string, keys: readonly string[], work: (key: string) => Promise<void>): Promise<void> {
    return forEachLimited(keys, AT_ONCE, (key) => this.call(`${doing} ${key}`, () => work(key)));
  }
}

/** A hashed file never changes. */
const HASHED = "public, max-age=31536000, immutable";
/** Browsers ask each time; the edge keeps it until it is invalidated. */
const NAMED = "public, max-age=0, s-maxage=31536000, must-revalidate";
