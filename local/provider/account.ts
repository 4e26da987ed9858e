/** The AWS account and region that a provider instance works in, from the configuration of `aws.Provider`. */
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import type { CheckFailure } from "./check-failure";
import { MAKE_ROLES, makeRole } from "./own-programs";
import { containsUnknown, type Value, type Values } from "./property-values";

interface RoleToAssume {
  roleArn: string;
  externalId?: string;
  sessionName?: string;
  duration?: string;
}

/** What `new Client({...})` of any AWS SDK v3 client needs. */
export interface ClientConfiguration {
  region: string;
  credentials?: AwsCredentialIdentityProvider | { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

type ClientClass<Client> = new (configuration: ClientConfiguration) => Client;

const KNOWN = new Set([
  "region",
  "accessKey",
  "secretKey",
  "token",
  "assumeRoles",
  "allowedAccountIds",
  "defaultTags",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "version",
  "__internal",
]);

/** Nested provider settings travel as JSON text. */
function parsed<T>(value: Value | undefined, fallback: T): T {
  if (value === undefined || value === null || value === "") return fallback;
  return (typeof value === "string" ? JSON.parse(value) : value) as T;
}

export function checkConfiguration(configuration: Values): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const name of Object.keys(configuration)) {
    if (!KNOWN.has(name)) {
      failures.push({
        property: name,
        reason: `the local provider does not map this provider setting; add it to local/provider/account.ts`,
      });
    }
  }
  const region = configuration.region;
  if (typeof region === "string" && !containsUnknown(region) && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    failures.push({ property: "region", reason: `received "${region}"; expected a region such as us-east-1` });
  }
  return failures;
}

export class Account {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  private readonly allowedAccountIds: readonly string[];
  private readonly credentials: ClientConfiguration["credentials"];
  private readonly clients = new Map<unknown, unknown>();
  private readonly regions = new Map<string, Account>();
  private identity: Promise<string> | undefined;

  constructor(private readonly configuration: Values) {
    const region = configuration.region ?? process.env.AWS_REGION;
    if (typeof region !== "string") throw new Error("aws.Provider: set region, or the AWS_REGION environment variable");
    this.region = region;
    this.defaultTags = parsed<{ tags?: Record<string, string> }>(configuration.defaultTags, {}).tags ?? {};
    this.allowedAccountIds = parsed<string[]>(configuration.allowedAccountIds, []);
    this.credentials = this.credentialChain();
  }

  /** Static keys (or the environment's), then one AssumeRole after the other, as the real provider does. */
  private credentialChain(): ClientConfiguration["credentials"] {
    const { accessKey, secretKey, token } = this.configuration;
    let credentials: ClientConfiguration["credentials"];
    if (typeof accessKey === "string" && typeof secretKey === "string") {
      credentials = {
        accessKeyId: accessKey,
        secretAccessKey: secretKey,
        ...(typeof token === "string" ? { sessionToken: token } : {}),
      };
    }
    for (const role of parsed<RoleToAssume[]>(this.configuration.assumeRoles, [])) {
      const assumed = fromTemporaryCredentials({
        ...(credentials === undefined ? {} : { masterCredentials: credentials }),
        params: {
          RoleArn: role.roleArn,
          RoleSessionName: role.sessionName ?? "aws-patterns",
          ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
        },
        clientConfig: { region: this.region },
      });
      credentials =
        process.env[MAKE_ROLES] === undefined
          ? assumed
          : async (): Promise<AwsCredentialIdentity> => {
              await makeRole(role.roleArn, this.region);
              return assumed();
            };
    }
    return credentials;
  }

  /** The one client of a class for this account and region. */
  client<Client>(clientClass: ClientClass<Client>): Client {
    const existing = this.clients.get(clientClass);
    if (existing !== undefined) return existing as Client;
    const client = new clientClass({
      region: this.region,
      ...(this.credentials === undefined ? {} : { credentials: this.credentials }),
    });
    this.clients.set(clientClass, client);
    return client;
  }

  /** The same account in another region, for resources with a `region` of their own. */
  in(region: string): Account {
    if (region === this.region) return this;
    const account = this.regions.get(region) ?? new Account({ ...this.configuration, region });
    this.regions.set(region, account);
    return account;
  }

  /** The account's id; refused when it is not among `allowedAccountIds`. */
  id(): Promise<string> {
    this.identity ??= this.client(STSClient)
      .send(new GetCallerIdentityCommand({}))
      .then(({ Account: id }) => {
        if (id === undefined) throw new Error("sts:GetCallerIdentity answered without an account id");
        if (this.allowedAccountIds.length > 0 && !this.allowedAccountIds.includes(id)) {
          throw new Error(
            `the credentials belong to account ${id}, but allowedAccountIds has only ${this.allowedAccountIds.join(", ")}. ` +
              `Check the account's roleArn in the stack configuration.`,
          );
        }
        return id;
      });
    return this.identity;
  }
}
