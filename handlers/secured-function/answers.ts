import { ACCESS_TOKEN_HEADER } from "./headers";
import type { Answer, SignedInUser } from "./signed-in";

/** A JSON answer that nobody may keep. */
export function json(statusCode: number, body: Readonly<Record<string, unknown>>): Answer {
  const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  return { statusCode, headers, body: JSON.stringify(body) };
}

/** What the sample answers to those who are signed in. */
export function authenticated({ name }: Pick<SignedInUser, "name">): Answer {
  return json(200, { message: `You are authenticated as ${name}, and the function was executed.`, user: name });
}

export const NOT_AUTHORIZED = json(401, { message: "You are not authorized to execute the function." });
export const FORBIDDEN = json(403, { message: "Forbidden" });

/** The answer of the function that is protected, with the token for the next request, and kept by nobody. */
export function withToken(answer: Answer, token: string): Answer {
  return { ...answer, headers: { ...answer.headers, "cache-control": "no-store", [ACCESS_TOKEN_HEADER]: token } };
}
