/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html */
import {
  type Account as Member,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListRootsCommand,
  OrganizationsClient,
  type Root,
} from "@aws-sdk/client-organizations";
import type { Values } from "../../property-values";
import { type InvokeFunction, optionalBoolean } from "../../resource-type";
import { allPages, known } from "../support";

function memberOf(member: Member): Values {
  return known({
    arn: member.Arn,
    email: member.Email,
    id: member.Id,
    joinedMethod: member.JoinedMethod,
    joinedTimestamp: member.JoinedTimestamp?.toISOString(),
    name: member.Name,
    state: member.State,
    status: member.Status,
  });
}

function rootOf({ Arn = "", Id = "", Name = "", PolicyTypes = [] }: Root): Values {
  const policyTypes = PolicyTypes.map(({ Status = "", Type = "" }) => ({ status: Status, type: Type }));
  return { arn: Arn, id: Id, name: Name, policyTypes };
}

async function membersAndRoots(
  client: OrganizationsClient,
): Promise<{ members: Member[]; roots: Root[]; services: string[] }> {
  const members = await allPages(async (NextToken) => {
    const answer = await client.send(new ListAccountsCommand({ NextToken }));
    return { items: answer.Accounts, token: answer.NextToken };
  });
  const roots = await allPages(async (NextToken) => {
    const answer = await client.send(new ListRootsCommand({ NextToken }));
    return { items: answer.Roots, token: answer.NextToken };
  });
  const services = await allPages(async (NextToken) => {
    const answer = await client.send(new ListAWSServiceAccessForOrganizationCommand({ NextToken }));
    return { items: answer.EnabledServicePrincipals, token: answer.NextToken };
  });
  return { members, roots, services: services.map(({ ServicePrincipal = "" }) => ServicePrincipal) };
}

export const getOrganization: InvokeFunction = {
  token: "aws:organizations/getOrganization:getOrganization",
  arguments: ["returnOrganizationOnly"],
  async invoke(account, args) {
    const client = account.client(OrganizationsClient);
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    const managementId = Organization?.MasterAccountId ?? "";
    const returnOrganizationOnly = optionalBoolean(args, "returnOrganizationOnly");
    // A member account may ask for the organization, and for nothing that is in it.
    const isOpen = returnOrganizationOnly !== true && (await account.id()) === managementId;
    const { members, roots, services } = isOpen
      ? await membersAndRoots(client)
      : { members: [], roots: [], services: [] };
    return known({
      accounts: members.map(memberOf),
      arn: Organization?.Arn,
      awsServiceAccessPrincipals: services,
      enabledPolicyTypes: (roots[0]?.PolicyTypes ?? [])
        .filter(({ Status }) => Status === "ENABLED")
        .map(({ Type = "" }) => Type),
      featureSet: Organization?.FeatureSet,
      id: Organization?.Id,
      masterAccountArn: Organization?.MasterAccountArn,
      masterAccountEmail: Organization?.MasterAccountEmail,
      masterAccountId: managementId,
      masterAccountName: members.find(({ Id }) => Id === managementId)?.Name ?? "",
      nonMasterAccounts: members.filter(({ Id }) => Id !== managementId).map(memberOf),
      returnOrganizationOnly,
      roots: roots.map(rootOf),
    });
  },
};
