/**
 * Lets signed-in people call a function, and nobody else.
 *
 * A request brings an access token of the user pool, or the code that the site was called back with; that is exchanged
 * once, and the answer has the token for the next requests. Without either, or with one that is not good, the answer is
 * 401; around CloudFront, where that is not IAM's to refuse, 403.
 */
import { logged } from "../shared/logged";
import { authenticated, FORBIDDEN, json, NOT_AUTHORIZED, withToken } from "./answers";
import { type Cached, cached } from "./cached";
import { productionDeps, type SecuredFunctionDeps } from "./clients";
import { exchange, type Verify, verifierOf } from "./cognito";
import { BadRequestError, RefusedError } from "./errors";
import { type CodeGrant, credentialsOf, hasSecret, readEvent, withoutCredentials } from "./request";
import { parseSignInSettings, type SignInSettings } from "./settings";
import type {
  Answer,
  FunctionUrlRequest,
  InvocationContext,
  SecuredFunctionSettings,
  SignedInHandler,
  SignedInUser,
} from "./signed-in";

export type { Answer, SecuredFunctionSettings, SignedInHandler, SignedInRequest, SignedInUser } from "./signed-in";

/** How long parameters are kept, and for how long at least, whatever fails. */
const KEPT = { ttlMs: 300_000, leastAgeMs: 10_000 };

interface SignIn {
  readonly settings: SignInSettings;
  readonly verify: Verify;
}

/** What one execution environment knows of a user pool, by the parameter that names it. */
interface Gate {
  readonly signIn: Cached<SignIn>;
  readonly secret: Cached<string> | undefined;
}

const gates = new WeakMap<SecuredFunctionDeps, Map<string, Gate>>();

function gateOf({ settingsParameter, secretParameter }: SecuredFunctionSettings, deps: SecuredFunctionDeps): Gate {
  const known = gates.get(deps) ?? new Map<string, Gate>();
  gates.set(deps, known);
  const key = JSON.stringify([settingsParameter, secretParameter]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const kept = { ...KEPT, now: () => deps.now() };
  const load = async (): Promise<SignIn> => {
    const settings = parseSignInSettings(settingsParameter, await deps.readParameter(settingsParameter));
    return { settings, verify: verifierOf(settings, deps.fetch) };
  };
  const secret = secretParameter === undefined ? undefined : cached(() => deps.readParameter(secretParameter), kept);
  const gate = { signIn: cached(load, kept), secret };
  known.set(key, gate);
  return gate;
}

/** What is refused by values that were kept is tried with new ones. */
async function renewing<T, R>(values: Cached<T>, attempt: (value: T) => Promise<R>): Promise<R> {
  const value = await values.get();
  try {
    return await attempt(value);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const renewed = await values.renewed();
    if (renewed === value) throw error;
    return attempt(renewed);
  }
}

const userOf = ({ signIn }: Gate, token: string): Promise<SignedInUser> =>
  renewing(signIn, ({ verify }) => verify(token));

/** The code is sent once. Only what comes before that, and the token that comes of it, is looked at twice. */
async function tokenFor({ signIn }: Gate, grant: CodeGrant, { fetch }: SecuredFunctionDeps): Promise<string> {
  const settings = await renewing(signIn, ({ settings }) =>
    settings.callbackUrls.includes(grant.redirectUri)
      ? Promise.resolve(settings)
      : Promise.reject(new RefusedError("the client is called back at no such address")),
  );
  return exchange(fetch, settings, grant);
}

/** @throws RefusedError for a request that did not come through CloudFront */
async function requireSecret({ secret }: Gate, request: FunctionUrlRequest): Promise<void> {
  if (secret === undefined) return;
  await renewing(secret, (value) =>
    hasSecret(request, value) ? Promise.resolve() : Promise.reject(new RefusedError("the secret is wrong")),
  );
}

/** The sample: it says who is signed in. */
const greet: SignedInHandler = ({ user }) => Promise.resolve(authenticated(user));

/**
 * Lets `own` answer to signed-in people.
 *
 * ```ts
 * export const handler = withSignedInUser({ settingsParameter: "/shop/settings" }, ({ user }) =>
 *   Promise.resolve({ statusCode: 200, body: `Hello ${user.name}` }),
 * );
 * ```
 *
 * The function may `ssm:GetParameter` the parameters that are named. A request whose sign-in cannot be checked (the
 * parameter cannot be read, Cognito does not answer) fails the invocation, and is in the logs: nobody is let in.
 */
export function withSignedInUser(
  settings: SecuredFunctionSettings,
  own: SignedInHandler = greet,
  deps: SecuredFunctionDeps = productionDeps(),
): (event: unknown, context: InvocationContext) => Promise<Answer> {
  const refused = (error: unknown, answer: Answer): Answer => {
    if (!(error instanceof RefusedError)) throw error;
    deps.telemetry.info("Refused", { reason: error.message });
    return answer;
  };
  const admitted = async (event: unknown): Promise<Answer | { user: SignedInUser; token?: string }> => {
    const gate = gateOf(settings, deps);
    const request = readEvent(event);
    try {
      await requireSecret(gate, request);
    } catch (error) {
      return refused(error, FORBIDDEN);
    }
    try {
      const credentials = credentialsOf(request);
      if (credentials.kind === "none") throw new RefusedError("no code and no token");
      if (credentials.kind === "token") return { user: await userOf(gate, credentials.token) };
      const token = await tokenFor(gate, credentials.grant, deps);
      return { user: await userOf(gate, token), token };
    } catch (error) {
      if (error instanceof BadRequestError) return json(400, { message: error.message });
      return refused(error, NOT_AUTHORIZED);
    }
  };
  return async (event, context) => {
    const outcome = await logged(deps, "The sign-in could not be checked", () => admitted(event));
    if (!("user" in outcome)) return outcome;
    const answer = await own({ user: outcome.user, event: withoutCredentials(readEvent(event)) }, context);
    return outcome.token === undefined ? answer : withToken(answer, outcome.token);
  };
}
