/** A role that may invoke an alias, as the function's callers have. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { StoryContext } from "../story";

const NAME = "snapstart-caller";

/** Settings of an SDK client that acts as a role which may invoke `resource`, and nothing else. */
export async function callerOf(
  { client, deployment }: StoryContext,
  resource: string,
): Promise<StoryContext["client"]> {
  const iam = new IAMClient(client);
  const trust = { Effect: "Allow", Principal: { AWS: deployment.account.id }, Action: "sts:AssumeRole" };
  const leave = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: resource };
  const document = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: NAME, AssumeRolePolicyDocument: document(trust) }));
  const policy = { RoleName: NAME, PolicyName: "invoke" };
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
