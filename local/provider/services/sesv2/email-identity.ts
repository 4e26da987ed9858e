/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentity.html */
import { isDeepStrictEqual } from "node:util";
import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  type DkimSigningAttributes,
  GetEmailIdentityCommand,
  type GetEmailIdentityCommandOutput,
  PutEmailIdentityConfigurationSetAttributesCommand,
  PutEmailIdentityDkimSigningAttributesCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import type { Values } from "../../property-values";
import {
  type CheckFailure,
  type InvokeFunction,
  type Operation,
  optionalObject,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkShape, nested, type Shape, text as string, toAws } from "../shape";
import { actual, arn, ifMissing, known, settled, tagList, tagRecord } from "../support";
import { checkIdentity, MISSING, setTags } from "./common";

const FILE = "local/provider/services/sesv2/email-identity.ts";
const SIGNING: Shape = {
  domainSigningPrivateKey: string,
  domainSigningSelector: string,
  nextSigningKeyLength: string,
};
const SIGNED = ["currentSigningKeyLength", "lastKeyGenerationTimestamp", "signingAttributesOrigin", "status", "tokens"];

function signingOf(inputs: Values): DkimSigningAttributes | undefined {
  const given = optionalObject(inputs, "dkimSigningAttributes");
  return given === undefined ? undefined : toAws<DkimSigningAttributes>(SIGNING, given);
}

/** The program's own key is never answered; it stays as the state has it. */
function signingState(state: Values, found: GetEmailIdentityCommandOutput): Values {
  const { domainSigningPrivateKey, domainSigningSelector } = optionalObject(state, "dkimSigningAttributes") ?? {};
  const dkim = found.DkimAttributes ?? {};
  return known({
    currentSigningKeyLength: dkim.CurrentSigningKeyLength ?? "",
    domainSigningPrivateKey,
    domainSigningSelector,
    lastKeyGenerationTimestamp: dkim.LastKeyGenerationTimestamp?.toISOString() ?? "",
    nextSigningKeyLength: dkim.NextSigningKeyLength ?? "",
    signingAttributesOrigin: dkim.SigningAttributesOrigin ?? "",
    status: dkim.Status ?? "",
    tokens: dkim.Tokens ?? [],
  });
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const question = account.client(SESv2Client).send(new GetEmailIdentityCommand({ EmailIdentity: id }));
  const found = await ifMissing(question, MISSING);
  if (found === undefined) return undefined;
  const outputs = actual(state, {
    arn: await arn(account, "ses", `identity/${id}`),
    configurationSetName: found.ConfigurationSetName,
    dkimSigningAttributes: signingState(state, found),
    emailIdentity: id,
    identityType: found.IdentityType,
    tagsAll: tagRecord(found.Tags),
    verificationStatus: found.VerificationStatus ?? "",
    verifiedForSendingStatus: found.VerifiedForSendingStatus ?? false,
  });
  return { id, outputs };
}

async function change(client: SESv2Client, EmailIdentity: string, olds: Values, news: Values): Promise<void> {
  const ConfigurationSetName = optionalText(news, "configurationSetName");
  if (ConfigurationSetName !== optionalText(olds, "configurationSetName")) {
    await client.send(new PutEmailIdentityConfigurationSetAttributesCommand({ EmailIdentity, ConfigurationSetName }));
  }
  const SigningAttributes = signingOf(news);
  if (SigningAttributes !== undefined && !isDeepStrictEqual(SigningAttributes, signingOf(olds))) {
    const isOwn = SigningAttributes.DomainSigningPrivateKey !== undefined;
    const SigningAttributesOrigin = isOwn ? "EXTERNAL" : "AWS_SES";
    await client.send(
      new PutEmailIdentityDkimSigningAttributesCommand({ EmailIdentity, SigningAttributes, SigningAttributesOrigin }),
    );
  }
}

function check(inputs: Values): CheckFailure[] {
  const signing = optionalObject(inputs, "dkimSigningAttributes") ?? {};
  const { domainSigningPrivateKey: key, domainSigningSelector: selector, nextSigningKeyLength: length } = signing;
  const path = "dkimSigningAttributes";
  const has = [key, selector].map((value) => (value ?? null) !== null);
  const parts = Object.fromEntries(
    SIGNED.map((name) => [name, name === "tokens" ? { kind: "texts" as const } : string]),
  );
  return [
    ...checkIdentity("emailIdentity", inputs.emailIdentity),
    ...checkShape(
      { configurationSetName: string, dkimSigningAttributes: nested({ ...SIGNING, ...parts }), emailIdentity: string },
      inputs,
      FILE,
    ),
    ...checkOneOf(`${path}.nextSigningKeyLength`, length, ["RSA_1024_BIT", "RSA_2048_BIT"]),
    ...(has[0] === has[1]
      ? []
      : [{ property: path, reason: "received one of domainSigningPrivateKey and domainSigningSelector; give both" }]),
    ...(has[0] === true && (length ?? null) !== null
      ? [{ property: `${path}.nextSigningKeyLength`, reason: "only for keys of SES, not for one of your own" }]
      : []),
  ];
}

export const emailIdentity: ResourceType = {
  token: "aws:sesv2/emailIdentity:EmailIdentity",
  properties: { configurationSetName: "update", dkimSigningAttributes: "update", emailIdentity: "replace" },
  required: ["emailIdentity"],
  computed: ["arn", "dkimSigningAttributes", "identityType", "verificationStatus", "verifiedForSendingStatus"],
  computedParts: { dkimSigningAttributes: SIGNED },
  volatile: [
    {
      outputs: ["dkimSigningAttributes", "verificationStatus", "verifiedForSendingStatus"],
      changedBy: ["dkimSigningAttributes"],
    },
  ],
  // An identity can exist only once.
  deleteBeforeReplace: true,
  taggable: true,
  check,
  async create(operation, inputs) {
    const EmailIdentity = text(inputs, "emailIdentity");
    const DkimSigningAttributes = signingOf(inputs);
    const command = new CreateEmailIdentityCommand({
      EmailIdentity,
      ConfigurationSetName: optionalText(inputs, "configurationSetName"),
      ...(DkimSigningAttributes === undefined ? {} : { DkimSigningAttributes }),
      Tags: tagList(operation.tags),
    });
    await operation.account.client(SESv2Client).send(command);
    operation.created(EmailIdentity);
    return settled(read, operation, EmailIdentity, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await change(operation.account.client(SESv2Client), id, olds, news);
    await setTags(operation, `identity/${id}`, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const command = new DeleteEmailIdentityCommand({ EmailIdentity: id });
    await ifMissing(account.client(SESv2Client).send(command), MISSING);
  },
};

/** An identity that is there already. */
export const getEmailIdentity: InvokeFunction = {
  token: "aws:sesv2/getEmailIdentity:getEmailIdentity",
  arguments: ["emailIdentity", "tags"],
  async invoke(account, args) {
    const id = text(args, "emailIdentity");
    const operation = { account, logicalName: id, tags: {}, created: () => undefined };
    const found = await read(operation, id, {});
    if (found === undefined) throw new Error(`SES has no identity "${id}" in ${account.region}; create and verify it`);
    const { tagsAll = {}, ...outputs } = found.outputs;
    return { ...outputs, id, tags: tagsAll };
  },
};
