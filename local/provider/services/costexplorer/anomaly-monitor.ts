/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalyMonitor.html */
import {
  type AnomalyMonitor,
  CostExplorerClient,
  CreateAnomalyMonitorCommand,
  DeleteAnomalyMonitorCommand,
  type Expression,
  GetAnomalyMonitorsCommand,
  type MonitorDimension,
  type MonitorType,
  UnknownMonitorException,
  UpdateAnomalyMonitorCommand,
} from "@aws-sdk/client-cost-explorer";
import { containsUnknown, isEqual, type Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkJson, documentLike, optionalDocument } from "../documents";
import { actual, ifMissing, settled, tagList } from "../support";
import { checkName, setTags, tagsOf } from "./common";

/** AWS answers every member of an expression, those without a value as null. */
function specificationText(specification: Expression | undefined): string | undefined {
  return specification === undefined
    ? undefined
    : JSON.stringify(specification, (_key, value: unknown) => value ?? undefined);
}

/** Programs write an expression as the Go SDK prints it, with null for what is not given. */
function specificationOf(inputs: Values): Expression | undefined {
  const document = optionalDocument(inputs.monitorSpecification);
  if (document === undefined) return undefined;
  return JSON.parse(document, (_key, value: unknown) => value ?? undefined) as Expression;
}

async function find(client: CostExplorerClient, arn: string): Promise<AnomalyMonitor | undefined> {
  const question = client.send(new GetAnomalyMonitorsCommand({ MonitorArnList: [arn], MaxResults: 1 }));
  return (await ifMissing(question, UnknownMonitorException))?.AnomalyMonitors?.[0];
}

async function read({ account }: Operation, arn: string, state: Values): Promise<ResourceState | undefined> {
  const found = await find(account.client(CostExplorerClient), arn);
  if (found === undefined) return undefined;
  const answered = specificationText(found.MonitorSpecification);
  const isSame = answered !== undefined && answered === JSON.stringify(specificationOf(state));
  const outputs = actual(state, {
    arn,
    monitorDimension: found.MonitorDimension,
    monitorSpecification: isSame ? state.monitorSpecification : documentLike(state.monitorSpecification, answered),
    monitorType: found.MonitorType,
    name: found.MonitorName,
    tagsAll: await tagsOf(account, arn),
  });
  return { id: arn, outputs };
}

function check(inputs: Values): CheckFailure[] {
  const { monitorType: type, monitorDimension: dimension, monitorSpecification: specification } = inputs;
  const isClear = ![type, dimension, specification].some(containsUnknown);
  const wanted = type === "CUSTOM" ? "monitorSpecification" : "monitorDimension";
  const unwanted = type === "CUSTOM" ? "monitorDimension" : "monitorSpecification";
  const known = isClear && (type === "CUSTOM" || type === "DIMENSIONAL");
  return [
    ...checkOneOf("monitorType", type, ["DIMENSIONAL", "CUSTOM"]),
    ...checkOneOf("monitorDimension", dimension, ["SERVICE", "LINKED_ACCOUNT", "TAG", "COST_CATEGORY"]),
    ...checkJson("monitorSpecification", specification),
    ...checkName(inputs.name),
    ...(known && inputs[wanted] === undefined
      ? [{ property: wanted, reason: `missing, and required for a monitor of type ${type}` }]
      : []),
    ...(known && inputs[unwanted] !== undefined
      ? [{ property: unwanted, reason: `not for a monitor of type ${type}, which has ${wanted}` }]
      : []),
  ];
}

export const anomalyMonitor: ResourceType = {
  token: "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
  properties: {
    monitorDimension: "replace",
    monitorSpecification: "replace",
    monitorType: "replace",
    name: "update",
  },
  required: ["monitorType"],
  computed: ["arn"],
  autoName: { property: "name", maxLength: 1024 },
  taggable: true,
  check,
  async create(operation, inputs) {
    const command = new CreateAnomalyMonitorCommand({
      AnomalyMonitor: {
        MonitorDimension: optionalText(inputs, "monitorDimension") as MonitorDimension | undefined,
        MonitorName: text(inputs, "name"),
        MonitorSpecification: specificationOf(inputs),
        MonitorType: text(inputs, "monitorType") as MonitorType,
      },
      ResourceTags: tagList(operation.tags),
    });
    const { MonitorArn: arn = "" } = await operation.account.client(CostExplorerClient).send(command);
    operation.created(arn, { arn });
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    if (!isEqual(olds.name, news.name)) {
      const command = new UpdateAnomalyMonitorCommand({ MonitorArn: arn, MonitorName: text(news, "name") });
      await operation.account.client(CostExplorerClient).send(command);
    }
    await setTags(operation, arn, olds);
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, arn) {
    const deletion = account.client(CostExplorerClient).send(new DeleteAnomalyMonitorCommand({ MonitorArn: arn }));
    await ifMissing(deletion, UnknownMonitorException);
  },
};
