/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganizationalUnit.html */
import {
  CreateOrganizationalUnitCommand,
  DeleteOrganizationalUnitCommand,
  DescribeOrganizationalUnitCommand,
  ListAccountsForParentCommand,
  ListParentsCommand,
  OrganizationalUnitNotFoundException,
  OrganizationsClient,
  UpdateOrganizationalUnitCommand,
} from "@aws-sdk/client-organizations";
import type { Account } from "../../account";
import { containsUnknown, isEqual, type Value, type Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { allPages, ifMissing, known, settled, tagList, whileRefused } from "../support";
import { NOT_READY, setTags, tagsOf } from "./common";

async function accountsIn(account: Account, ParentId: string): Promise<Value[]> {
  const client = account.client(OrganizationsClient);
  const accounts = await allPages(async (NextToken) => {
    const answer = await client.send(new ListAccountsForParentCommand({ ParentId, NextToken }));
    return { items: answer.Accounts, token: answer.NextToken };
  });
  return accounts.map(({ Arn = "", Email = "", Id = "", Name = "" }) => ({
    arn: Arn,
    email: Email,
    id: Id,
    name: Name,
  }));
}

async function read({ account }: Operation, id: string): Promise<ResourceState | undefined> {
  const client = account.client(OrganizationsClient);
  const question = client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }));
  const unit = (await ifMissing(question, OrganizationalUnitNotFoundException))?.OrganizationalUnit;
  if (unit === undefined) return undefined;
  const { Parents = [] } = await client.send(new ListParentsCommand({ ChildId: id }));
  const outputs = known({
    accounts: await accountsIn(account, id),
    arn: unit.Arn,
    name: unit.Name,
    parentId: Parents[0]?.Id,
    tagsAll: await tagsOf(account, id),
  });
  return { id, outputs };
}

function check({ name, parentId }: Values): CheckFailure[] {
  const isParent =
    typeof parentId !== "string" ||
    containsUnknown(parentId) ||
    /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/.test(parentId);
  return [
    ...(typeof name === "string" && (name.length < 1 || name.length > 128)
      ? [{ property: "name", reason: `received ${name.length} characters; 1 to 128` }]
      : []),
    ...(isParent
      ? []
      : [{ property: "parentId", reason: `received "${parentId}"; expected the id of a root (r-…) or a unit (ou-…)` }]),
  ];
}

export const organizationalUnit: ResourceType = {
  token: "aws:organizations/organizationalUnit:OrganizationalUnit",
  properties: { name: "update", parentId: "replace" },
  required: ["parentId"],
  computed: ["accounts", "arn"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  check,
  async create(operation, inputs) {
    const command = new CreateOrganizationalUnitCommand({
      Name: text(inputs, "name"),
      ParentId: text(inputs, "parentId"),
      Tags: tagList(operation.tags),
    });
    const client = operation.account.client(OrganizationsClient);
    const { OrganizationalUnit } = await whileRefused(() => client.send(command), NOT_READY);
    const id = OrganizationalUnit?.Id ?? "";
    operation.created(id, { arn: OrganizationalUnit?.Arn ?? "" });
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    if (!isEqual(olds.name, news.name)) {
      const command = new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: id, Name: text(news, "name") });
      await operation.account.client(OrganizationsClient).send(command);
    }
    await setTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const deletion = account
      .client(OrganizationsClient)
      .send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: id }));
    await ifMissing(deletion, OrganizationalUnitNotFoundException);
  },
};
