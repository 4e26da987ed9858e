/**
 * Under mocks, functions are packaged when a test reads their code: most read none, and to serialise a callback takes
 * longer than all else.
 */
import type * as pulumi from "@pulumi/pulumi";
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

/** The archive that belongs to a mark; undefined where a text is none. */
export async function packageOf(index: string): Promise<pulumi.asset.AssetArchive | undefined> {
  const [, number] = MARK.exec(index) ?? [];
  const files = number === undefined ? undefined : await packages[Number(number)]?.();
  return files && packaging.callbackArchive(files);
}
