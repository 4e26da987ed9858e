/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
  type KeySpec,
  type KeyUsageType,
  KMSClient,
  KMSInvalidStateException,
  ListResourceTagsCommand,
  NotFoundException,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { isEqual, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalBoolean,
  optionalNumber,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf, checkRange } from "../checks";
import { checkPolicy, documentLike, documentText, optionalDocument } from "../documents";
import { actual, allPages, changedTags, ifMissing, settled } from "../support";

const PolicyName = "default";
const SYMMETRIC = "SYMMETRIC_DEFAULT";
const USAGES = ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"];
const SPECS = [
  SYMMETRIC,
  ...["RSA_2048", "RSA_3072", "RSA_4096", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"],
  ...["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"],
  ...["ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "SM2"],
];

/** The key, unless it is gone or on its way out. */
async function find(client: KMSClient, KeyId: string): Promise<KeyMetadata | undefined> {
  const found = (await ifMissing(client.send(new DescribeKeyCommand({ KeyId })), NotFoundException))?.KeyMetadata;
  return found?.KeyState?.startsWith("Pending") === true ? undefined : found;
}

async function tagsOf(client: KMSClient, KeyId: string): Promise<Record<string, string>> {
  const tags = await allPages(async (Marker) => {
    const answer = await client.send(new ListResourceTagsCommand({ KeyId, Marker }));
    return { items: answer.Tags, token: answer.NextMarker };
  });
  return Object.fromEntries(tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(KMSClient);
  const metadata = await find(client, id);
  if (metadata === undefined) return undefined;
  const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName }));
  const rotation =
    metadata.KeySpec === SYMMETRIC ? await client.send(new GetKeyRotationStatusCommand({ KeyId: id })) : undefined;
  const rotates = rotation?.KeyRotationEnabled === true;
  const outputs = actual(state, {
    arn: metadata.Arn,
    customerMasterKeySpec: metadata.KeySpec,
    description: metadata.Description ?? "",
    enableKeyRotation: rotates,
    isEnabled: metadata.Enabled ?? false,
    keyId: metadata.KeyId,
    keyUsage: metadata.KeyUsage,
    multiRegion: metadata.MultiRegion ?? false,
    policy: documentLike(state.policy, Policy),
    rotationPeriodInDays: rotates ? rotation.RotationPeriodInDays : undefined,
    tagsAll: await tagsOf(client, id),
  });
  return { id, outputs };
}

async function setRotation(client: KMSClient, KeyId: string, news: Values): Promise<void> {
  const RotationPeriodInDays = optionalNumber(news, "rotationPeriodInDays");
  await (optionalBoolean(news, "enableKeyRotation") === true
    ? client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }))
    : client.send(new DisableKeyRotationCommand({ KeyId })));
}

async function setTags({ account, tags }: Operation, KeyId: string, olds: Values): Promise<void> {
  const client = account.client(KMSClient);
  const { set, removed } = changedTags(olds, tags);
  const Tags = Object.entries(set).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  if (removed.length > 0) await client.send(new UntagResourceCommand({ KeyId, TagKeys: removed }));
  if (Tags.length > 0) await client.send(new TagResourceCommand({ KeyId, Tags }));
}

/** A disabled key cannot be changed: it is enabled first, and disabled last. */
async function change(client: KMSClient, id: string, olds: Values, news: Values): Promise<void> {
  const differs = (...names: string[]): boolean =>
    names.some((name) => (news[name] ?? null) !== null && !isEqual(olds[name], news[name]));
  if (differs("isEnabled") && news.isEnabled === true) await client.send(new EnableKeyCommand({ KeyId: id }));
  if (differs("enableKeyRotation") || (news.enableKeyRotation === true && differs("rotationPeriodInDays"))) {
    await setRotation(client, id, news);
  }
  if (differs("description")) {
    await client.send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: text(news, "description") }));
  }
  if (differs("policy")) {
    const BypassPolicyLockoutSafetyCheck = optionalBoolean(news, "bypassPolicyLockoutSafetyCheck");
    const Policy = documentText(news.policy);
    await client.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName, Policy, BypassPolicyLockoutSafetyCheck }));
  }
  if (differs("isEnabled") && news.isEnabled === false) await client.send(new DisableKeyCommand({ KeyId: id }));
}

function check(inputs: Values): CheckFailure[] {
  const { customerMasterKeySpec: spec, enableKeyRotation, rotationPeriodInDays } = inputs;
  const isAsymmetric = typeof spec === "string" && SPECS.includes(spec) && spec !== SYMMETRIC;
  return [
    ...checkPolicy("policy", inputs.policy, { principal: "required" }),
    ...checkOneOf("customerMasterKeySpec", spec, SPECS),
    ...checkOneOf("keyUsage", inputs.keyUsage, USAGES),
    ...checkRange("deletionWindowInDays", inputs.deletionWindowInDays, 7, 30),
    ...checkRange("rotationPeriodInDays", rotationPeriodInDays, 90, 2560),
    ...(isAsymmetric && enableKeyRotation === true
      ? [{ property: "enableKeyRotation", reason: `received true with ${spec}; only ${SYMMETRIC} keys rotate` }]
      : []),
    ...(rotationPeriodInDays !== undefined && enableKeyRotation === false
      ? [{ property: "rotationPeriodInDays", reason: "only with enableKeyRotation: true" }]
      : []),
  ];
}

export const key: ResourceType = {
  token: "aws:kms/key:Key",
  properties: {
    bypassPolicyLockoutSafetyCheck: "update",
    customerMasterKeySpec: "replace",
    deletionWindowInDays: "update",
    description: "update",
    enableKeyRotation: "update",
    isEnabled: "update",
    keyUsage: "replace",
    multiRegion: "replace",
    policy: "update",
    rotationPeriodInDays: "update",
  },
  computed: ["arn", "keyId", "policy"],
  taggable: true,
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: SYMMETRIC,
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
    multiRegion: false,
  },
  check,
  async create(operation, inputs) {
    const client = operation.account.client(KMSClient);
    const command = new CreateKeyCommand({
      BypassPolicyLockoutSafetyCheck: optionalBoolean(inputs, "bypassPolicyLockoutSafetyCheck"),
      Description: optionalText(inputs, "description"),
      KeySpec: text(inputs, "customerMasterKeySpec") as KeySpec,
      KeyUsage: text(inputs, "keyUsage") as KeyUsageType,
      MultiRegion: optionalBoolean(inputs, "multiRegion"),
      Policy: optionalDocument(inputs.policy),
      Tags: Object.entries(operation.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    });
    const { KeyMetadata: made } = await client.send(command);
    const id = made?.KeyId ?? "";
    operation.created(id, { arn: made?.Arn ?? "", keyId: id });
    if (inputs.enableKeyRotation === true) await setRotation(client, id, inputs);
    if (inputs.isEnabled === false) await client.send(new DisableKeyCommand({ KeyId: id }));
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await change(operation.account.client(KMSClient), id, olds, news);
    await setTags(operation, id, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const PendingWindowInDays = optionalNumber(state, "deletionWindowInDays");
    const deletion = account.client(KMSClient).send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays }));
    await ifMissing(deletion, NotFoundException, KMSInvalidStateException);
  },
};
