import type { Fault } from "../internal/faults";
import type { Entry } from "./entries";

/** Folders and files that are never meant for browsers: a server's chunks, a repository, packages, secrets. */
const PRIVATE = /(^|\/)(\.next|\.git|node_modules)\/|(^|\/)(\.env[^/]*|next\.config\.[cm]?[jt]s|[^/]+\.pem)$/;

/** What is wrong with a file that everybody could read. */
export function publicFault(path: string, { file, isOutside }: Entry, sourceMaps: boolean): Fault[] {
  const at = (received: string, allowed: string, fix: string): Fault[] => [
    { path: "application", received, allowed, fix },
  ];
  if (isOutside) {
    return at(file, "public files that lie within the application", "Put the file itself there instead of a link.");
  }
  if (PRIVATE.test(path)) {
    return at(file, "public files that are meant for browsers", "Everybody could read it: take it out of public/.");
  }
  if (!sourceMaps && path.endsWith(".map")) {
    const fix = "Build without productionBrowserSourceMaps, remove it, or set sourceMaps: true.";
    return at(file, "no source maps, which show the source", fix);
  }
  return [];
}
