/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
import {
  type Architecture,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  type FunctionCode,
  type FunctionConfiguration,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  type PackageType,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  ResourceNotFoundException,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { isEqual, type Values } from "../../property-values";
import {
  optionalBoolean,
  optionalNumber,
  type Operation,
  optionalText,
  type ResourceState,
  type ResourceType,
  text,
  texts,
} from "../../resource-type";
import { ifMissing, known, settled, until, whileRefused } from "../support";
import { zipOf } from "./archive";
import { changedSettings, checkFunction, configurationState, SETTINGS, settings } from "./configuration";
import { updateTags } from "./tags";

const CODE = ["code", "s3Bucket", "s3Key", "s3ObjectVersion", "imageUri", "sourceCodeHash", "sourceKmsKeyArn"];
/** Everything that Lambda gets anew when one of it changes. */
const PACKAGE = [...CODE, "architectures"];
/** What a newly published version changes. */
const PUBLISHED = ["qualifiedArn", "qualifiedInvokeArn", "version"];
/** A new role takes some seconds until Lambda may assume it. */
const ROLE_NOT_YET = "cannot be assumed by Lambda";

async function codeOf(inputs: Values): Promise<FunctionCode> {
  const imageUri = optionalText(inputs, "imageUri");
  if (imageUri !== undefined) return { ImageUri: imageUri };
  const key = optionalText(inputs, "sourceKmsKeyArn");
  const encryption = key === undefined ? {} : { SourceKMSKeyArn: key };
  if (inputs.code !== undefined) return { ZipFile: await zipOf(inputs.code), ...encryption };
  return {
    S3Bucket: text(inputs, "s3Bucket"),
    S3Key: text(inputs, "s3Key"),
    S3ObjectVersion: optionalText(inputs, "s3ObjectVersion"),
    ...encryption,
  };
}

async function ready(client: LambdaClient, name: string): Promise<void> {
  await until(`the Lambda function ${name} to be active`, async () => {
    const now = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    if (now.State === "Failed") throw new Error(`the function failed: ${now.StateReason ?? "no reason given"}`);
    if (now.LastUpdateStatus === "Failed") {
      throw new Error(`the update failed: ${now.LastUpdateStatusReason ?? "no reason given"}`);
    }
    return now.State === "Pending" || now.LastUpdateStatus === "InProgress" ? undefined : true;
  });
}

async function latestVersion(client: LambdaClient, name: string): Promise<string> {
  let latest = "$LATEST";
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListVersionsByFunctionCommand({ FunctionName: name, Marker }));
    // Versions come in ascending order.
    latest = page.Versions?.at(-1)?.Version ?? latest;
    Marker = page.NextMarker;
  } while (Marker !== undefined && Marker !== "");
  return latest;
}

export function invokeArn(region: string, arn: string, path = "2015-03-31", tail = "invocations"): string {
  const partition = arn.split(":")[1] ?? "aws";
  return `arn:${partition}:apigateway:${region}:lambda:path/${path}/functions/${arn}/${tail}`;
}

function identity(region: string, configuration: FunctionConfiguration, version: string, state: Values): Values {
  const arn = (configuration.FunctionArn ?? "").replace(/^((?:[^:]*:){6}[^:]+).*$/, "$1");
  const qualifiedArn = `${arn}:${version}`;
  const hash = configuration.CodeSha256 ?? "";
  const isForeign = state.codeSha256 !== undefined && state.codeSha256 !== hash;
  return known({
    arn,
    qualifiedArn,
    version,
    invokeArn: invokeArn(region, arn),
    qualifiedInvokeArn: invokeArn(region, qualifiedArn),
    responseStreamingInvokeArn: invokeArn(region, arn, "2021-11-15", "response-streaming-invocations"),
    codeSha256: hash,
    sourceCodeHash: isForeign ? hash : (state.sourceCodeHash ?? hash),
    sourceCodeSize: configuration.CodeSize ?? 0,
    lastModified: configuration.LastModified,
    signingJobArn: configuration.SigningJobArn ?? "",
    signingProfileVersionArn: configuration.SigningProfileVersionArn ?? "",
  });
}

async function read({ account }: Operation, name: string, state: Values): Promise<ResourceState | undefined> {
  const client = account.client(LambdaClient);
  const found = await ifMissing(client.send(new GetFunctionCommand({ FunctionName: name })), ResourceNotFoundException);
  if (found?.Configuration === undefined) return undefined;
  const { Configuration: configuration, Tags: tagsAll = {} } = found;
  const version = state.publish === true ? await latestVersion(client, name) : "$LATEST";
  const outputs = known({
    name: configuration.FunctionName,
    packageType: configuration.PackageType,
    architectures: configuration.Architectures,
    reservedConcurrentExecutions: found.Concurrency?.ReservedConcurrentExecutions ?? -1,
    imageUri: found.Code?.ImageUri,
    ...identity(account.region, configuration, version, state),
  });
  return { id: name, outputs: { ...configurationState(state, configuration), ...outputs, tagsAll } };
}

async function setConcurrency(client: LambdaClient, name: string, inputs: Values): Promise<void> {
  const reserved = optionalNumber(inputs, "reservedConcurrentExecutions") ?? -1;
  if (reserved < 0) {
    await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
  } else {
    await client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: reserved }),
    );
  }
}

async function setCode(client: LambdaClient, name: string, news: Values): Promise<void> {
  await client.send(
    new UpdateFunctionCodeCommand({
      FunctionName: name,
      Architectures: texts(news, "architectures") as Architecture[],
      ...(await codeOf(news)),
    }),
  );
  await ready(client, name);
}

/** What the state says stays as the program has it; Lambda's own answers come beside. */
async function outcome(operation: Operation, name: string, inputs: Values): Promise<Values> {
  return (await settled(read, operation, name, inputs)).outputs;
}

export const lambdaFunction: ResourceType = {
  token: "aws:lambda/function:Function",
  properties: {
    ...Object.fromEntries([...SETTINGS, ...CODE].map((name) => [name, "update"])),
    name: "replace",
    packageType: "replace",
    architectures: "update",
    publish: "update",
    reservedConcurrentExecutions: "update",
    skipDestroy: "update",
  },
  required: ["role"],
  computed: [
    "arn",
    "codeSha256",
    "invokeArn",
    "lastModified",
    "qualifiedArn",
    "qualifiedInvokeArn",
    "responseStreamingInvokeArn",
    "signingJobArn",
    "signingProfileVersionArn",
    "sourceCodeHash",
    "sourceCodeSize",
    "version",
  ],
  volatile: [
    { outputs: ["codeSha256", "sourceCodeHash", "sourceCodeSize"], changedBy: PACKAGE },
    { outputs: ["lastModified"], changedBy: [...PACKAGE, ...SETTINGS] },
    { outputs: PUBLISHED, changedBy: ["publish"] },
    { outputs: PUBLISHED, changedBy: [...PACKAGE, ...SETTINGS], onlyWith: "publish" },
  ],
  autoName: { property: "name", maxLength: 64 },
  taggable: true,
  defaults: {
    architectures: ["x86_64"],
    memorySize: 128,
    packageType: "Zip",
    publish: false,
    reservedConcurrentExecutions: -1,
    skipDestroy: false,
    timeout: 3,
  },
  check: checkFunction,
  async create(operation, inputs) {
    const client = operation.account.client(LambdaClient);
    const name = text(inputs, "name");
    const command = new CreateFunctionCommand({
      ...settings(inputs),
      FunctionName: name,
      Role: text(inputs, "role"),
      Code: await codeOf(inputs),
      PackageType: text(inputs, "packageType") as PackageType,
      Architectures: texts(inputs, "architectures") as Architecture[],
      Publish: optionalBoolean(inputs, "publish"),
      Tags: { ...operation.tags },
    });
    await whileRefused(() => client.send(command), [ROLE_NOT_YET], { timeoutSeconds: 10 });
    operation.created(name);
    await ready(client, name);
    if ((optionalNumber(inputs, "reservedConcurrentExecutions") ?? -1) >= 0) {
      await setConcurrency(client, name, inputs);
    }
    return { id: name, outputs: await outcome(operation, name, inputs) };
  },
  read,
  async update(operation, name, olds, news) {
    const client = operation.account.client(LambdaClient);
    const changed = (properties: readonly string[]): boolean =>
      properties.some((property) => news[property] !== undefined && !isEqual(olds[property], news[property]));
    const request = changedSettings(olds, news);
    const isCoded = changed(PACKAGE);
    if (request !== undefined) {
      const command = new UpdateFunctionConfigurationCommand({ ...request, FunctionName: name });
      await whileRefused(() => client.send(command), [ROLE_NOT_YET], { timeoutSeconds: 10 });
      await ready(client, name);
    }
    if (isCoded) await setCode(client, name, news);
    if (changed(["reservedConcurrentExecutions"])) await setConcurrency(client, name, news);
    if (news.publish === true && (request !== undefined || isCoded || olds.publish !== true)) {
      await client.send(new PublishVersionCommand({ FunctionName: name }));
    }
    await updateTags(operation, text(olds, "arn"), olds);
    return outcome(operation, name, news);
  },
  async delete({ account }, name, state) {
    if (state.skipDestroy === true) return;
    await ifMissing(
      account.client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: name })),
      ResourceNotFoundException,
    );
  },
};
