/** An AWS organization in the local cloud, made through the API that a platform team would use. */
import {
  AcceptHandshakeCommand,
  AlreadyInOrganizationException,
  CreateOrganizationCommand,
  InviteAccountToOrganizationCommand,
  ListAccountsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { type LocalCloud, rootCredentials } from "./cloud";

function clientOf({ endpoint }: Pick<LocalCloud, "endpoint">, accountId: string): OrganizationsClient {
  return new OrganizationsClient({ endpoint, region: "us-east-1", credentials: rootCredentials(accountId) });
}

/**
 * Creates the organization of a management account and makes the given accounts its members, below the root. Repeating
 * it is harmless. AWS accounts of the local cloud are in no organization before.
 *
 * @returns the id of the organization's root.
 */
export async function bootstrapOrganization(
  cloud: Pick<LocalCloud, "endpoint">,
  managementAccountId: string,
  memberAccountIds: readonly string[],
): Promise<string> {
  const management = clientOf(cloud, managementAccountId);
  try {
    await management.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  } catch (error) {
    if (!(error instanceof AlreadyInOrganizationException)) throw error;
  }
  const { Accounts = [] } = await management.send(new ListAccountsCommand({}));
  const present = new Set(Accounts.map(({ Id }) => Id));
  for (const accountId of memberAccountIds.filter((id) => !present.has(id))) {
    const Target = { Id: accountId, Type: "ACCOUNT" as const };
    const { Handshake } = await management.send(new InviteAccountToOrganizationCommand({ Target }));
    await clientOf(cloud, accountId).send(new AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  }
  const { Roots = [] } = await management.send(new ListRootsCommand({}));
  const root = Roots[0]?.Id;
  if (root === undefined) throw new Error(`the organization of account ${managementAccountId} has no root`);
  return root;
}
