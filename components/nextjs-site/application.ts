import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentsError } from "../internal/argument-checks";
import { refuseToDeploy } from "../internal/not-built";
import { type NextBuild, notBuilt, readBuild } from "./build";
import type { NextjsSiteArgs } from "./args";

/**
 * The application's build, made first where that is asked for. Previews and unit tests with mocks need none.
 *
 * @throws ArgumentsError naming all that is wrong with the build
 */
export function buildOf(
  component: string,
  { application, build, sourceMaps }: Required<Pick<NextjsSiteArgs, "application" | "build" | "sourceMaps">>,
): NextBuild {
  const folder = resolve(application);
  if (build === "always") nextBuild(component, folder);
  const read = readBuild(folder, { sourceMaps });
  if ("build" in read) {
    if (read.build.warning !== undefined) void pulumi.log.warn(`${component}: ${read.build.warning}`);
    return read.build;
  }
  if (read.isMissing !== true) throw new ArgumentsError(component, read.faults);
  refuseToDeploy(new ArgumentsError(component, read.faults).message);
  return notBuilt(folder);
}

/** Runs the application's own Next.js, without a shell. */
function nextBuild(component: string, folder: string): void {
  const program = join(folder, "node_modules", "next", "dist", "bin", "next");
  if (!existsSync(program)) {
    const fix = "Install the application's packages (npm ci) before it is built.";
    const fault = { path: "application", received: folder, allowed: "a folder with Next.js installed", fix };
    throw new ArgumentsError(component, [fault]);
  }
  try {
    execFileSync(process.execPath, [program, "build"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & { stdout?: Buffer; stderr?: Buffer };
    throw new pulumi.RunError(`${component}: ${message}\n${String(stdout)}${String(stderr)}`);
  }
}
