/**
 * Signing in on Cognito's page, and coming back with a code (authorization code with PKCE). Only what the way back is
 * checked with is kept meanwhile, in the tab's session storage; codes and tokens are in memory alone.
 *
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */

/** What the deployment says of the site, in config.json. */
export interface Config {
  readonly signInUrl: string;
  readonly clientId: string;
}

/** What the function exchanges for a token. */
export interface CodeGrant {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

export type Arrival =
  | { readonly kind: "new" }
  | { readonly kind: "signed-in"; readonly grant: CodeGrant }
  | { readonly kind: "refused"; readonly why: string };

const KEPT = "sign-in";

type Page = Pick<Location, "origin" | "pathname" | "search">;

export async function readConfig(): Promise<Config> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return (await response.json()) as Config;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const redirectUriOf = ({ origin, pathname }: Page) => `${origin}${pathname}`;

/** Keeps what the way back is checked with. @returns where to go */
export async function startSignIn({ signInUrl, clientId }: Config, page: Page, session: Storage): Promise<string> {
  const [state, codeVerifier] = [randomText(), randomText()];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(codeVerifier));
  session.setItem(KEPT, JSON.stringify({ state, codeVerifier }));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUriOf(page),
    scope: "openid",
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  return `${signInUrl}/oauth2/authorize?${query.toString()}`;
}

/** What was kept is good for one way back, whatever comes of it. */
function takeKept(session: Storage): { state?: string; codeVerifier?: string } {
  const kept = session.getItem(KEPT);
  session.removeItem(KEPT);
  return JSON.parse(kept ?? "{}") as { state?: string; codeVerifier?: string };
}

/** Looks at how the page was called, and takes the code out of its address. */
export function comeBack(page: Page, session: Storage, history: Pick<History, "replaceState">): Arrival {
  const query = new URLSearchParams(page.search);
  const [code, state, error] = ["code", "state", "error"].map((name) => query.get(name));
  if (code == null && error == null) return { kind: "new" };
  history.replaceState(null, "", page.pathname);
  const kept = takeKept(session);
  if (error != null) return { kind: "refused", why: `You were not signed in: ${error}.` };
  // Somebody else's code would sign this browser in as somebody else.
  if (kept.state === undefined || kept.codeVerifier === undefined || kept.state !== state || code == null) {
    return { kind: "refused", why: "This sign-in was not started here. Sign in again." };
  }
  return { kind: "signed-in", grant: { code, codeVerifier: kept.codeVerifier, redirectUri: redirectUriOf(page) } };
}
