/** Calling the function. */
import type { CodeGrant } from "./sign-in";

/** What a call is made with: nothing, the code of the sign-in, or the token that came of it. */
export type Access =
  | { readonly kind: "guest" }
  | { readonly kind: "code"; readonly grant: CodeGrant }
  | { readonly kind: "token"; readonly token: string };

async function hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * A code is sent once: the next call has the token, or nothing.
 *
 * CloudFront signs what it sends to the function, and Lambda takes no body that the signature does not cover: a
 * request with a body has its hash.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
 */
export async function execute(access: Access): Promise<{ message: string; next: Access }> {
  const body = JSON.stringify(access.kind === "code" ? { signIn: access.grant } : {});
  const response = await fetch("/api/execute", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-amz-content-sha256": await hex(body),
      ...(access.kind === "token" ? { "x-authorization": `Bearer ${access.token}` } : {}),
    },
    body,
  });
  const token = response.headers.get("x-access-token");
  const used: Access = access.kind === "code" ? { kind: "guest" } : access;
  return { message: await messageOf(response), next: token === null ? used : { kind: "token", token } };
}

/** The function answers in JSON, the firewall in a page of its own. */
async function messageOf(response: Response): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("application/json") === true) {
    const { message } = (await response.json()) as { message?: unknown };
    if (typeof message === "string") return message;
  }
  return `The request was refused: ${response.status} ${response.statusText}`.trim();
}
