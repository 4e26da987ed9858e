import * as assert from "node:assert/strict";
import { strFromU8, unzipSync } from "fflate";
import type { MailFile } from "../../../../handlers/cost-report/mail/files";

/** The lines of a CSV file, unzipped where it is zipped. */
export function linesOf({ filename, content }: MailFile): string[] {
  const bytes = filename.endsWith(".zip") ? Object.values(unzipSync(content))[0] : content;
  return strFromU8(bytes ?? assert.fail("an empty archive"))
    .trimEnd()
    .split("\r\n");
}
