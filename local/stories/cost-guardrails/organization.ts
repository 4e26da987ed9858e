/** The organization of a management account, as its administrator works on it. */
import {
  CreateOrganizationalUnitCommand,
  EnablePolicyTypeCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  MoveAccountCommand,
  OrganizationsClient,
  PolicyTypeAlreadyEnabledException,
} from "@aws-sdk/client-organizations";
import { bootstrapOrganization } from "../../organization";
import type { StoryContext } from "../story";

export class Organization {
  private constructor(
    private readonly client: OrganizationsClient,
    private readonly root: string,
  ) {}

  /** Creates the organization where it is missing, with its members; service control policies are switched on. */
  static async open({ client, endpoint, deployment }: StoryContext, members: string[]): Promise<Organization> {
    const management = deployment.account.id;
    const root = await bootstrapOrganization(
      { endpoint },
      management,
      [...new Set(members)].filter((id) => id !== management),
    );
    const organizations = new OrganizationsClient(client);
    const enable = new EnablePolicyTypeCommand({ RootId: root, PolicyType: "SERVICE_CONTROL_POLICY" });
    await organizations.send(enable).catch((error: unknown) => {
      if (!(error instanceof PolicyTypeAlreadyEnabledException)) throw error;
    });
    return new Organization(organizations, root);
  }

  /** The id of a unit, by its path from the root; made where it is missing. */
  async unit(path: string): Promise<string> {
    let ParentId = this.root;
    for (const Name of path.split("/").filter((name) => name !== "")) {
      const { OrganizationalUnits = [] } = await this.client.send(
        new ListOrganizationalUnitsForParentCommand({ ParentId }),
      );
      const found = OrganizationalUnits.find((unit) => unit.Name === Name);
      const made =
        found ?? (await this.client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit;
      ParentId = made?.Id ?? "";
    }
    return ParentId;
  }

  async move(AccountId: string, path: string): Promise<void> {
    const { Parents = [] } = await this.client.send(new ListParentsCommand({ ChildId: AccountId }));
    const [SourceParentId, DestinationParentId] = [Parents[0]?.Id, await this.unit(path)];
    if (SourceParentId === DestinationParentId) return;
    await this.client.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }));
  }

  /** Names of the policies that somebody made. */
  async policies(): Promise<string[]> {
    const { Policies = [] } = await this.client.send(new ListPoliciesCommand({ Filter: "SERVICE_CONTROL_POLICY" }));
    return Policies.filter(({ AwsManaged }) => AwsManaged !== true).map(({ Name = "" }) => `policy ${Name}`);
  }
}
