/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import type { Account } from "../../account";
import { containsUnknown, type Values } from "../../property-values";
import { type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkJson, documentLike, documentText } from "../documents";
import { ifMissing, known, settled } from "../support";

const MISSING = ["ResourceNotFound", "DashboardNotFoundError"];

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const question = account.client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: id }));
  const found = await ifMissing(question, ...MISSING);
  if (found === undefined) return undefined;
  const dashboardBody = documentLike(state.dashboardBody, found.DashboardBody);
  const outputs = known({ dashboardArn: found.DashboardArn, dashboardBody, dashboardName: id });
  return { id, outputs };
}

async function put(account: Account, inputs: Values): Promise<void> {
  await account.client(CloudWatchClient).send(
    new PutDashboardCommand({
      DashboardName: text(inputs, "dashboardName"),
      DashboardBody: documentText(inputs.dashboardBody),
    }),
  );
}

export const dashboard: ResourceType = {
  token: "aws:cloudwatch/dashboard:Dashboard",
  properties: { dashboardBody: "update", dashboardName: "replace" },
  required: ["dashboardBody", "dashboardName"],
  computed: ["dashboardArn"],
  check: ({ dashboardBody, dashboardName: name }) => [
    ...checkJson("dashboardBody", dashboardBody),
    ...(typeof name === "string" && !containsUnknown(name) && !/^[\w-]{1,255}$/.test(name)
      ? [{ property: "dashboardName", reason: `received "${name}"; 1 to 255 letters, digits, - and _` }]
      : []),
  ],
  async create(operation, inputs) {
    const name = text(inputs, "dashboardName");
    await put(operation.account, inputs);
    operation.created(name);
    return settled(read, operation, name, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    await put(operation.account, news);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id) {
    const deletion = account.client(CloudWatchClient).send(new DeleteDashboardsCommand({ DashboardNames: [id] }));
    await ifMissing(deletion, ...MISSING);
  },
};
