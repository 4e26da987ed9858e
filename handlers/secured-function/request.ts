/** What a request brings along: a token, a code, or nothing. */
import { createHash, timingSafeEqual } from "node:crypto";
import * as z from "zod/mini";
import { faultsOf } from "../shared/faults";
import { BadRequestError } from "./errors";
import { SECRET_HEADER, TOKEN_HEADER } from "./headers";
import type { FunctionUrlRequest } from "./signed-in";

const event = z.looseObject({
  rawPath: z.string(),
  rawQueryString: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
  requestContext: z.looseObject({
    requestId: z.string(),
    http: z.looseObject({ method: z.string(), path: z.string(), sourceIp: z.string() }),
  }),
});

const signIn = z.strictObject({
  /** From Cognito, for one use. */
  code: z.string().check(z.regex(/^[\x21-\x7e]{1,2048}$/, "is no authorization code")),
  /** https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
  codeVerifier: z.string().check(z.regex(/^[\w.~-]{43,128}$/, "is no code verifier of PKCE")),
  redirectUri: z.string().check(z.maxLength(1024)),
});

/** What the site sends after it was called back: `{ "signIn": … }`, beside whatever the function itself takes. */
export type CodeGrant = Readonly<z.infer<typeof signIn>>;

export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "code"; readonly grant: CodeGrant };

/** @throws Error for anything that no function URL sends: nothing else may invoke the function */
export function readEvent(value: unknown): FunctionUrlRequest {
  const result = event.safeParse(value);
  if (!result.success) throw new Error(`No event of a function URL: ${faultsOf(result.error, "event")}`);
  return value as FunctionUrlRequest;
}

/** The body's JSON object; undefined where there is none. */
function objectIn({ body, isBase64Encoded }: FunctionUrlRequest): Record<string, unknown> | undefined {
  if (typeof body !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(isBase64Encoded ? Buffer.from(body, "base64").toString() : body);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A token wins over a code: who has one needs no other. @throws BadRequestError for a `signIn` that is not as above */
export function credentialsOf(request: FunctionUrlRequest): Credentials {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers[TOKEN_HEADER] ?? "") ?? [];
  if (token !== undefined) return { kind: "token", token };
  const given = objectIn(request)?.signIn;
  if (given === undefined) return { kind: "none" };
  const result = signIn.safeParse(given);
  if (!result.success) throw new BadRequestError(faultsOf(result.error, "signIn"));
  return { kind: "code", grant: result.data };
}

/** The request as the user's own function gets it. */
export function withoutCredentials(request: FunctionUrlRequest): FunctionUrlRequest {
  const { [TOKEN_HEADER]: _, [SECRET_HEADER]: __, ...headers } = request.headers;
  const object = objectIn(request);
  if (object?.signIn === undefined) return { ...request, headers };
  const { signIn: ___, ...rest } = object;
  return { ...request, headers, body: JSON.stringify(rest), isBase64Encoded: false };
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether a request has the secret; it takes as long whatever is wrong with it. */
export function hasSecret(request: FunctionUrlRequest, secret: string): boolean {
  const isEqual = timingSafeEqual(digest(request.headers[SECRET_HEADER] ?? ""), digest(secret));
  return isEqual && secret !== "";
}
