import { appFolder, buildApp } from "../../toolchain/apps";
import { ensureLambdaJava, maven, missingForJava } from "../../toolchain/lambda-java";

export const SERVICE = appFolder("snapstart-java");

/** @returns what the machine lacks for it, in one line */
export async function buildService(signal: AbortSignal): Promise<string | undefined> {
  const lacking = await missingForJava(process.env);
  if (lacking !== undefined) return lacking;
  await ensureLambdaJava(process.env, signal);
  await buildApp({
    folder: SERVICE,
    sources: ["pom.xml", "src"],
    built: "target/function/lib/records.jar",
    record: "target/built-of",
    commands: "mvn package, about a minute",
    build: () => maven(SERVICE, process.env, ["package"], signal),
  });
  return undefined;
}
