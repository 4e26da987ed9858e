/** The pages and endpoints of user pools in the local cloud, by what Cognito's documents say of them. */
import * as assert from "node:assert/strict";
import { createHash, createPublicKey, verify, type JsonWebKey } from "node:crypto";
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { ask, type Answer } from "../support/hosts";
import { given } from "../support/network";

const HOST = "edge-sign-in.auth.us-east-1.amazoncognito.com";
const CALLBACK = "https://example.com/callback";
const VERIFIER = "a".repeat(43);

describe("sign-in", () => {
  let cloud: TestCloud;
  let cognito: CognitoIdentityProviderClient;
  const made = { pool: "", client: "", closed: "" };

  const asked = (): Record<string, string> => ({
    ...{ client_id: made.client, redirect_uri: CALLBACK, response_type: "code", scope: "openid email", state: "s" },
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
  });
  const authorize = (more: Record<string, string> = {}, host = HOST): Promise<Answer> =>
    ask(cloud, host, `/oauth2/authorize?${new URLSearchParams({ ...asked(), ...more })}`);
  const post = (path: string, fields: Record<string, string>): Promise<Answer> =>
    ask(cloud, HOST, path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
  const codeIn = ({ headers }: Answer): string => new URL(headers.location ?? "").searchParams.get("code") ?? "";
  const signIn = async (): Promise<string> =>
    codeIn(await post("/login", { ...asked(), username: "eve@example.com", password: "Correct-horse-7" }));
  const exchange = (code: string, more: Record<string, string> = {}): Promise<Answer> =>
    post("/oauth2/token", {
      ...{ grant_type: "authorization_code", client_id: made.client, redirect_uri: CALLBACK, code },
      ...{ code_verifier: VERIFIER, ...more },
    });
  const json = ({ body }: Answer): Record<string, string> => JSON.parse(body.toString()) as Record<string, string>;

  before(async () => {
    cloud = await startTestCloud();
    cognito = new CognitoIdentityProviderClient(cloud.as("847000000001"));
    const { UserPool } = await cognito.send(
      new CreateUserPoolCommand({
        PoolName: "people",
        UsernameAttributes: ["email"],
        AutoVerifiedAttributes: ["email"],
      }),
    );
    made.pool = given(UserPool?.Id, "pool");
    const client = async (isOpen: boolean): Promise<string> => {
      const flows = { AllowedOAuthFlowsUserPoolClient: isOpen, AllowedOAuthFlows: ["code" as const] };
      const { UserPoolClient } = await cognito.send(
        new CreateUserPoolClientCommand({
          ...{ UserPoolId: made.pool, ClientName: "site", ...flows, CallbackURLs: [CALLBACK] },
          ...{ AllowedOAuthScopes: ["openid", "email"], SupportedIdentityProviders: ["COGNITO"] },
          ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        }),
      );
      return given(UserPoolClient?.ClientId, "client");
    };
    [made.client, made.closed] = [await client(true), await client(false)];
    await cognito.send(new CreateUserPoolDomainCommand({ UserPoolId: made.pool, Domain: "edge-sign-in" }));
  });
  after(() => cloud.stop());

  it("lets people sign up, confirm with the code in the mail, and go on signed in", async () => {
    assert.match((await authorize()).body.toString(), /href="\/signup\?/);
    const person = { ...asked(), username: "eve@example.com", password: "Correct-horse-7" };
    assert.match((await post("/signup", { ...person, password: "short" })).body.toString(), /class="error"/);
    assert.match((await post("/signup", person)).body.toString(), /Confirmation code/);
    assert.match((await post("/login", person)).body.toString(), /not confirmed/);
    const inbox = await ask(cloud, "localhost", "/_ministack/ses/messages?account=847000000001");
    const mail = inbox.body.toString();
    const code = /\b(\d{6})\b/.exec(mail.slice(mail.indexOf("eve@example.com")))?.[1] ?? "";
    const wrong = await post("/confirmUser", { ...person, code: "000000" });
    assert.match(wrong.body.toString(), /class="error"/);
    const confirmed = await post("/confirmUser", { ...person, code });
    assert.equal(confirmed.status, 302);
    assert.equal((await exchange(codeIn(confirmed))).status, 200);
  });

  it("signs tokens with the keys that the pool publishes, and refreshes them", async () => {
    const tokens = json(await exchange(await signIn()));
    const [head = "", claims = "", signature = ""] = (tokens.id_token ?? "").split(".");
    const { kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as { kid: string };
    const keys = await ask(cloud, "cognito-idp.us-east-1.amazonaws.com", `/${made.pool}/.well-known/jwks.json`);
    const key = (JSON.parse(keys.body.toString()) as { keys: JsonWebKey[] }).keys.find((one) => one["kid"] === kid);
    const isSigned = verify(
      ...(["RSA-SHA256", Buffer.from(`${head}.${claims}`)] as const),
      createPublicKey({ key: key ?? {}, format: "jwk" }),
      Buffer.from(signature, "base64url"),
    );
    assert.ok(isSigned);
    const refresh_token = tokens.refresh_token ?? "";
    const refreshed = await post("/oauth2/token", {
      grant_type: "refresh_token",
      client_id: made.client,
      refresh_token,
    });
    assert.ok(json(refreshed).access_token);
  });

  it("takes a code once, with its verifier, from its client, for its page", async () => {
    const code = await signIn();
    assert.equal(json(await exchange(code, { code_verifier: "b".repeat(43) })).error, "invalid_grant");
    assert.equal(json(await exchange(code, { redirect_uri: `${CALLBACK}/` })).error, "invalid_grant");
    assert.equal(json(await exchange(code, { client_id: made.closed })).error, "unauthorized_client");
    const [one, other] = await Promise.all([exchange(code), exchange(code)]);
    assert.deepEqual([one.status, other.status].sort(), [200, 400]);
  });

  const refused: [what: string, request: () => Promise<Answer>][] = [
    ["a page that is not registered exactly", () => authorize({ redirect_uri: `${CALLBACK}/` })],
    ["a flow that is not allowed", () => authorize({ response_type: "token" })],
    ["a client that may not use the pages", () => authorize({ client_id: made.closed })],
    ["a client that there is not", () => authorize({ client_id: "nobody" })],
    ["a domain that there is not", () => authorize({}, "other.auth.us-east-1.amazoncognito.com")],
  ];
  for (const [what, request] of refused)
    it(`refuses ${what}`, async () => {
      assert.equal((await request()).status, 400);
    });

  it("refuses what the client has not switched on", async () => {
    const AuthParameters = { USERNAME: "eve@example.com", PASSWORD: "Correct-horse-7" };
    await assert.rejects(
      cognito.send(new InitiateAuthCommand({ ClientId: made.client, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters })),
      /USER_PASSWORD_AUTH flow not enabled/,
    );
  });
});
