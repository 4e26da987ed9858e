#!/usr/bin/env node
/** `npx -p aws-patterns open-api page api/apiSkeleton.yaml dist/api.html`: what a split document is made into. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { OpenApiDocument } from "./document";

const HELP = `open-api page SKELETON OUTPUT
open-api bundle SKELETON OUTPUT

Checks a split OpenAPI document, and writes it as a page for people (HTML, by Redoc), or in one (JSON).`;

const WRITERS: Readonly<Record<string, (document: OpenApiDocument) => Promise<string>>> = {
  page: (document) => document.page(),
  bundle: (document) => document.bundle(),
};

/** @returns the exit code */
export async function run(positionals: readonly string[], say: (text: string) => void): Promise<number> {
  const [what = "", skeleton, output, ...others] = positionals;
  const write = Object.hasOwn(WRITERS, what) ? WRITERS[what] : undefined;
  if (write === undefined || skeleton === undefined || output === undefined || others.length > 0) {
    say(HELP);
    return 2;
  }
  const text = await write(new OpenApiDocument(skeleton));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, text);
  say(`${output}: ${Math.ceil(Buffer.byteLength(text) / 1024)} KB`);
  return 0;
}

if (require.main === module) {
  run(parseArgs({ allowPositionals: true }).positionals, (text) => process.stdout.write(`${text}\n`))
    .then((code) => (process.exitCode = code))
    .catch((error: unknown) => {
      process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    });
}
