/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  LambdaClient,
  ResourceNotFoundException,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { containsUnknown, isObject, type Values } from "../../property-values";
import {
  type Operation,
  optionalObject,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { actual, ifMissing, settled } from "../support";
import { invokeArn } from "./function";

function weights(values: Values): Record<string, number> {
  const given = optionalObject(optionalObject(values, "routingConfig") ?? {}, "additionalVersionWeights") ?? {};
  return Object.fromEntries(Object.entries(given).map(([version, weight]) => [version, Number(weight)]));
}

function isUnknown(routingConfig: Values, version: string): boolean {
  return containsUnknown(optionalObject(routingConfig, "additionalVersionWeights")?.[version]);
}

function request(values: Values): {
  FunctionVersion: string;
  Description: string;
  RoutingConfig: { AdditionalVersionWeights: Record<string, number> };
} {
  return {
    FunctionVersion: text(values, "functionVersion"),
    Description: optionalText(values, "description") ?? "",
    RoutingConfig: { AdditionalVersionWeights: weights(values) },
  };
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const command = new GetAliasCommand({ FunctionName: text(state, "functionName"), Name: text(state, "name") });
  const found = await ifMissing(account.client(LambdaClient).send(command), ResourceNotFoundException);
  if (found === undefined) return undefined;
  const { AliasArn: arn = "", RoutingConfig: routing } = found;
  const shares = routing?.AdditionalVersionWeights ?? {};
  const outputs = actual(state, {
    arn,
    description: found.Description ?? "",
    functionVersion: found.FunctionVersion,
    invokeArn: invokeArn(account.region, arn),
    name: found.Name,
    routingConfig: Object.keys(shares).length > 0 ? { additionalVersionWeights: shares } : undefined,
  });
  return { id, outputs };
}

export const alias: ResourceType = {
  token: "aws:lambda/alias:Alias",
  properties: {
    description: "update",
    functionName: "replace",
    functionVersion: "update",
    name: "replace",
    routingConfig: "update",
  },
  required: ["functionName", "functionVersion"],
  computed: ["arn", "invokeArn"],
  autoName: { property: "name", maxLength: 128 },
  check: ({ routingConfig }) =>
    isObject(routingConfig)
      ? Object.entries(weights({ routingConfig }))
          .filter(([version, weight]) => !isUnknown(routingConfig, version) && !(weight >= 0 && weight <= 1))
          .map(([version, weight]) => ({
            property: `routingConfig.additionalVersionWeights.${version}`,
            reason: `received ${weight}; expected a share from 0 to 1`,
          }))
      : [],
  async create(operation, inputs) {
    const command = new CreateAliasCommand({
      ...request(inputs),
      FunctionName: text(inputs, "functionName"),
      Name: text(inputs, "name"),
    });
    const { AliasArn: arn = "" } = await operation.account.client(LambdaClient).send(command);
    operation.created(arn, { arn });
    return settled(read, operation, arn, inputs);
  },
  read,
  async update(operation, arn, olds, news) {
    const command = new UpdateAliasCommand({
      ...request(news),
      FunctionName: text(olds, "functionName"),
      Name: text(olds, "name"),
    });
    await operation.account.client(LambdaClient).send(command);
    return (await settled(read, operation, arn, news)).outputs;
  },
  async delete({ account }, _id, state) {
    const command = new DeleteAliasCommand({ FunctionName: text(state, "functionName"), Name: text(state, "name") });
    await ifMissing(account.client(LambdaClient).send(command), ResourceNotFoundException);
  },
};
