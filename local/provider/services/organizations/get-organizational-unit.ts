/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListOrganizationalUnitsForParent.html */
import { ListOrganizationalUnitsForParentCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { type InvokeFunction, text } from "../../resource-type";
import { allPages, known } from "../support";

export const getOrganizationalUnit: InvokeFunction = {
  token: "aws:organizations/getOrganizationalUnit:getOrganizationalUnit",
  arguments: ["name", "parentId"],
  async invoke(account, args) {
    const client = account.client(OrganizationsClient);
    const [name, ParentId] = [text(args, "name"), text(args, "parentId")];
    const units = await allPages(async (NextToken) => {
      const answer = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }));
      return { items: answer.OrganizationalUnits, token: answer.NextToken };
    });
    const found = units.find((unit) => unit.Name === name);
    if (found === undefined) {
      const names = units.map((unit) => unit.Name).join(", ") || "none";
      throw new Error(`no organizational unit "${name}" in ${ParentId}; there are: ${names}`);
    }
    return known({ arn: found.Arn, id: found.Id, name, parentId: ParentId });
  },
};
