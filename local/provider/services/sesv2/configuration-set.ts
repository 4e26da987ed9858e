/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSet.html */
import {
  CreateConfigurationSetCommand,
  type CreateConfigurationSetRequest,
  DeleteConfigurationSetCommand,
  GetConfigurationSetCommand,
  PutConfigurationSetDeliveryOptionsCommand,
  PutConfigurationSetReputationOptionsCommand,
  PutConfigurationSetSendingOptionsCommand,
  PutConfigurationSetSuppressionOptionsCommand,
  PutConfigurationSetTrackingOptionsCommand,
  PutConfigurationSetVdmOptionsCommand,
  SESv2Client,
} from "@aws-sdk/client-sesv2";
import { containsUnknown, isEqual, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalObject,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf, checkRange } from "../checks";
import {
  boolean,
  checkShape,
  fromAws,
  like,
  nested,
  number,
  type Shape,
  text as string,
  texts as strings,
  time,
  toAws,
} from "../shape";
import { actual, arn, ifMissing, settled, tagList, tagRecord } from "../support";
import { checkName, isDomain, MISSING, setTags } from "./common";

const FILE = "local/provider/services/sesv2/configuration-set.ts";
const OPTIONS: Shape = {
  deliveryOptions: nested({ maxDeliverySeconds: number, sendingPoolName: string, tlsPolicy: string }),
  reputationOptions: nested({ lastFreshStart: time, reputationMetricsEnabled: boolean }),
  sendingOptions: nested({ sendingEnabled: boolean }),
  suppressionOptions: nested({ suppressedReasons: strings }),
  trackingOptions: nested({ customRedirectDomain: string, httpsPolicy: string }),
  vdmOptions: nested({
    dashboardOptions: nested({ engagementMetrics: string }),
    guardianOptions: nested({ optimizedSharedDelivery: string }),
  }),
};

type Put = (client: SESv2Client, ConfigurationSetName: string, options: Record<string, unknown>) => Promise<unknown>;

/** Each option has a call of its own, in which what is left out goes back to what it is in a new set. */
const PUTS: Readonly<Record<string, Put>> = {
  deliveryOptions: (client, ConfigurationSetName, options) =>
    client.send(new PutConfigurationSetDeliveryOptionsCommand({ ConfigurationSetName, ...options })),
  reputationOptions: (client, ConfigurationSetName, { ReputationMetricsEnabled = false }) =>
    client.send(
      new PutConfigurationSetReputationOptionsCommand({
        ConfigurationSetName,
        ReputationMetricsEnabled: ReputationMetricsEnabled === true,
      }),
    ),
  sendingOptions: (client, ConfigurationSetName, { SendingEnabled = true }) =>
    client.send(
      new PutConfigurationSetSendingOptionsCommand({ ConfigurationSetName, SendingEnabled: SendingEnabled === true }),
    ),
  suppressionOptions: (client, ConfigurationSetName, options) =>
    client.send(new PutConfigurationSetSuppressionOptionsCommand({ ConfigurationSetName, ...options })),
  trackingOptions: (client, ConfigurationSetName, options) =>
    client.send(new PutConfigurationSetTrackingOptionsCommand({ ConfigurationSetName, ...options })),
  vdmOptions: (client, ConfigurationSetName, VdmOptions) =>
    client.send(new PutConfigurationSetVdmOptionsCommand({ ConfigurationSetName, VdmOptions })),
};

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const question = account.client(SESv2Client).send(new GetConfigurationSetCommand({ ConfigurationSetName: id }));
  const found = await ifMissing(question, MISSING);
  if (found === undefined) return undefined;
  const answered = fromAws(OPTIONS, found);
  const options = Object.keys(OPTIONS).map((name) => [name, like(state[name], answered[name])] as const);
  const { reputationOptions } = answered;
  const outputs = actual(state, {
    ...Object.fromEntries(options),
    reputationOptions: { lastFreshStart: "", ...(reputationOptions as Values) },
    arn: await arn(account, "ses", `configuration-set/${id}`),
    configurationSetName: id,
    tagsAll: tagRecord(found.Tags),
  });
  return { id, outputs };
}

async function change(client: SESv2Client, id: string, olds: Values, news: Values): Promise<void> {
  for (const [name, put] of Object.entries(PUTS)) {
    const isChanged = !isEqual(like(news[name], olds[name]), news[name]);
    // What the program never gave is SES's own affair; what it no longer gives goes back to the beginning.
    const isGone = news[name] === undefined && olds[name] !== undefined && !COMPUTED.includes(name);
    if (news[name] === undefined ? !isGone : !isChanged) continue;
    const { [name]: field = string } = OPTIONS;
    await put(client, id, toAws(field.shape ?? {}, optionalObject(news, name) ?? {}));
  }
}

const COMPUTED = ["reputationOptions", "sendingOptions"];

function check(inputs: Values): CheckFailure[] {
  const of = (name: string): Values => optionalObject(inputs, name) ?? {};
  const { suppressedReasons: reasons } = of("suppressionOptions");
  const { customRedirectDomain: domain, httpsPolicy } = of("trackingOptions");
  const isBadDomain = typeof domain === "string" && !containsUnknown(domain) && !isDomain(domain);
  return [
    ...checkShape({ ...OPTIONS, configurationSetName: string }, inputs, FILE),
    ...checkName("configurationSetName", inputs.configurationSetName),
    ...checkOneOf("deliveryOptions.tlsPolicy", of("deliveryOptions").tlsPolicy, ["REQUIRE", "OPTIONAL"]),
    ...checkRange("deliveryOptions.maxDeliverySeconds", of("deliveryOptions").maxDeliverySeconds, 300, 50_400),
    ...(Array.isArray(reasons) ? reasons : []).flatMap((reason, i) =>
      checkOneOf(`suppressionOptions.suppressedReasons[${i}]`, reason, ["BOUNCE", "COMPLAINT"]),
    ),
    ...checkOneOf("trackingOptions.httpsPolicy", httpsPolicy, ["REQUIRE", "REQUIRE_OPEN_ONLY", "OPTIONAL"]),
    ...(isBadDomain
      ? [{ property: "trackingOptions.customRedirectDomain", reason: `received "${domain}"; expected a domain` }]
      : []),
  ];
}

export const configurationSet: ResourceType = {
  token: "aws:sesv2/configurationSet:ConfigurationSet",
  properties: {
    ...Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, "update"])),
    configurationSetName: "replace",
  },
  required: ["configurationSetName"],
  computed: ["arn", ...COMPUTED],
  computedParts: { reputationOptions: ["lastFreshStart"] },
  volatile: [{ outputs: ["reputationOptions"], changedBy: ["sendingOptions"] }],
  deleteBeforeReplace: true,
  taggable: true,
  check,
  async create(operation, inputs) {
    const ConfigurationSetName = text(inputs, "configurationSetName");
    const command = new CreateConfigurationSetCommand({
      ...toAws<CreateConfigurationSetRequest>(OPTIONS, inputs),
      ConfigurationSetName,
      Tags: tagList(operation.tags),
    });
    await operation.account.client(SESv2Client).send(command);
    operation.created(ConfigurationSetName);
    return settled(read, operation, ConfigurationSetName, inputs);
  },
  read,
  async update(operation, id, olds, news) {
    await change(operation.account.client(SESv2Client), id, olds, news);
    await setTags(operation, `configuration-set/${id}`, olds);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const command = new DeleteConfigurationSetCommand({ ConfigurationSetName: id });
    await ifMissing(account.client(SESv2Client).send(command), MISSING);
  },
};
