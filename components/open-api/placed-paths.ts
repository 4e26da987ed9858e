/** Files of `paths/` that say themselves where they belong, so that a new endpoint changes no file but its own. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Document } from "@redocly/openapi-core";
import type { Fault } from "../internal/faults";
import type { Files } from "./files";

const PLACE = "x-path";

type Paths = Record<string, Record<string, unknown>>;

/** The skeleton with the operations of all files that have `x-path`, by reference. */
export async function placePaths(skeleton: Document, files: Files): Promise<{ document: Document; faults: Fault[] }> {
  const file = resolve(skeleton.source.absoluteRef);
  const parsed = skeleton.parsed as { paths?: Paths };
  const paths: Paths = { ...parsed.paths };
  const listed = new Set(Object.values(paths).map(({ $ref }) => fileOf(file, $ref)));
  const faults: Fault[] = [];
  for (const added of filesBelow(join(dirname(file), "paths"))) {
    const item = await files.open(added);
    if (item.document === undefined) {
      // Of a file that the skeleton lists, this is found there.
      if (!listed.has(added)) faults.push(item.fault);
      continue;
    }
    const { [PLACE]: path, ...operations } = (item.document.parsed ?? {}) as Record<string, unknown>;
    if (typeof path !== "string") {
      if (!listed.has(added)) faults.push(unplaced(added));
      continue;
    }
    const place = await expanded(file, paths[path], files);
    for (const name of Object.keys(operations)) {
      if (name in place) faults.push(fault(added, `${name} of ${path}`, "what no other file has", "Keep one of them."));
      place[name] ??= { $ref: `${relative(dirname(file), added).replaceAll("\\", "/")}#/${name}` };
    }
    paths[path] = place;
  }
  return { document: { ...skeleton, parsed: { ...parsed, paths } }, faults };
}

/** A path item that can be added to: one that the skeleton only refers to, as references to its members. */
async function expanded(
  skeleton: string,
  item: Record<string, unknown> = {},
  files: Files,
): Promise<Record<string, unknown>> {
  const file = fileOf(skeleton, item.$ref);
  if (file === undefined) return { ...item };
  const { document } = await files.open(file);
  if (document === undefined) return { ...item };
  const names = Object.keys((document.parsed ?? {}) as object).filter((name) => name !== PLACE);
  return Object.fromEntries(names.map((name) => [name, { $ref: `${String(item.$ref)}#/${name}` }]));
}

function fileOf(skeleton: string, ref: unknown): string | undefined {
  return typeof ref === "string" && !ref.includes("#") ? resolve(dirname(skeleton), ref) : undefined;
}

/** In an order that is the same on every machine. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}

function fault(file: string, received: string, allowed: string, fix: string): Fault {
  return { path: `${relative(process.cwd(), file)}:1`, received, allowed, fix };
}

function unplaced(file: string): Fault {
  const allowed = `files that begin with ${PLACE}, or that the skeleton lists`;
  return fault(file, "a file of no path", allowed, `Begin it with the path: ${PLACE}: /widget/{widgetname}`);
}
