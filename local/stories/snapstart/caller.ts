/** A role that may do one thing, as the callers of the function and of the API have. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { StoryContext } from "../story";

/** Settings of an SDK client that acts as a role of its own, which may do this and nothing else. */
export async function callerOf(
  { client, deployment }: StoryContext,
  action: string,
  resource: string,
): Promise<StoryContext["client"]> {
  const iam = new IAMClient(client);
  const name = `snapstart-${action.replace(":", "-")}`;
  const trust = { Effect: "Allow", Principal: { AWS: deployment.account.id }, Action: "sts:AssumeRole" };
  const leave = { Effect: "Allow", Action: action, Resource: resource };
  const document = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document(trust) }));
  const policy = { RoleName: name, PolicyName: "leave" };
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: document(leave) }));
  const assume = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "story" });
  const { Credentials } = await new STSClient(client).send(assume);
  if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined)
    throw new Error("no session");
  return {
    ...client,
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
    },
  };
}
