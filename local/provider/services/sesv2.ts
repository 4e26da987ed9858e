/** Amazon Simple Email Service, API v2. https://docs.aws.amazon.com/ses/latest/APIReference-V2/ */
import { arn } from "../arn";
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Values } from "../property-values";
import { type InvokeFunction, type Operation, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-sesv2",
  client: "SESv2Client",
  missing: ["NotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

function withArn(kind: string, property: string) {
  return async (_: unknown, state: Values, { account }: Operation): Promise<Values> => ({
    arn: await arn(account, "ses", `${kind}/${text(state, property)}`),
  });
}

const configurationSet = resource({
  token: "aws:sesv2/configurationSet:ConfigurationSet",
  service: api,
  id: "{configurationSetName}",
  create: "CreateConfigurationSet",
  read: "GetConfigurationSet",
  updates: [
    { call: "PutConfigurationSetDeliveryOptions", only: ["deliveryOptions"] },
    { call: "PutConfigurationSetReputationOptions", only: ["reputationOptions"] },
    { call: "PutConfigurationSetSuppressionOptions", only: ["suppressionOptions"] },
  ],
  delete: { call: "DeleteConfigurationSet", only: [] },
  replace: ["configurationSetName"],
  update: ["deliveryOptions", "reputationOptions", "suppressionOptions"],
  required: ["configurationSetName"],
  computed: ["arn"],
  taggable: true,
  // Updates take the parts of an option in place of the option.
  names: {
    deliveryOptions: "DeliveryOptions|.",
    reputationOptions: "ReputationOptions|.",
    suppressionOptions: "SuppressionOptions|.",
  },
  none: {
    deliveryOptions: { tlsPolicy: "OPTIONAL" },
    reputationOptions: { reputationMetricsEnabled: false },
    suppressionOptions: { suppressedReasons: [] },
  },
  allowed: {
    "deliveryOptions.tlsPolicy": "TlsPolicy",
    "suppressionOptions.suppressedReasons": "SuppressionListReason",
  },
  outputs: withArn("configuration-set", "configurationSetName"),
});

const configurationSetEventDestination = resource({
  token: "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
  service: api,
  id: "{configurationSetName}|{eventDestinationName}",
  create: "CreateConfigurationSetEventDestination",
  read: { call: "GetConfigurationSetEventDestinations", at: "EventDestinations" },
  updates: ["UpdateConfigurationSetEventDestination"],
  delete: { call: "DeleteConfigurationSetEventDestination", only: [] },
  replace: ["configurationSetName", "eventDestinationName"],
  update: ["eventDestination"],
  required: ["configurationSetName", "eventDestination", "eventDestinationName"],
  deleteBeforeReplace: true,
  names: { eventDestination: "EventDestination|.", eventDestinationName: "EventDestinationName|Name" },
  allowed: {
    "eventDestination.matchingEventTypes": "EventType",
    "eventDestination.cloudWatchDestination.dimensionConfigurations.dimensionValueSource": "DimensionValueSource",
  },
});

const emailIdentity = resource({
  token: "aws:sesv2/emailIdentity:EmailIdentity",
  service: api,
  id: "{emailIdentity}",
  create: { call: "CreateEmailIdentity", at: "" },
  read: { call: "GetEmailIdentity", at: "" },
  delete: { call: "DeleteEmailIdentity", only: [] },
  replace: ["emailIdentity"],
  required: ["emailIdentity"],
  computed: ["arn", "dkimSigningAttributes", "identityType", "verificationStatus", "verifiedForSendingStatus"],
  // An identity can exist only once.
  deleteBeforeReplace: true,
  taggable: true,
  names: { dkimSigningAttributes: "DkimAttributes" },
  outputs: withArn("identity", "emailIdentity"),
});

const getEmailIdentity: InvokeFunction = {
  token: "aws:sesv2/getEmailIdentity:getEmailIdentity",
  arguments: ["emailIdentity"],
  async invoke(account, args) {
    const name = text(args, "emailIdentity");
    const found = await api.find(account, "GetEmailIdentity", { EmailIdentity: name });
    if (found === undefined)
      throw new Error(`SES has no identity "${name}" in ${account.region}; create and verify it`);
    return {
      arn: await arn(account, "ses", `identity/${name}`),
      emailIdentity: name,
      id: name,
      identityType: String(found.IdentityType),
      verifiedForSendingStatus: found.VerifiedForSendingStatus === true,
    };
  },
};

export const sesv2: Service = {
  resources: [configurationSet, configurationSetEventDestination, emailIdentity],
  functions: [getEmailIdentity],
};
