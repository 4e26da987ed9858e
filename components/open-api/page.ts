/**
 * Pages for people, made from a document by Redoc. A page is one file: it works from a disk without a network, and its
 * content security policy lets it ask no host for anything.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** What of the package `redoc` is in a page. */
export interface Redoc {
  readonly script: string;
  /** Its own licence and those of what is bundled with it, as comments of a script. */
  readonly licences: string;
}

/** @throws RunError where Redoc is not installed, or in a version that has other ways */
export function readRedoc(document: string): Redoc {
  const folder = dirname(resolve(document));
  const place = relative(process.cwd(), folder) || ".";
  const fix = "npm install --save-dev redoc@2";
  let found: string;
  try {
    // Not a dependency of ours: who makes no pages needs neither it nor the hundred packages that it wants.
    found = dirname(require.resolve("redoc/package.json", { paths: [folder] }));
  } catch {
    throw new pulumi.RunError(`${place}: the page of an API is made by Redoc, which is not installed there; ${fix}`);
  }
  const read = (...file: string[]): string => readFileSync(join(found, ...file), "utf8");
  const { version } = JSON.parse(read("package.json")) as { version: string };
  if (!version.startsWith("2.")) {
    throw new pulumi.RunError(`${place}: the page of an API is made by Redoc 2, and ${version} is installed; ${fix}`);
  }
  return {
    script: read("bundles", "redoc.standalone.js"),
    licences: `/*\n${read("LICENSE")}*/\n${read("bundles", "redoc.standalone.js.LICENSE.txt")}`,
  };
}

/** A page in one file, to be put where people find it. */
export function apiPage(bundle: string, { script, licences }: Redoc): string {
  const { info } = JSON.parse(bundle) as { info: { title: string } };
  const scripts = [
    inlined(`\n${licences}\n${withoutAddresses(script)}`),
    `Redoc.init(${inlined(bundle)}, {}, document.getElementById("api"));`,
  ];
  const [library, start] = scripts.map((text) => `<script>${text}</script>`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policyOf(scripts)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(info.title)}</title>
    <style>body { margin: 0; }</style>
  </head>
  <body>
    <div id="api"></div>
    ${library}
    ${start}
  </body>
</html>
`;
}

/** These scripts and no others; styles, which Redoc makes while it runs; its search, a worker that it has in itself. */
function policyOf(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Its map is not there, and its makers' logo, which it leaves out when there is none, is on their host. */
function withoutAddresses(script: string): string {
  return script.replace(/^\/\/# sourceMappingURL=.*$/m, "").replace(/"https:\/\/[\w./-]+\.svg"/, '"data:,"');
}

/** A script as HTML takes it: texts and patterns in it that HTML would read as its own are written in another way. */
function inlined(script: string): string {
  return script.replaceAll(/<(?=!--|\/?script)/gi, "\\u003c");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
