/** What the handler uses of the world, and its production side. */
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type Clock, systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { powertoolsTelemetry } from "../shared/powertools";
import type { Telemetry } from "../shared/telemetry";

/** What is used of `fetch`. */
export type Fetch = (
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<Pick<Response, "ok" | "status" | "arrayBuffer">>;

export interface SecuredFunctionDeps extends Pick<Clock, "now"> {
  readonly telemetry: Pick<Telemetry<never>, "info" | "error">;
  /** The value of a parameter, decrypted. */
  readonly readParameter: (name: string) => Promise<string>;
  readonly fetch: Fetch;
}

let known: SecuredFunctionDeps | undefined;

/** Made once for each execution environment. */
export function productionDeps(): SecuredFunctionDeps {
  known ??= makeDeps();
  return known;
}

function makeDeps(): SecuredFunctionDeps {
  const ssm = new SSMClient({ ...clientConfig(2000), maxAttempts: 3 });
  return {
    ...systemClock,
    telemetry: powertoolsTelemetry<never>({ service: "secured-function", namespace: "aws-patterns", dimensions: {} }),
    async readParameter(name) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      if (Parameter?.Value === undefined) throw new Error(`Parameter ${name} has no value`);
      return Parameter.Value;
    },
    fetch: (url, init) => fetch(url, init),
  };
}
