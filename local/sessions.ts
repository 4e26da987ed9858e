/** Sessions of roles in the local cloud, made through the APIs that people use. */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

/** What SDK clients are made with. */
export interface SessionSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** The same settings, with the credentials of a session of a role. */
export async function assumeRole<Settings extends SessionSettings>(
  settings: Settings,
  RoleArn: string,
): Promise<Settings> {
  const { Credentials } = await new STSClient(settings).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "it" }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new Error(`no credentials for ${RoleArn}`);
  }
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return { ...settings, credentials };
}

/**
 * A session of a role that may do everything, as far as the account's own IAM is concerned; the role is made where it is
 * missing.
 *
 * @param settings those of the account's root user, whose access key is the account's id
 */
export async function administrator<Settings extends SessionSettings>(
  settings: Settings,
  RoleName: string,
  Path = "/",
): Promise<Settings> {
  const iam = new IAMClient(settings);
  const trust = { Effect: "Allow", Principal: { AWS: settings.credentials.accessKeyId }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  try {
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument }));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return assumeRole(settings, Role?.Arn ?? "");
}
