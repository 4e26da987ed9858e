/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  NoSuchEntityException,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from "@aws-sdk/client-iam";
import { isEqual, type Values } from "../../property-values";
import { list, type Operation, type ResourceState, type ResourceType, text, texts } from "../../resource-type";
import { like } from "../shape";
import { changedTags, ifMissing, known, settled, tagList, tagRecord } from "../support";

async function read({ account }: Operation, arn: string, state: Values): Promise<ResourceState | undefined> {
  const command = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  const found = await ifMissing(account.client(IAMClient).send(command), NoSuchEntityException);
  if (found === undefined) return undefined;
  // IAM answers the address without its scheme.
  const given = typeof state.url === "string" ? state.url : undefined;
  const url = given?.replace("https://", "") === found.Url?.replace("https://", "") ? given : found.Url;
  const outputs = known({
    arn,
    url,
    clientIdLists: like(state.clientIdLists, found.ClientIDList ?? []),
    thumbprintLists: like(state.thumbprintLists, found.ThumbprintList ?? []),
    tagsAll: tagRecord(found.Tags),
  });
  return { id: arn, outputs };
}

async function setClients(client: IAMClient, arn: string, before: string[], after: string[]): Promise<void> {
  const target = { OpenIDConnectProviderArn: arn };
  for (const ClientID of after.filter((id) => !before.includes(id))) {
    await client.send(new AddClientIDToOpenIDConnectProviderCommand({ ...target, ClientID }));
  }
  for (const ClientID of before.filter((id) => !after.includes(id))) {
    await client.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...target, ClientID }));
  }
}

export const openIdConnectProvider: ResourceType = {
  token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  properties: { clientIdLists: "update", thumbprintLists: "update", url: "replace" },
  required: ["clientIdLists", "url"],
  computed: ["arn"],
  taggable: true,
  check: (inputs) => [
    ...(typeof inputs.url === "string" && /^http:/.test(inputs.url)
      ? [{ property: "url", reason: `received "${inputs.url}"; the address of an issuer begins with https://` }]
      : []),
    ...list(inputs, "thumbprintLists").flatMap((thumbprint, i) =>
      typeof thumbprint === "string" && thumbprint.length !== 40 && !/^[\da-f]{8}-/.test(thumbprint)
        ? [{ property: `thumbprintLists[${i}]`, reason: `received "${thumbprint}"; expected 40 hexadecimal digits` }]
        : [],
    ),
  ],
  async create(operation, inputs) {
    const url = text(inputs, "url");
    const command = new CreateOpenIDConnectProviderCommand({
      Url: url.startsWith("https://") ? url : `https://${url}`,
      ClientIDList: texts(inputs, "clientIdLists"),
      ThumbprintList: texts(inputs, "thumbprintLists"),
      Tags: tagList(operation.tags),
    });
    const { OpenIDConnectProviderArn: arn = "" } = await operation.account.client(IAMClient).send(command);
    operation.created(arn, { arn });
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    const client = operation.account.client(IAMClient);
    const target = { OpenIDConnectProviderArn: arn };
    await setClients(client, arn, texts(olds, "clientIdLists"), texts(news, "clientIdLists"));
    if (news.thumbprintLists !== undefined && !isEqual(olds.thumbprintLists, news.thumbprintLists)) {
      const ThumbprintList = texts(news, "thumbprintLists");
      await client.send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...target, ThumbprintList }));
    }
    const { set, removed } = changedTags(olds, operation.tags);
    if (removed.length > 0) {
      await client.send(new UntagOpenIDConnectProviderCommand({ ...target, TagKeys: removed }));
    }
    if (Object.keys(set).length > 0) {
      await client.send(new TagOpenIDConnectProviderCommand({ ...target, Tags: tagList(set) }));
    }
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, arn) {
    const command = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
    await ifMissing(account.client(IAMClient).send(command), NoSuchEntityException);
  },
};
