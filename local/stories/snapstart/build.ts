/** Builds the Java service, which takes a minute: only when its sources have changed. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../stacks/stack-file";
import { ensureLambdaJava, maven, missingForJava } from "../../toolchain/lambda-java";
import { say } from "../../console";

export const SERVICE = join(ROOT, "apps", "snapstart-java");
const BUILT_OF = join(SERVICE, "target", "built-of");

function sourcesHash(): string {
  const hash = createHash("sha256").update(readFileSync(join(SERVICE, "pom.xml")));
  const sources = readdirSync(join(SERVICE, "src"), { recursive: true, encoding: "utf8" }).sort();
  for (const file of sources.filter((name) => name.endsWith(".java"))) {
    hash.update(file).update(readFileSync(join(SERVICE, "src", file)));
  }
  return hash.digest("hex");
}

/** @returns what the machine lacks for it, in one line */
export async function buildService(signal: AbortSignal): Promise<string | undefined> {
  const lacking = await missingForJava(process.env);
  if (lacking !== undefined) return lacking;
  await ensureLambdaJava(process.env, signal);
  const hash = sourcesHash();
  if (existsSync(BUILT_OF) && readFileSync(BUILT_OF, "utf8") === hash) return undefined;
  say("Building apps/snapstart-java (mvn package), about a minute");
  await maven(SERVICE, process.env, ["package"], signal);
  writeFileSync(BUILT_OF, hash);
  return undefined;
}
