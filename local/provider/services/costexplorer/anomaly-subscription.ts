/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalySubscription.html */
import {
  type AnomalySubscription,
  CostExplorerClient,
  CreateAnomalySubscriptionCommand,
  DeleteAnomalySubscriptionCommand,
  GetAnomalySubscriptionsCommand,
  UnknownSubscriptionException,
  UpdateAnomalySubscriptionCommand,
} from "@aws-sdk/client-cost-explorer";
import { containsUnknown, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkEach, checkOneOf } from "../checks";
import { expression } from "../cost-expression";
import {
  checkShape,
  named,
  nested,
  nestedList,
  presentState,
  type Shape,
  text as string,
  texts,
  toAws,
} from "../shape";
import { actual, ifMissing, isSet, settled, tagList } from "../support";
import { checkName, setTags, tagsOf } from "./common";

const FILE = "local/provider/services/costexplorer/anomaly-subscription.ts";

/** What an update may change. */
const SETTINGS: Shape = {
  frequency: string,
  monitorArnLists: named("MonitorArnList", texts),
  subscribers: nestedList({ address: string, type: string }),
  thresholdExpression: nested(expression({ costCategories: "costCategory", dimensions: "dimension" })),
};

async function read({ account }: Operation, arn: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(CostExplorerClient);
  const question = client.send(new GetAnomalySubscriptionsCommand({ SubscriptionArnList: [arn], MaxResults: 1 }));
  const found = (await ifMissing(question, UnknownSubscriptionException))?.AnomalySubscriptions?.[0];
  if (found === undefined) return undefined;
  const outputs = actual(state, {
    accountId: found.AccountId,
    arn,
    name: found.SubscriptionName,
    tagsAll: await tagsOf(account, arn),
  });
  return { id: arn, outputs: { ...presentState(SETTINGS, state, found), ...outputs } };
}

/** AWS mails daily and weekly reports, and sends single alerts to a topic. */
function checkSubscriber({ address, type }: Values, path: string, frequency: unknown): CheckFailure[] {
  const isMail =
    typeof address !== "string" || containsUnknown(address) || /^[^\s@:]+@[^\s@:]+\.[^\s@:]+$/.test(address);
  const isTopic = typeof address !== "string" || containsUnknown(address) || /^arn:[\w-]+:sns:/.test(address);
  const wanted = frequency === "IMMEDIATE" ? "SNS" : "EMAIL";
  const hasFrequency = typeof frequency === "string" && ["DAILY", "IMMEDIATE", "WEEKLY"].includes(frequency);
  return [
    ...checkOneOf(`${path}.type`, type, ["EMAIL", "SNS"]),
    ...(type === "EMAIL" && !isMail
      ? [{ property: `${path}.address`, reason: `received "${String(address)}"; expected a mail address` }]
      : []),
    ...(type === "SNS" && !isTopic
      ? [{ property: `${path}.address`, reason: `received "${String(address)}"; expected the ARN of a topic` }]
      : []),
    ...(hasFrequency && (type === "EMAIL" || type === "SNS") && type !== wanted
      ? [
          {
            property: `${path}.type`,
            reason: `received "${type}"; ${frequency} alerts go to ${wanted} subscribers only. Make a subscription of its own`,
          },
        ]
      : []),
  ];
}

function check(inputs: Values): CheckFailure[] {
  return [
    ...checkShape(SETTINGS, inputs, FILE),
    ...checkOneOf("frequency", inputs.frequency, ["DAILY", "IMMEDIATE", "WEEKLY"]),
    ...checkEach(inputs, "subscribers", (subscriber, path) => checkSubscriber(subscriber, path, inputs.frequency)),
    ...checkName(inputs.name),
  ];
}

export const anomalySubscription: ResourceType = {
  token: "aws:costexplorer/anomalySubscription:AnomalySubscription",
  properties: {
    ...Object.fromEntries(Object.keys(SETTINGS).map((property) => [property, "update" as const])),
    accountId: "update",
    name: "replace",
  },
  required: ["frequency", "monitorArnLists", "subscribers"],
  computed: ["accountId", "arn", "thresholdExpression"],
  autoName: { property: "name", maxLength: 1024 },
  taggable: true,
  check,
  async create(operation, inputs) {
    const AccountId = optionalText(inputs, "accountId");
    const subscription: AnomalySubscription = {
      ...toAws<AnomalySubscription>(SETTINGS, inputs),
      ...(AccountId === undefined ? {} : { AccountId }),
      SubscriptionName: text(inputs, "name"),
    };
    const command = new CreateAnomalySubscriptionCommand({
      AnomalySubscription: subscription,
      ResourceTags: tagList(operation.tags),
    });
    const { SubscriptionArn: arn = "" } = await operation.account.client(CostExplorerClient).send(command);
    operation.created(arn, { arn });
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    const changed = Object.entries(news).filter(([name]) => name in SETTINGS && isSet(olds, news, name));
    if (changed.length > 0) {
      const settings = toAws<Partial<AnomalySubscription>>(SETTINGS, Object.fromEntries(changed));
      const command = new UpdateAnomalySubscriptionCommand({ ...settings, SubscriptionArn: arn });
      await operation.account.client(CostExplorerClient).send(command);
    }
    await setTags(operation, arn, olds);
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, arn) {
    const command = new DeleteAnomalySubscriptionCommand({ SubscriptionArn: arn });
    await ifMissing(account.client(CostExplorerClient).send(command), UnknownSubscriptionException);
  },
};
