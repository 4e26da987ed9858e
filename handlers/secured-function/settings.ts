/** What the component hands to the function: plain JSON, so that inline callbacks can capture it. */
import * as z from "zod/mini";
import { faultsOf } from "../shared/faults";

export interface SecuredFunctionSettings {
  /** Parameter with `SignInSettings` as JSON. The client is made after the function, so its id is not known before. */
  readonly settingsParameter: string;
  /** SecureString with the secret that CloudFront sends. Default: none, IAM tells who comes through CloudFront. */
  readonly secretParameter?: string;
}

const signInSettings = z.object({
  userPoolId: z.string().check(z.regex(/^[\w-]+_[0-9a-zA-Z]+$/)),
  clientId: z.string().check(z.minLength(1)),
  tokenUrl: z.url({ protocol: /^https$/ }),
  callbackUrls: z.array(z.string()).check(z.minLength(1)),
});

/** The user pool, its client, and where that exchanges codes. */
export type SignInSettings = Readonly<z.infer<typeof signInSettings>>;

/** @throws Error naming the parameter and what is wrong in it */
export function parseSignInSettings(parameter: string, text: string): SignInSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`Parameter ${parameter} is no JSON; deploy the stack again`);
  }
  const result = signInSettings.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Parameter ${parameter}: ${faultsOf(result.error)}; deploy the stack again`);
}
