/**
 * Under mocks, functions are packaged when a test reads their code: most read none, and to serialise a callback takes
 * longer than all else.
 */
import * as packaging from "../../components/internal/packaging";

type PackageCallback = typeof packaging.packageCallback;
const { packageCallback } = packaging;

const MARK = /^\/\/ package (\d+)$/;
const packages: (() => ReturnType<PackageCallback>)[] = [];

/** Leaves a mark in place of each callback's code until `stop` is called. */
export function packageOnDemand(): { stop: () => void } {
  const replace = (by: PackageCallback): unknown => Object.assign(packaging, { packageCallback: by });
  replace((...given) => {
    const number = packages.push(() => packageCallback(...given)) - 1;
    return Promise.resolve({ index: `// package ${number}`, handlers: {} });
  });
  return { stop: () => void replace(packageCallback) };
}

/** The files that belong to a mark; undefined where a text is none. */
export async function packageOf(index: string): Promise<Record<string, string> | undefined> {
  const [, number] = MARK.exec(index) ?? [];
  if (number === undefined) return undefined;
  const files = await packages[Number(number)]?.();
  return files && { "index.js": files.index, ...files.handlers };
}
