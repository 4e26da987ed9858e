/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html */
import {
  DeleteBucketEncryptionCommand,
  type EncryptionType,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type { Values } from "../../property-values";
import { type CheckFailure, objects, optionalObject, texts } from "../../resource-type";
import { checkEach, checkOneOf } from "../checks";
import {
  boolean,
  checkShape,
  fromAws,
  like,
  named,
  nested,
  nestedList,
  type Shape,
  text as string,
  texts as strings,
  toAws,
} from "../shape";
import { known } from "../support";
import { bucketPart } from "./part";

const FILE = "local/provider/services/s3/encryption.ts";
const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];
const RULE: Shape = {
  applyServerSideEncryptionByDefault: nested({
    kmsMasterKeyId: named("KMSMasterKeyID", string),
    sseAlgorithm: named("SSEAlgorithm", string),
  }),
  bucketKeyEnabled: boolean,
};

function ruleOf(rule: Values): ServerSideEncryptionRule {
  const blocked = texts(rule, "blockedEncryptionTypes") as EncryptionType[];
  return {
    ...toAws<ServerSideEncryptionRule>(RULE, rule),
    ...(blocked.length === 0 ? {} : { BlockedEncryptionTypes: { EncryptionType: blocked } }),
  };
}

function stateOf(rule: ServerSideEncryptionRule): Values {
  return known({ ...fromAws(RULE, rule), blockedEncryptionTypes: rule.BlockedEncryptionTypes?.EncryptionType });
}

function checkRule(rule: Values, path: string): CheckFailure[] {
  const { sseAlgorithm, kmsMasterKeyId } = optionalObject(rule, "applyServerSideEncryptionByDefault") ?? {};
  const here = `${path}.applyServerSideEncryptionByDefault`;
  return [
    ...checkOneOf(`${here}.sseAlgorithm`, sseAlgorithm, ALGORITHMS),
    ...(sseAlgorithm === "AES256" && (kmsMasterKeyId ?? "") !== ""
      ? [{ property: `${here}.kmsMasterKeyId`, reason: 'given with "AES256"; a key goes with "aws:kms"' }]
      : []),
  ];
}

export const bucketServerSideEncryptionConfiguration = bucketPart({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  properties: { expectedBucketOwner: "replace", rules: "update" },
  required: ["rules"],
  check: (inputs) => {
    const rules = nestedList({ ...RULE, blockedEncryptionTypes: strings });
    return [
      ...checkShape({ bucket: string, expectedBucketOwner: string, rules }, inputs, FILE),
      ...checkEach(inputs, "rules", checkRule),
    ];
  },
  missing: ["ServerSideEncryptionConfigurationNotFoundError"],
  async put(client, key, inputs) {
    const ServerSideEncryptionConfiguration = { Rules: objects(inputs, "rules").map(ruleOf) };
    await client.send(new PutBucketEncryptionCommand({ ...key, ServerSideEncryptionConfiguration }));
  },
  async get(client, key, state) {
    const { ServerSideEncryptionConfiguration: found } = await client.send(new GetBucketEncryptionCommand(key));
    const rules = (found?.Rules ?? []).map(stateOf);
    return { rules: like(state.rules, rules) ?? rules };
  },
  // S3 then encrypts with its own keys, as it does for every new bucket.
  async remove(client, key) {
    await client.send(new DeleteBucketEncryptionCommand(key));
  },
});
