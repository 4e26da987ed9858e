/** A bucket, an edge that keeps what it has read, and builds of a site. */
import { createHash } from "node:crypto";
import type { Context } from "aws-lambda";
import { zipSync } from "fflate";
import type { About, SyncDeps } from "../../../../handlers/nextjs-site/clients";
import { makeSync } from "../../../../handlers/nextjs-site/sync";

export const PREFIX = "site/";
export const SETTINGS = {
  bucket: "bucket",
  prefix: PREFIX,
  manifestKey: "deploy/manifest.json",
  lockKey: "deploy/lock.json",
};

export type Build = Readonly<Record<string, string>>;

export const isHashed = (path: string): boolean => path.startsWith("_next/static/");

interface Stored {
  readonly bytes: Uint8Array;
  readonly about: About;
  marked: boolean;
}

const NONE = { contentType: "", cacheControl: "" };

export class KilledError extends Error {}

export class Site {
  readonly objects = new Map<string, Stored>();
  /** Contents by path, as the edge keeps them. */
  readonly edge = new Map<string, string>();
  readonly calls: string[] = [];
  /** How many more calls are made before the function is killed. */
  callsLeft = Infinity;
  now = 0;
  /** Called after each change. */
  onCall: () => void = () => undefined;

  private async done<T>(name: string, effect: () => T): Promise<T> {
    if (this.callsLeft <= 0) throw new KilledError("killed");
    this.callsLeft -= 1;
    this.calls.push(name);
    const result = effect();
    this.onCall();
    return result;
  }

  private readonly deps: SyncDeps = {
    now: () => this.now,
    sleep: () => Promise.resolve(),
    random: () => 0,
    telemetry: { info: () => undefined, error: () => undefined },
    store: {
      list: (prefix) =>
        this.done("list", () => {
          const found = [...this.objects].filter(([key]) => key.startsWith(prefix));
          return new Map(found.map(([key, { bytes }]) => [key, createHash("md5").update(bytes).digest("hex")]));
        }),
      read: (key) => this.done("read", () => this.objects.get(key)?.bytes),
      put: (key, bytes, about) =>
        this.done(`put ${key}`, () => void this.objects.set(key, { bytes, about, marked: false })),
      swap: (key, text, instead) =>
        this.done(`swap ${key}`, () => {
          const stored = this.objects.get(key);
          if ((stored && Buffer.from(stored.bytes).toString()) !== instead) return false;
          this.objects.set(key, { bytes: Buffer.from(text), about: NONE, marked: false });
          return true;
        }),
      remove: (key) => this.done(`remove ${key}`, () => void this.objects.delete(key)),
      mark: (key, about) =>
        this.done(`mark ${key}`, () => {
          const { bytes } = this.objects.get(key) ?? { bytes: new Uint8Array() };
          this.objects.set(key, { bytes, about, marked: true });
        }),
      isMarked: (key) => this.done(`ask ${key}`, () => this.objects.get(key)?.marked === true),
    },
    edge: {
      invalidate: (id, paths) =>
        this.done(`invalidate ${id} ${paths.join(" ")}`, () => {
          for (const path of [...this.edge.keys()]) {
            if (paths.includes("/*") || paths.includes(`/${path}`)) this.edge.delete(path);
          }
        }),
    },
  };

  /** What a browser gets of a file; undefined for one that is not there. */
  request(path: string): string | undefined {
    const stored = this.objects.get(PREFIX + path);
    const contents = this.edge.get(path) ?? (stored && Buffer.from(stored.bytes).toString());
    if (contents !== undefined) this.edge.set(path, contents);
    return contents;
  }

  paths(): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }

  async run(event: unknown, awsRequestId = "run"): Promise<{ step: string; changed: number }> {
    const context = { awsRequestId, getRemainingTimeInMillis: () => 900_000 } as Context;
    return makeSync(SETTINGS, this.deps)(event, context);
  }

  step(step: "put" | "finish", build: Build, run?: string): Promise<{ step: string; changed: number }> {
    const files = Object.entries(build).map(([path, text]) => [path, Buffer.from(text)] as const);
    const bytes = zipSync(Object.fromEntries(files));
    this.objects.set("deploy/build.zip", { bytes, about: NONE, marked: false });
    return this.run({ step, archive: "deploy/build.zip", hashedPath: "_next/static/", distributionId: "E1" }, run);
  }

  /** Files that are marked as replaced. */
  marked(): string[] {
    return this.paths().filter((path) => this.objects.get(PREFIX + path)?.marked === true);
  }
}
