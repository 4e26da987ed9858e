import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execute } from "../../apps/secured-site/src/execute";
import { comeBack, startSignIn } from "../../apps/secured-site/src/sign-in";

const CONFIG = { signInUrl: "https://sign-in.example.com", clientId: "client" };

/** A tab with a session of its own. */
function tab() {
  const kept = new Map<string, string>();
  const session = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
  const addresses: string[] = [];
  const history = {
    replaceState: (_: unknown, __: string, url?: string | URL | null) => void addresses.push(`${url}`),
  };
  const page = (search = "") => ({ origin: "https://shop.example.com", pathname: "/", search });
  return {
    kept,
    addresses,
    start: async () => new URL(await startSignIn(CONFIG, page(), session)).searchParams,
    arrive: (search: string) => comeBack(page(search), session, history),
  };
}

describe("the sign-in of apps/secured-site", () => {
  it("comes back with a code and the verifier of its challenge, and forgets both, in the address too", async () => {
    const { start, arrive, kept, addresses } = tab();
    const query = await start();
    const arrival = arrive(`?code=abc&state=${query.get("state")}`);
    assert.ok(arrival.kind === "signed-in");
    const { code, codeVerifier, redirectUri } = arrival.grant;
    assert.deepEqual([code, redirectUri], ["abc", query.get("redirect_uri")]);
    assert.equal(createHash("sha256").update(codeVerifier).digest("base64url"), query.get("code_challenge"));
    assert.deepEqual([kept.size, addresses], [0, ["/"]]);
    assert.equal(arrive(`?code=abc&state=${query.get("state")}`).kind, "refused");
  });

  it("refuses a changed state, one that was not started here, and what Cognito refuses", async () => {
    for (const search of ["?code=abc&state=changed", "?code=abc", "?error=access_denied"]) {
      const { start, arrive, kept } = tab();
      await start();
      assert.equal(arrive(search).kind, "refused", search);
      assert.equal(kept.size, 0);
    }
    assert.equal(tab().arrive("?code=abc&state=x").kind, "refused");
    assert.equal(tab().arrive("").kind, "new");
  });
});

describe("the calls of apps/secured-site", () => {
  const { fetch } = globalThis;
  afterEach(() => (globalThis.fetch = fetch));

  /** Answers each call, and notes it. */
  function answering(response: () => Response): Request[] {
    const calls: Request[] = [];
    globalThis.fetch = (url, init) => {
      calls.push(new Request(new URL(url as string, "https://shop.example.com"), init));
      return Promise.resolve(response());
    };
    return calls;
  }

  it("send a code once, then the token that came of it, with the hash of what they send", async () => {
    const calls = answering(() => Response.json({ message: "Hello" }, { headers: { "x-access-token": "token" } }));
    const grant = { code: "abc", codeVerifier: "v", redirectUri: "https://shop.example.com/" };
    const first = await execute({ kind: "code", grant });
    assert.deepEqual(first, { message: "Hello", next: { kind: "token", token: "token" } });
    await execute(first.next);
    const [sent, next] = calls;
    const body = (await sent?.text()) ?? "";
    assert.deepEqual(JSON.parse(body), { signIn: grant });
    assert.equal(sent?.headers.get("x-amz-content-sha256"), createHash("sha256").update(body).digest("hex"));
    assert.equal(next?.headers.get("x-authorization"), "Bearer token");
    assert.equal(await next?.text(), "{}");
  });

  it("are those of a guest after a code was refused, and say what the firewall answered", async () => {
    answering(() => new Response("<html>", { status: 403, statusText: "Forbidden" }));
    const grant = { code: "abc", codeVerifier: "v", redirectUri: "https://shop.example.com/" };
    const { message, next } = await execute({ kind: "code", grant });
    assert.deepEqual([message, next], ["The request was refused: 403 Forbidden", { kind: "guest" }]);
  });
});
