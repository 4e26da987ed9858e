/** People who sign up and sign in, as Cognito's pages have them do. */
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { outputOf } from "../account";
import { eventually, type PlayedContext } from "../story";
import { sha256, type Visit } from "./visitor";

export const PASSWORD = "Correct-horse-7-battery";
/** RFC 7636 has the form; it is a text of the browser's own. */
const VERIFIER = "story-".repeat(8);

interface Mail {
  readonly To: readonly string[];
  readonly BodyText?: string;
  readonly BodyHtml?: string;
}

/** The code that Cognito has mailed. */
export async function mailedCode({ endpoint, deployment, signal }: PlayedContext, email: string): Promise<string> {
  const { id } = deployment.account;
  const read = async () => {
    const response = await fetch(`${endpoint}/_ministack/ses/messages?account=${id}`);
    const { messages = {} } = (await response.json()) as { messages?: Record<string, readonly Mail[]> };
    const mails = (messages[id] ?? []).filter(({ To }) => To.includes(email));
    return mails.map(({ BodyText, BodyHtml }) => /\b\d{6}\b/.exec(`${BodyText} ${BodyHtml}`)?.[0]).find(Boolean);
  };
  const code = await eventually("a mail with a code", signal, read, (found) => found !== undefined, 10);
  return code ?? "";
}

/** Signs up, and confirms with the code that was mailed. */
export async function signUp(context: PlayedContext, name: string): Promise<void> {
  const cognito = new CognitoIdentityProviderClient(context.client);
  const ClientId = outputOf(context, "clientId");
  const email = `${name}@example.com`;
  const UserAttributes = [{ Name: "email", Value: email }];
  await cognito.send(new SignUpCommand({ ClientId, Username: name, Password: PASSWORD, UserAttributes }));
  const ConfirmationCode = await mailedCode(context, email);
  await cognito.send(new ConfirmSignUpCommand({ ClientId, Username: name, ConfirmationCode }));
}

export interface Grant {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** What the form of the sign-in page is sent with, for a client. */
export async function signInOn(visit: Visit, page: string, client: string, to: string, name: string): Promise<Grant> {
  const form = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: to,
    scope: "openid",
    state: "story",
    code_challenge: sha256(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
  });
  const shown = await visit(`${page}/oauth2/authorize?${form.toString()}`);
  if (shown.status !== 200) throw new Error(`the sign-in page answered ${shown.status}: ${shown.body.toString()}`);
  form.set("username", name);
  form.set("password", PASSWORD);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { status, headers: answer } = await visit(`${page}/login`, { method: "POST", headers, body: form.toString() });
  const code = new URL(answer.location ?? "about:blank").searchParams.get("code");
  if (code === null) throw new Error(`signing in answered ${status} without a code`);
  return { code, codeVerifier: VERIFIER, redirectUri: to };
}

/** A token of a pool that has nothing to do with the deployment. */
export async function foreignToken(context: PlayedContext, visit: Visit): Promise<string> {
  const cognito = new CognitoIdentityProviderClient(context.client);
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({ PoolName: "foreign", AutoVerifiedAttributes: ["email"] }),
  );
  const to = "https://foreign.example.com/";
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: UserPool?.Id,
      ClientName: "foreign",
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid"],
      SupportedIdentityProviders: ["COGNITO"],
      CallbackURLs: [to],
    }),
  );
  const Domain = "foreign-people";
  await cognito.send(new CreateUserPoolDomainCommand({ UserPoolId: UserPool?.Id, Domain }));
  const page = `https://${Domain}.auth.${context.client.region}.amazoncognito.com`;
  const client = UserPoolClient?.ClientId ?? "";
  await signUp({ ...context, outputs: { clientId: client } }, "eve");
  return exchange(visit, page, client, await signInOn(visit, page, client, to, "eve"));
}

/** The token endpoint, as one who has a code and its verifier may ask it. */
export async function exchange(visit: Visit, page: string, client: string, grant: Grant): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: client,
    code: grant.code,
    code_verifier: grant.codeVerifier,
    redirect_uri: grant.redirectUri,
  }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await visit(`${page}/oauth2/token`, { method: "POST", headers, body });
  const { access_token: token } = JSON.parse(answer.body.toString()) as { access_token?: string };
  if (token === undefined) throw new Error(`the token endpoint answered ${answer.body.toString()}`);
  return token;
}
