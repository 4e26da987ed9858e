/** A process of its own for the tests of the cache: makes one artefact, slowly, and notes in a log that it did. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureArtefact } from "../../local/toolchain/cache";

const [cache = "", log = "", milliseconds = "0"] = process.argv.slice(2);

async function main(): Promise<void> {
  const place = await ensureArtefact(
    {
      key: "thing-1",
      step: "Thing",
      title: "the thing",
      essential: ["file"],
      async build(folder) {
        appendFileSync(log, `made by ${process.pid}\n`);
        await delay(Number(milliseconds));
        writeFileSync(join(folder, "file"), "whole");
      },
    },
    { cache, variables: {}, onProgress: (_step, detail) => console.log(detail) },
  );
  console.log(`place ${place}`);
}

void main();
