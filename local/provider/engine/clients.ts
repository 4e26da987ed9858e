/** Clients of the AWS SDK, each loaded when it is first needed. */
import { createRequire } from "node:module";

const load = createRequire(__filename);

/** @param name such as `@aws-sdk/client-sqs`. The package has them in one file instead (scripts/build-package.ts). */
export function clientPackage(name: string): Readonly<Record<string, unknown>> {
  return load(name) as Readonly<Record<string, unknown>>;
}
