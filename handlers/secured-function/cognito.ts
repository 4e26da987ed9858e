/** Cognito's side: codes are exchanged at its token endpoint, tokens are checked by its keys. */
import { CognitoJwtVerifier } from "aws-jwt-verify";
import {
  FailedAssertionError,
  JwtInvalidSignatureError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  ParameterValidationError,
  WaitPeriodNotYetEndedJwkError,
} from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import * as z from "zod/mini";
import type { Fetch } from "./clients";
import { RefusedError } from "./errors";
import type { CodeGrant } from "./request";
import type { SignInSettings } from "./settings";
import type { SignedInUser } from "./signed-in";

const PATIENCE_MS = 5000;

async function ask(fetch: Fetch, url: string, init: Omit<Parameters<Fetch>[1], "signal"> = {}) {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  return { ok: response.ok, status: response.status, body: await response.arrayBuffer() };
}

const parsedJson = (body: ArrayBuffer): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
};

const granted = z.object({ access_token: z.string().check(z.minLength(1)) });
const denied = z.object({ error: z.string().check(z.regex(/^[a-z_]{1,64}$/)) });

/**
 * The access token for a code. It is asked once: the code is used up, whatever comes of it.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 * @throws RefusedError for a code that Cognito does not take; Error where it does not answer as documented
 */
export async function exchange(fetch: Fetch, settings: SignInSettings, grant: CodeGrant): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: settings.clientId,
    code: grant.code,
    code_verifier: grant.codeVerifier,
    redirect_uri: grant.redirectUri,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { ok, status, body } = await ask(fetch, settings.tokenUrl, { method: "POST", headers, body: form.toString() });
  const answer = parsedJson(body);
  const refusal = denied.safeParse(answer);
  if (status === 400 && refusal.success) throw new RefusedError(`the token endpoint says ${refusal.data.error}`);
  const tokens = granted.safeParse(answer);
  if (ok && tokens.success) return tokens.data.access_token;
  throw new Error(`The token endpoint ${settings.tokenUrl} answered ${status}, without a token`);
}

/** Who a token belongs to. @throws RefusedError for a token that is none of the client's, or none any more */
export type Verify = (token: string) => Promise<SignedInUser>;

/** What a token can be wrong in; other errors are the keys', or the network's. */
const FAULTS = [
  FailedAssertionError,
  JwtInvalidSignatureError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  // An issuer that is none of the verifier's.
  ParameterValidationError,
  WaitPeriodNotYetEndedJwkError,
];

/** Signature, issuer, client, use and expiry; keys are fetched again when one is not known, at most every 10 seconds. */
export function verifierOf({ userPoolId, clientId }: SignInSettings, fetch: Fetch): Verify {
  const fetcher = {
    async fetch(uri: string): Promise<ArrayBuffer> {
      const { ok, status, body } = await ask(fetch, uri);
      if (!ok) throw new Error(`The keys at ${uri} cannot be read: ${status}`);
      return body;
    },
  };
  const jwksCache = new SimpleJwksCache({ fetcher });
  const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: "access" }, { jwksCache });
  return async (token) => {
    try {
      const claims = await verifier.verify(token);
      const scopes = claims.scope.split(" ");
      return { name: claims.username, id: claims.sub, groups: claims["cognito:groups"] ?? [], scopes };
    } catch (error) {
      const fault = FAULTS.find((kind) => error instanceof kind);
      if (fault !== undefined) throw new RefusedError(`the token is refused: ${(error as Error).constructor.name}`);
      throw error;
    }
  };
}
