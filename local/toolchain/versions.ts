/** What the toolchain is made of, in one place: an upgrade is a change of these lines, and reuses nothing cached for the old ones. */

/** The Pulumi CLI that is downloaded or built when none on PATH will do. */
export const PULUMI_VERSION = "3.259.0";

/**
 * The Node.js language host for a CLI built from Go modules: the last line of `github.com/pulumi/pulumi/sdk/v3` that
 * still contains it as a module of its own. It drives newer CLIs and SDKs.
 */
export const NODE_HOST_VERSION = "3.66.0";

/** The oldest CLI taken from PATH: as new as the SDK, whose built-in resources it has to know. */
export const MINIMUM_PULUMI = "3.248.0";

/** The `go` line of the CLI's go.mod at PULUMI_VERSION. */
export const MINIMUM_GO = "1.25.11";

/** From this version on, Go can fetch a newer Go by itself (GOTOOLCHAIN). */
export const GO_THAT_UPGRADES_ITSELF = "1.21.0";

/** The oldest Python that every pinned emulator supports. */
export const MINIMUM_PYTHON = "3.10.0";

/** AWS's client that runs functions in Java, `com.amazonaws:aws-lambda-java-runtime-interface-client`. */
export const LAMBDA_JAVA_CLIENT = "2.10.1";

/** What the Java sample is compiled with, and for. */
export const MINIMUM_JAVA = 17;

/** The oldest Maven that the Java sample's plugins run on. */
export const MINIMUM_MAVEN = "3.6.3";

/** The first version number in a text such as `v3.259.0-dev`, `go1.26` or `Python 3.11.7`, as three numbers. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Whether `version` is `minimum` or newer. A text without a version is not. */
export function isAtLeast(version: string, minimum: string): boolean {
  const left = parseVersion(version);
  const right = parseVersion(minimum);
  if (!left || !right) return false;
  for (const [index, wanted] of right.entries()) {
    const have = left[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}
