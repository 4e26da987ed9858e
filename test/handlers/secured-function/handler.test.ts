import * as assert from "node:assert/strict";
import type { SecuredFunctionDeps } from "../../../handlers/secured-function/clients";
import {
  type Answer,
  type SecuredFunctionSettings,
  type SignedInHandler,
  withSignedInUser,
} from "../../../handlers/secured-function/handler";
import { Pool, requestOf } from "./pool";

const SETTINGS = "/shop-settings";
const SECRET = "origin-secret";
const CALLBACK = "https://shop.example.com/";
const VERIFIER = "v".repeat(43);

const CONTEXT = { awsRequestId: "request", getRemainingTimeInMillis: () => 1000 };

interface Sent {
  headers?: Record<string, string>;
  body?: unknown;
}

function bench(settings: Partial<SecuredFunctionSettings> = {}, own?: SignedInHandler, pool = new Pool()) {
  const parameters = new Map([
    [SETTINGS, pool.settings()],
    [SECRET, "secret"],
  ]);
  const logged: unknown[] = [];
  const read: string[] = [];
  const clock = { ms: 0 };
  const deps: SecuredFunctionDeps = {
    now: () => clock.ms,
    telemetry: {
      info: (...all) => void logged.push(all),
      error: (text, error) => void logged.push([text, String(error)]),
    },
    readParameter: (name) => {
      read.push(name);
      const value = parameters.get(name);
      return value === undefined ? Promise.reject(new Error("ParameterNotFound")) : Promise.resolve(value);
    },
    fetch: (...all) => pool.fetch(...all),
  };
  const handler = withSignedInUser({ settingsParameter: SETTINGS, ...settings }, own, deps);
  const send = ({ headers = {}, body }: Sent = {}): Promise<Answer> => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return handler(requestOf(headers, text), CONTEXT);
  };
  const withToken = (token: string) => send({ headers: { "x-authorization": `Bearer ${token}` } });
  const signIn = (code: string, codeVerifier = VERIFIER, redirectUri = CALLBACK) =>
    send({ body: { signIn: { code, codeVerifier, redirectUri } } });
  return { pool, parameters, logged, read, clock, handler, send, withToken, signIn };
}

const messageOf = ({ body = "" }: Answer) => (JSON.parse(body) as { message: string }).message;

describe("withSignedInUser", () => {
  it("says who is signed in, by a token or by a code, and hands out the token for the next request", async () => {
    const { pool, signIn, withToken } = bench();
    const first = await signIn(pool.code(VERIFIER));
    assert.equal(first.statusCode, 200);
    assert.equal(messageOf(first), "You are authenticated as ada, and the function was executed.");
    assert.equal(first.headers?.["cache-control"], "no-store");
    const next = await withToken(first.headers?.["x-access-token"] ?? "");
    assert.deepEqual([next.statusCode, next.headers?.["x-access-token"]], [200, undefined]);
    assert.equal(pool.exchanges, 1);
  });

  const foreign = new Pool("us-east-1_Example02");
  const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
  const BAD_TOKENS: Readonly<Record<string, (pool: Pool) => string>> = {
    "is no token": () => "x",
    "is forged": (pool) => `${pool.token().slice(0, -8)}AAAAAAAA`,
    "has no signature": (pool) => pool.token({}, "none").replace(/[^.]+$/, ""),
    "is signed by another algorithm": (pool) => pool.token({}, "HS256"),
    "is expired": (pool) => pool.token({ exp: seconds(-1) }),
    "is of another pool": () => foreign.token(),
    "says another issuer": (pool) => pool.token({ iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_X" }),
    "is for another client": (pool) => pool.token({ client_id: "other" }),
    "is an id token": (pool) => pool.token({ token_use: "id", aud: "client" }),
  };
  for (const [what, token] of Object.entries(BAD_TOKENS)) {
    it(`refuses a token that ${what}, by header and by code`, async () => {
      const { pool, withToken, signIn, logged } = bench();
      const bad = token(pool);
      for (const answer of [await withToken(bad), await signIn(pool.code(VERIFIER, bad))]) {
        assert.deepEqual(
          [answer.statusCode, messageOf(answer)],
          [401, "You are not authorized to execute the function."],
        );
      }
      assert.ok(!JSON.stringify(logged).includes(bad) || bad === "x");
    });
  }

  it("refuses a guest, a code used twice, another's verifier, and an address that is none of the client's", async () => {
    const { pool, send, signIn } = bench();
    assert.equal((await send()).statusCode, 401);
    const code = pool.code(VERIFIER);
    assert.equal((await signIn(code)).statusCode, 200);
    assert.equal((await signIn(code)).statusCode, 401);
    assert.equal((await signIn(pool.code(VERIFIER), "w".repeat(43))).statusCode, 401);
    const asked = pool.exchanges;
    assert.equal((await signIn(pool.code(VERIFIER), VERIFIER, "https://evil.example.com/")).statusCode, 401);
    assert.equal(pool.exchanges, asked);
  });

  it("lets in one of those who come with the same code at the same time", async () => {
    const { pool, signIn } = bench();
    const code = pool.code(VERIFIER);
    const answers = await Promise.all([signIn(code), signIn(code), signIn(code)]);
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 401, 401]);
    assert.equal(pool.exchanges, 3);
  });

  it("says what is wrong with a sign-in that cannot be read", async () => {
    const { signIn, send } = bench();
    assert.match(messageOf(await signIn("code", "short")), /codeVerifier: is no code verifier/);
    assert.equal((await send({ body: { signIn: "x" } })).statusCode, 400);
  });

  it("takes tokens of a new key", async () => {
    const { pool, withToken } = bench();
    assert.equal((await withToken(pool.token())).statusCode, 200);
    pool.rotate();
    assert.equal((await withToken(pool.token())).statusCode, 200);
  });

  it("keeps settings for five minutes, and reads them again when they may be out of date", async () => {
    const { parameters, clock, read, withToken, signIn, pool } = bench();
    parameters.set(SETTINGS, pool.settings(["https://old.example.com/"]));
    await withToken(pool.token());
    await withToken(pool.token());
    assert.equal(read.length, 1);
    clock.ms = 300_000;
    await withToken(pool.token());
    assert.equal(read.length, 2);
    parameters.set(SETTINGS, pool.settings());
    assert.equal((await signIn(pool.code(VERIFIER))).statusCode, 401);
    clock.ms += 10_000;
    assert.equal((await signIn(pool.code(VERIFIER))).statusCode, 200);
    for (let i = 0; i < 5; i++) await withToken("x.y.z");
    assert.equal(read.length, 3);
  });

  it("lets nobody in while it cannot check, logs why, and works again afterwards", async () => {
    for (const down of ["/oauth2/token", "jwks.json"]) {
      const { pool, signIn, logged } = bench();
      pool.down = down;
      const code = pool.code(VERIFIER);
      await assert.rejects(signIn(code));
      assert.match(JSON.stringify(logged), /could not be checked/);
      assert.ok(!JSON.stringify(logged).includes(code));
      assert.equal(pool.exchanges, 1);
      pool.down = undefined;
      assert.equal((await signIn(pool.code(VERIFIER))).statusCode, 200);
    }
    const { parameters, withToken, pool } = bench();
    for (const text of ["no JSON", "{}"]) {
      parameters.set(SETTINGS, text);
      await assert.rejects(withToken(pool.token()), /Parameter \/shop-settings.*deploy the stack again/);
    }
    parameters.delete(SETTINGS);
    await assert.rejects(withToken(pool.token()), /ParameterNotFound/);
    parameters.set(SETTINGS, pool.settings());
    assert.equal((await withToken(pool.token())).statusCode, 200);
  });

  it("refuses what did not come through CloudFront, and follows a new secret", async () => {
    const { send, parameters, clock, pool } = bench({ secretParameter: SECRET });
    const through = (secret: string) =>
      send({ headers: { "x-origin-secret": secret, "x-authorization": `Bearer ${pool.token()}` } });
    assert.equal((await through("secret")).statusCode, 200);
    for (const wrong of ["", "secre", "secret2"]) assert.equal((await through(wrong)).statusCode, 403);
    assert.equal((await send()).statusCode, 403);
    parameters.set(SECRET, "new");
    clock.ms = 10_000;
    assert.equal((await through("new")).statusCode, 200);
    assert.equal((await through("secret")).statusCode, 403);
  });

  it("gives the protected function the user and the request, without what signed in", async () => {
    const requests: unknown[] = [];
    const own: SignedInHandler = (request) => {
      requests.push(request);
      return Promise.resolve({ statusCode: 201, headers: { "cache-control": "public" }, body: "own" });
    };
    const { pool, send } = bench({ secretParameter: SECRET }, own);
    const token = pool.token({ "cognito:groups": ["staff"] });
    const signIn = { code: pool.code(VERIFIER, token), codeVerifier: VERIFIER, redirectUri: CALLBACK };
    const headers = { "x-origin-secret": "secret", accept: "*/*" };
    const answer = await send({ headers, body: { signIn, order: 7 } });
    assert.deepEqual(answer, {
      statusCode: 201,
      headers: { "cache-control": "no-store", "x-access-token": token },
      body: "own",
    });
    const user = { name: "ada", id: "0a1b", groups: ["staff"], scopes: ["openid"] };
    const event = requestOf({ accept: "*/*" }, '{"order":7}');
    assert.deepEqual(requests, [{ user, event }]);
  });

  it("answers function URLs only", async () => {
    const { handler } = bench();
    await assert.rejects(handler({ Records: [] }, CONTEXT), /No event of a function URL: rawPath/);
  });
});
