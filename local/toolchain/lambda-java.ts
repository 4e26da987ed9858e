/** What functions in Java run on in the local cloud: the machine's JDK, and AWS's runtime interface client. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, ensureArtefact } from "./cache";
import { ToolchainError } from "./errors";
import { ask, findOnPath, run, type Variables } from "./run";
import { isAtLeast, LAMBDA_JAVA_CLIENT, MINIMUM_JAVA, MINIMUM_MAVEN } from "./versions";

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";
const CLIENT = "aws-lambda-java-runtime-interface-client";

/** Where the client is, once it is there. */
export function lambdaJavaFolder(variables: Variables): string {
  return join(cacheFolder(variables), `lambda-java-${LAMBDA_JAVA_CLIENT}`);
}

/** What the machine lacks to build and run functions in Java, in one line; undefined where it lacks nothing. */
export async function missingForJava(variables: Variables): Promise<string | undefined> {
  // The client's native part is for Linux.
  if (process.platform !== "linux") return `AWS's runtime client for Java runs on Linux, not on ${process.platform}`;
  const java = findOnPath("javac", variables) && (await ask("javac", ["-version"], variables));
  // The first release of each version has one number alone: "javac 21".
  if (!(Number(/\d+/.exec(java ?? "")?.[0]) >= MINIMUM_JAVA)) return `there is no JDK ${MINIMUM_JAVA} or newer on PATH`;
  const maven = findOnPath("mvn", variables) && (await ask("mvn", ["--version"], variables));
  if (maven === undefined || !isAtLeast(maven, MINIMUM_MAVEN))
    return `there is no Maven ${MINIMUM_MAVEN} or newer on PATH`;
  return undefined;
}

/** Maven, quietly. @throws ToolchainError with its last lines */
export async function maven(cwd: string, variables: Variables, args: readonly string[], signal?: AbortSignal) {
  const command = { command: "mvn", args: ["--quiet", "--batch-mode", ...args], cwd, variables, signal };
  const { ok, output } = await run(command);
  if (!ok) throw new ToolchainError(`mvn ${args.join(" ")} failed in ${cwd}.`, `Its last lines:\n${output}`);
}

/** Fetches the client, unless it is cached. */
export async function ensureLambdaJava(variables: Variables, signal?: AbortSignal): Promise<void> {
  const build = async (folder: string): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "pom.xml"), POM);
    const goals = ["copy-dependencies", "unpack-dependencies"].map((goal) => `${PLUGIN}:${goal}`);
    // Else each process unpacks the native part to the same file of /tmp.
    const unpacked = [`-DincludeArtifactIds=${CLIENT},aws-lambda-java-core,aws-lambda-java-serialization`];
    const options = [`-DoutputDirectory=${folder}`, "-Dmdep.unpack.includes=jni/**", ...unpacked];
    await maven(folder, variables, [...goals, ...options], signal);
  };
  await ensureArtefact(
    {
      key: `lambda-java-${LAMBDA_JAVA_CLIENT}`,
      step: "Lambda's Java runtime client",
      title: "Lambda's Java runtime client",
      essential: [`${CLIENT}-${LAMBDA_JAVA_CLIENT}.jar`, join("jni", "libaws-lambda-jni.linux-x86_64.so")],
      build,
    },
    { cache: cacheFolder(variables), variables, onProgress: () => undefined, signal },
  );
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>aws-patterns</groupId>
  <artifactId>lambda-java</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>${CLIENT}</artifactId>
      <version>${LAMBDA_JAVA_CLIENT}</version>
    </dependency>
  </dependencies>
</project>
`;
