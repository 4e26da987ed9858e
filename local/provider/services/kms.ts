/** AWS KMS. https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Service } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-kms",
  client: "KMSClient",
  missing: ["NotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListResourceTags" },
});
const policyName = { PolicyName: "default" };

const key = resource({
  token: "aws:kms/key:Key",
  service: api,
  id: "{keyId}",
  create: { call: "CreateKey", at: "KeyMetadata" },
  read: [
    { call: "DescribeKey", at: "KeyMetadata" },
    { call: "GetKeyPolicy", with: policyName },
    "GetKeyRotationStatus",
  ],
  updates: [
    { call: "EnableKeyRotation", off: "DisableKeyRotation", switch: "enableKeyRotation" },
    "UpdateKeyDescription",
    { call: "PutKeyPolicy", with: policyName },
  ],
  delete: { call: "ScheduleKeyDeletion", missing: ["KMSInvalidStateException"] },
  leaving: { status: "KeyState", is: /^Pending/ },
  update: ["description", "enableKeyRotation", "policy"],
  local: ["deletionWindowInDays"],
  computed: ["arn", "keyId", "policy"],
  taggable: true,
  defaults: { enableKeyRotation: false },
  none: { description: "" },
  ranges: { deletionWindowInDays: [7, 30] },
  names: { deletionWindowInDays: "PendingWindowInDays", enableKeyRotation: "KeyRotationEnabled" },
});

const alias = resource({
  token: "aws:kms/alias:Alias",
  service: api,
  id: "{name}",
  create: "CreateAlias",
  read: { call: "ListAliases", at: "Aliases" },
  updates: ["UpdateAlias"],
  delete: "DeleteAlias",
  replace: ["name"],
  update: ["targetKeyId"],
  required: ["name", "targetKeyId"],
  computed: ["arn", "targetKeyArn"],
  outputs: (_, { arn, targetKeyId }) => ({
    targetKeyArn: String(arn).replace(/[^:]+$/, `key/${String(targetKeyId)}`),
  }),
});

export const kms: Service = { resources: [key, alias] };
