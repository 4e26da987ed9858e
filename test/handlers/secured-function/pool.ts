/** A user pool that signs real tokens: its keys, and its token endpoint, as `fetch` gets them. */
import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Fetch } from "../../../handlers/secured-function/clients";
import type { FunctionUrlRequest } from "../../../handlers/secured-function/signed-in";

/** A request as a function URL hands it on. */
export function requestOf(headers: Record<string, string>, body?: string, isBase64Encoded = false): FunctionUrlRequest {
  const http = { method: "POST", path: "/api/", sourceIp: "192.0.2.1" };
  return {
    rawPath: "/api/",
    rawQueryString: "",
    headers,
    isBase64Encoded,
    requestContext: { requestId: "request", http },
    ...(body !== undefined && { body }),
  };
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Pairs by name and pool; each takes a tenth of a second to make. */
const made = new Map<string, Key>();

function makeKey(pool: string, kid: string): Key {
  const name = `${pool}/${kid}`;
  const key = made.get(name) ?? { kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
  made.set(name, key);
  return key;
}

export interface Asked {
  readonly url: string;
  readonly body: string;
}

export class Pool {
  readonly asked: Asked[] = [];
  private keys: Key[];
  private readonly codes = new Map<string, { readonly verifier: string; readonly token: string }>();
  /** Error with which the pool does not answer, by a part of the address. */
  down: string | undefined;

  constructor(
    readonly id = "us-east-1_Example01",
    readonly clientId = "client",
  ) {
    this.keys = [makeKey(id, "first")];
  }

  readonly tokenUrl = "https://sign-in-example.auth.us-east-1.amazoncognito.com/oauth2/token";

  settings(callbackUrls = ["https://shop.example.com/"]): string {
    return JSON.stringify({ userPoolId: this.id, clientId: this.clientId, tokenUrl: this.tokenUrl, callbackUrls });
  }

  rotate(): void {
    this.keys = [makeKey(this.id, `key-${this.keys.length + 1}`), ...this.keys];
  }

  /** An access token; `claims` win over what it has otherwise. */
  token(claims: Readonly<Record<string, unknown>> = {}, algorithm = "RS256"): string {
    const [key] = this.keys;
    if (key === undefined) throw new Error("a pool has keys");
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      sub: "0a1b",
      username: "ada",
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${this.id}`,
      client_id: this.clientId,
      token_use: "access",
      scope: "openid",
      iat: now,
      exp: now + 3600,
      ...claims,
    };
    const text = `${base64url({ alg: algorithm, kid: key.kid })}.${base64url(payload)}`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(key.privateKey, "base64url")}`;
  }

  /** A code, good once and together with its verifier. */
  code(verifier: string, token = this.token()): string {
    const code = `code-${this.codes.size + 1}-${Math.random()}`;
    this.codes.set(code, { verifier, token });
    return code;
  }

  get exchanges(): number {
    return this.asked.filter(({ url }) => url === this.tokenUrl).length;
  }

  readonly fetch: Fetch = (url, { body = "" }) => {
    this.asked.push({ url, body });
    if (this.down !== undefined && url.includes(this.down)) return Promise.reject(new Error("connect ECONNREFUSED"));
    return Promise.resolve(url === this.tokenUrl ? this.exchange(body) : this.jwks(url));
  };

  private jwks(url: string): Response {
    if (url !== `https://cognito-idp.us-east-1.amazonaws.com/${this.id}/.well-known/jwks.json`) {
      return new Response("", { status: 404 });
    }
    const keys = this.keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: "jwk" }),
      kid,
      use: "sig",
      alg: "RS256",
    }));
    return Response.json({ keys });
  }

  private exchange(body: string): Response {
    const form = new URLSearchParams(body);
    const code = form.get("code") ?? "";
    const known = this.codes.get(code);
    this.codes.delete(code);
    if (known === undefined || known.verifier !== form.get("code_verifier")) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    return Response.json({ access_token: known.token, token_type: "Bearer", expires_in: 3600 });
  }
}
