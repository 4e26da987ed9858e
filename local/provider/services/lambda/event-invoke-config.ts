/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigRequest,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import type { Account } from "../../account";
import type { Values } from "../../property-values";
import { type Operation, optionalText, type ResourceState, type ResourceType, text } from "../../resource-type";
import { checkRange } from "../checks";
import { checkShape, nested, number, presentState, type Shape, text as string, toAws } from "../shape";
import { ifMissing, settled } from "../support";
import { FILE } from "./configuration";

const CONFIGURATION: Shape = {
  destinationConfig: nested({
    onFailure: nested({ destination: string }),
    onSuccess: nested({ destination: string }),
  }),
  maximumEventAgeInSeconds: number,
  maximumRetryAttempts: number,
};

function target(values: Values): { FunctionName: string; Qualifier: string | undefined } {
  return { FunctionName: text(values, "functionName"), Qualifier: optionalText(values, "qualifier") };
}

/** The whole configuration, so that what the program leaves out goes back to Lambda's defaults. */
async function put(account: Account, inputs: Values): Promise<void> {
  const request: PutFunctionEventInvokeConfigRequest = { ...toAws(CONFIGURATION, inputs), ...target(inputs) };
  await account.client(LambdaClient).send(new PutFunctionEventInvokeConfigCommand(request));
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const command = new GetFunctionEventInvokeConfigCommand(target(state));
  const found = await ifMissing(account.client(LambdaClient).send(command), ResourceNotFoundException);
  return found === undefined ? undefined : { id, outputs: presentState(CONFIGURATION, state, found) };
}

export const functionEventInvokeConfig: ResourceType = {
  token: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  properties: {
    ...Object.fromEntries(Object.keys(CONFIGURATION).map((name) => [name, "update"])),
    functionName: "replace",
    qualifier: "replace",
  },
  required: ["functionName"],
  defaults: { maximumRetryAttempts: 2 },
  check: (inputs) => [
    ...checkShape(CONFIGURATION, inputs, FILE),
    ...checkRange("maximumRetryAttempts", inputs.maximumRetryAttempts, 0, 2),
    ...checkRange("maximumEventAgeInSeconds", inputs.maximumEventAgeInSeconds, 60, 21_600),
  ],
  async create(operation, inputs) {
    await put(operation.account, inputs);
    const { FunctionName: name, Qualifier: qualifier } = target(inputs);
    const id = qualifier === undefined ? name : `${name}:${qualifier}`;
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    await put(operation.account, news);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, _id, state) {
    const command = new DeleteFunctionEventInvokeConfigCommand(target(state));
    await ifMissing(account.client(LambdaClient).send(command), ResourceNotFoundException);
  },
};
