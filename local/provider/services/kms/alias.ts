/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
import {
  type AliasListEntry,
  CreateAliasCommand,
  DeleteAliasCommand,
  KMSClient,
  ListAliasesCommand,
  NotFoundException,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { containsUnknown, isEqual, type Value, type Values } from "../../property-values";
import { type CheckFailure, type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { arn as arnOf, ifMissing, known, settled } from "../support";

async function find(client: KMSClient, name: string): Promise<AliasListEntry | undefined> {
  let Marker: string | undefined;
  do {
    const answer = await client.send(new ListAliasesCommand({ Marker }));
    const found = answer.Aliases?.find(({ AliasName }) => AliasName === name);
    if (found !== undefined) return found;
    Marker = answer.NextMarker;
  } while (Marker !== undefined);
  return undefined;
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const found = await find(account.client(KMSClient), id);
  if (found === undefined) return undefined;
  const keyId = found.TargetKeyId ?? "";
  const targetKeyArn = await arnOf(account, "kms", `key/${keyId}`);
  // Programs name the key by its id or by its ARN.
  const targetKeyId = state.targetKeyId === targetKeyArn ? targetKeyArn : keyId;
  return { id, outputs: known({ arn: found.AliasArn, name: id, targetKeyArn, targetKeyId }) };
}

function checkName(name: Value | undefined): CheckFailure[] {
  if (typeof name !== "string" || containsUnknown(name)) return [];
  if (/^alias\/(?!aws\/)[\w/-]{1,250}$/.test(name)) return [];
  const reason = `received "${name}"; alias/ and up to 250 letters, digits, / _ and -; alias/aws/ is for AWS`;
  return [{ property: "name", reason }];
}

export const alias: ResourceType = {
  token: "aws:kms/alias:Alias",
  properties: { name: "replace", targetKeyId: "update" },
  // The real provider makes a name up; give one, so that others can find the key by it.
  required: ["name", "targetKeyId"],
  computed: ["arn", "targetKeyArn"],
  check: ({ name }) => checkName(name),
  deleteBeforeReplace: true,
  async create(operation, inputs) {
    const name = text(inputs, "name");
    const command = new CreateAliasCommand({ AliasName: name, TargetKeyId: text(inputs, "targetKeyId") });
    await operation.account.client(KMSClient).send(command);
    operation.created(name);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    if (!isEqual(olds.targetKeyId, news.targetKeyId)) {
      const command = new UpdateAliasCommand({ AliasName: id, TargetKeyId: text(news, "targetKeyId") });
      await operation.account.client(KMSClient).send(command);
    }
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    await ifMissing(account.client(KMSClient).send(new DeleteAliasCommand({ AliasName: id })), NotFoundException);
  },
};
