/** What the function reads of its user pool. */
import * as z from "zod/mini";
import { faultsOf } from "../shared/faults";

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
