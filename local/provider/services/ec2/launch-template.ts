/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html */
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  type LaunchTemplate,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { containsUnknown, isEqual, type Value, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalNumber,
  optionalObject,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkShape, fromAws, likeState, toAws } from "../shape";
import { arn, ifMissing, known, settled } from "../support";
import { checkEach, checkOneOf, checkRange } from "../checks";
import { FILE, ownTags, tagSpecifications, updateTags } from "./common";
import { LAUNCH_TEMPLATE_DATA } from "./launch-template-data";

const MISSING = ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.NotFoundException"];
/** What a new version of the template carries; anything else is the template's own. */
const VERSIONED = [...Object.keys(LAUNCH_TEMPLATE_DATA), "description"];

async function find(client: EC2Client, id: string): Promise<LaunchTemplate | undefined> {
  const question = new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] });
  return (await ifMissing(client.send(question), ...MISSING))?.LaunchTemplates?.[0];
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(EC2Client);
  const template = await find(client, id);
  if (template === undefined) return undefined;
  const question = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ["$Latest"] });
  const version = (await ifMissing(client.send(question), ...MISSING))?.LaunchTemplateVersions?.[0];
  if (version === undefined) return undefined;
  const data = fromAws(LAUNCH_TEMPLATE_DATA, version.LaunchTemplateData);
  // What a version leaves out it does not have: that is drift of an input, and nothing otherwise.
  const absent = Object.keys(LAUNCH_TEMPLATE_DATA).filter((name) => state[name] !== undefined && !(name in data));
  const outputs = known({
    arn: await arn(account, "ec2", `launch-template/${id}`),
    defaultVersion: template.DefaultVersionNumber,
    description: version.VersionDescription ?? "",
    latestVersion: template.LatestVersionNumber,
    name: template.LaunchTemplateName,
    tagsAll: ownTags(template.Tags),
  });
  const gone: [string, Value][] = absent.map((name) => [name, null]);
  return { id, outputs: { ...likeState(state, { ...data, ...outputs }), ...Object.fromEntries(gone) } };
}

function checkUserData(inputs: Values): CheckFailure[] {
  const { userData } = inputs;
  if (typeof userData !== "string" || containsUnknown(userData) || /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData))
    return [];
  return [{ property: "userData", reason: "is not Base64; encode it: Buffer.from(script).toString('base64')" }];
}

function check(inputs: Values): CheckFailure[] {
  const metadata = optionalObject(inputs, "metadataOptions") ?? {};
  const market = optionalObject(inputs, "instanceMarketOptions") ?? {};
  const both = (a: string, b: string): CheckFailure[] =>
    inputs[a] !== undefined && inputs[b] !== undefined
      ? [{ property: b, reason: `received beside ${a}; give one of them` }]
      : [];
  return [
    ...checkShape(LAUNCH_TEMPLATE_DATA, inputs, FILE),
    ...checkUserData(inputs),
    ...both("updateDefaultVersion", "defaultVersion"),
    ...both("instanceType", "instanceRequirements"),
    ...both("vpcSecurityGroupIds", "securityGroupNames"),
    ...checkOneOf("metadataOptions.httpEndpoint", metadata.httpEndpoint, ["enabled", "disabled"]),
    ...checkOneOf("metadataOptions.httpTokens", metadata.httpTokens, ["optional", "required"]),
    ...checkOneOf("metadataOptions.instanceMetadataTags", metadata.instanceMetadataTags, ["enabled", "disabled"]),
    ...checkRange("metadataOptions.httpPutResponseHopLimit", metadata.httpPutResponseHopLimit, 1, 64),
    ...checkOneOf("instanceMarketOptions.marketType", market.marketType, [
      "spot",
      "capacity-block",
      "interruptible-capacity-reservation",
    ]),
    ...checkOneOf("instanceInitiatedShutdownBehavior", inputs.instanceInitiatedShutdownBehavior, ["stop", "terminate"]),
    ...checkEach(inputs, "networkInterfaces", (card, path) =>
      card.associateCarrierIpAddress !== undefined && card.associatePublicIpAddress !== undefined
        ? [
            {
              property: `${path}.associatePublicIpAddress`,
              reason: "received beside associateCarrierIpAddress; give one of them",
            },
          ]
        : [],
    ),
  ];
}

function requestData(inputs: Values): RequestLaunchTemplateData {
  return toAws<RequestLaunchTemplateData>(LAUNCH_TEMPLATE_DATA, inputs);
}

export const launchTemplate: ResourceType = {
  token: "aws:ec2/launchTemplate:LaunchTemplate",
  properties: {
    ...Object.fromEntries(VERSIONED.map((name) => [name, "update" as const])),
    name: "replace",
    namePrefix: "replace",
    defaultVersion: "update",
    updateDefaultVersion: "update",
  },
  computed: ["arn", "defaultVersion", "latestVersion"],
  volatile: [
    { outputs: ["latestVersion"], changedBy: VERSIONED },
    {
      outputs: ["defaultVersion"],
      changedBy: [...VERSIONED, "updateDefaultVersion"],
      onlyWith: "updateDefaultVersion",
    },
  ],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  check,
  async create(operation, inputs) {
    const client = operation.account.client(EC2Client);
    const { LaunchTemplate: made } = await client.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: text(inputs, "name"),
        LaunchTemplateData: requestData(inputs),
        VersionDescription: optionalText(inputs, "description"),
        TagSpecifications: tagSpecifications(operation, "launch-template"),
      }),
    );
    const id = made?.LaunchTemplateId ?? "";
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    const client = operation.account.client(EC2Client);
    let latest = Number(olds.latestVersion);
    if (VERSIONED.some((name) => !isEqual(olds[name] ?? "", news[name] ?? ""))) {
      const request = new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: id,
        LaunchTemplateData: requestData(news),
        VersionDescription: optionalText(news, "description"),
      });
      latest = (await client.send(request)).LaunchTemplateVersion?.VersionNumber ?? latest;
    }
    const wanted = news.updateDefaultVersion === true ? latest : optionalNumber(news, "defaultVersion");
    if (wanted !== undefined && wanted !== olds.defaultVersion) {
      await client.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: String(wanted) }));
    }
    await updateTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const deletion = account.client(EC2Client).send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
    await ifMissing(deletion, ...MISSING);
  },
};
