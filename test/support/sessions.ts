/** Sessions of roles, made through the public APIs. */
import { AttachRolePolicyCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientSettings } from "./cloud";
import { policy } from "./functions";
import { given } from "./network";

/** Settings of a client that acts as a session of a role of the account whose root user `settings` is. */
export async function assume(settings: ClientSettings, RoleArn: string): Promise<ClientSettings> {
  const { Credentials } = await new STSClient(settings).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "it" }));
  const credentials = {
    accessKeyId: given(Credentials?.AccessKeyId, "key"),
    secretAccessKey: given(Credentials?.SecretAccessKey, "secret"),
    sessionToken: given(Credentials?.SessionToken, "token"),
  };
  return { ...settings, credentials };
}

/** A session of a role that may do everything, as far as the account's IAM is concerned; the role is made when missing. */
export async function administrator(settings: ClientSettings, RoleName: string, Path = "/"): Promise<ClientSettings> {
  const iam = new IAMClient(settings);
  const trust = policy({ Principal: { AWS: settings.credentials.accessKeyId }, Action: "sts:AssumeRole" });
  try {
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust }));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  } catch (error) {
    if ((error as Error).name !== "EntityAlreadyExistsException") throw error;
  }
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return assume(settings, given(Role?.Arn, "role"));
}
