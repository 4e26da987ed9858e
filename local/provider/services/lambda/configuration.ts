/** A function's settings, between Pulumi's properties and Lambda's. */
import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import { Architecture, Runtime } from "@aws-sdk/client-lambda";
import { containsUnknown, isEqual, type Value, type Values } from "../../property-values";
import { type CheckFailure, list, optionalObject } from "../../resource-type";
import { checkExactlyOne, checkOneOf, checkRange } from "../checks";
import {
  boolean,
  checkShape,
  named,
  nested,
  number,
  presentState,
  record,
  type Shape,
  text,
  texts,
  toAws,
} from "../shape";

export const FILE = "local/provider/services/lambda.ts";

/** What UpdateFunctionConfiguration takes under the same names; `fileSystemConfig` is a list there. */
export const CONFIGURATION: Shape = {
  role: text,
  handler: text,
  runtime: text,
  description: text,
  timeout: number,
  memorySize: number,
  layers: texts,
  kmsKeyArn: named("KMSKeyArn", text),
  environment: nested({ variables: record }),
  deadLetterConfig: nested({ targetArn: text }),
  tracingConfig: nested({ mode: text }),
  ephemeralStorage: nested({ size: number }),
  loggingConfig: nested({ applicationLogLevel: text, logFormat: text, logGroup: text, systemLogLevel: text }),
  snapStart: nested({ applyOn: text, optimizationStatus: text }),
  vpcConfig: nested({ subnetIds: texts, securityGroupIds: texts, ipv6AllowedForDualStack: boolean, vpcId: text }),
  imageConfig: nested({
    commands: named("Command", texts),
    entryPoints: named("EntryPoint", texts),
    workingDirectory: text,
  }),
};

const FILE_SYSTEM: Shape = { arn: text, localMountPath: text };

/** Everything of a function that is no setting of the code package itself. */
export const SETTINGS = [...Object.keys(CONFIGURATION), "fileSystemConfig"];

/** How Lambda is told that something is no longer wanted; other settings stay when the program leaves them out. */
const ABSENT: Readonly<Partial<Record<string, Partial<UpdateFunctionConfigurationRequest>>>> = {
  description: { Description: "" },
  layers: { Layers: [] },
  kmsKeyArn: { KMSKeyArn: "" },
  environment: { Environment: { Variables: {} } },
  deadLetterConfig: { DeadLetterConfig: { TargetArn: "" } },
  snapStart: { SnapStart: { ApplyOn: "None" } },
  vpcConfig: { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
  imageConfig: { ImageConfig: {} },
  fileSystemConfig: { FileSystemConfigs: [] },
};

type Settings = Omit<UpdateFunctionConfigurationRequest, "FunctionName">;

export function settings(inputs: Values): Settings {
  const request = toAws<Settings>(CONFIGURATION, inputs);
  const fileSystem = optionalObject(inputs, "fileSystemConfig");
  // Lambda answers these two, and takes them from nobody.
  if (request.VpcConfig !== undefined) delete (request.VpcConfig as { VpcId?: string }).VpcId;
  if (request.SnapStart !== undefined) delete (request.SnapStart as { OptimizationStatus?: string }).OptimizationStatus;
  return {
    ...request,
    ...(fileSystem === undefined ? {} : { FileSystemConfigs: [toAws(FILE_SYSTEM, fileSystem)] }),
  };
}

function isGiven(values: Values, name: string): boolean {
  const value = values[name];
  return value !== undefined && value !== null && value !== "" && !isEqual(value, []) && !isEqual(value, {});
}

/** The settings to send so that Lambda has those of `news`; undefined when it has them already. */
export function changedSettings(olds: Values, news: Values): Settings | undefined {
  const ended = Object.entries(ABSENT).filter(([name]) => isGiven(olds, name) && !isGiven(news, name));
  const changed = SETTINGS.some((name) => isGiven(news, name) && !isEqual(olds[name], news[name]));
  if (!changed && ended.length === 0) return undefined;
  return Object.assign(settings(news), ...ended.map(([, absent]) => absent)) as Settings;
}

function withFew(configuration: FunctionConfiguration): object {
  const { VpcConfig: vpc, ...rest } = configuration;
  return {
    ...rest,
    Layers: configuration.Layers?.map(({ Arn }) => Arn),
    ImageConfig: configuration.ImageConfigResponse?.ImageConfig,
    // A function outside of any VPC answers empty lists.
    ...((vpc?.SubnetIds ?? []).length > 0 ? { VpcConfig: vpc } : {}),
  };
}

export function configurationState(state: Values, configuration: FunctionConfiguration): Values {
  const fileSystem = presentState({ fileSystemConfig: nested(FILE_SYSTEM) }, state, {
    FileSystemConfig: configuration.FileSystemConfigs?.[0],
  });
  const { snapStart, ...values } = presentState(CONFIGURATION, state, withFew(configuration));
  // "None" is what every function has that was never given a setting.
  const isOff = configuration.SnapStart?.ApplyOn !== "PublishedVersions" && state.snapStart === undefined;
  return { ...values, ...fileSystem, ...(isOff || snapStart === undefined ? {} : { snapStart }) };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API)|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

function checkEnvironment(inputs: Values): CheckFailure[] {
  const variables = optionalObject(optionalObject(inputs, "environment") ?? {}, "variables");
  if (variables === undefined) return [];
  const at = (name: string): string => `environment.variables.${name}`;
  const names = Object.keys(variables).flatMap((name): CheckFailure[] => {
    if (RESERVED.test(name)) return [{ property: at(name), reason: "a name that Lambda reserves; choose another" }];
    if (/^[A-Za-z]\w+$/.test(name)) return [];
    return [{ property: at(name), reason: `received "${name}"; a letter, then at least one letter, digit or _` }];
  });
  const size = Buffer.byteLength(JSON.stringify(variables));
  const tooLarge = size > 4096 && !containsUnknown(variables);
  return [
    ...names,
    ...(tooLarge ? [{ property: "environment.variables", reason: `received ${size} bytes; Lambda takes 4096` }] : []),
  ];
}

function checkArn(property: string, value: Value | undefined, services: readonly string[]): CheckFailure[] {
  if (typeof value !== "string" || value === "" || containsUnknown(value)) return [];
  const service = /^arn:[\w-]+:([\w-]+):/.exec(value)?.[1];
  if (service !== undefined && services.includes(service)) return [];
  return [{ property, reason: `received "${value}"; expected an ARN of ${services.join(" or ")}` }];
}

function checkNames(inputs: Values): CheckFailure[] {
  const { name } = inputs;
  if (typeof name !== "string" || containsUnknown(name) || /^[\w-]{1,64}$/.test(name)) return [];
  return [{ property: "name", reason: `received "${name}"; 1 to 64 letters, digits, - and _` }];
}

function checkPackage(inputs: Values): CheckFailure[] {
  if (containsUnknown(inputs.packageType)) return [];
  if (inputs.packageType === "Image") {
    return inputs.imageUri === undefined ? [{ property: "imageUri", reason: "missing; packageType is Image" }] : [];
  }
  const missing = ["handler", "runtime"].filter((name) => inputs[name] === undefined);
  return [
    ...checkExactlyOne(inputs, ["code", "s3Bucket"], "code"),
    ...missing.map((property) => ({ property, reason: "missing, and required for a .zip package" })),
    ...(inputs.s3Bucket !== undefined && inputs.s3Key === undefined
      ? [{ property: "s3Key", reason: "missing; s3Bucket is given" }]
      : []),
  ];
}

function checkLogging(inputs: Values): CheckFailure[] {
  const logging = optionalObject(inputs, "loggingConfig") ?? {};
  const levels = ["applicationLogLevel", "systemLogLevel"].filter((name) => logging[name] !== undefined);
  return [
    ...checkOneOf("loggingConfig.logFormat", logging.logFormat, ["JSON", "Text"]),
    ...checkOneOf("loggingConfig.applicationLogLevel", logging.applicationLogLevel, [
      "TRACE",
      "DEBUG",
      "INFO",
      "WARN",
      "ERROR",
      "FATAL",
    ]),
    ...checkOneOf("loggingConfig.systemLogLevel", logging.systemLogLevel, ["DEBUG", "INFO", "WARN"]),
    ...(logging.logFormat === "Text" && levels.length > 0
      ? levels.map((name) => ({ property: `loggingConfig.${name}`, reason: 'levels need logFormat "JSON"' }))
      : []),
  ];
}

export function checkFunction(inputs: Values): CheckFailure[] {
  const nestedValue = (name: string, property: string): Value | undefined => optionalObject(inputs, name)?.[property];
  return [
    ...checkShape({ ...CONFIGURATION, fileSystemConfig: nested(FILE_SYSTEM) }, inputs, FILE),
    ...checkNames(inputs),
    ...checkPackage(inputs),
    ...checkArn("role", inputs.role, ["iam"]),
    ...checkRange("timeout", inputs.timeout, 1, 900),
    ...checkRange("memorySize", inputs.memorySize, 128, 10240),
    ...checkRange("reservedConcurrentExecutions", inputs.reservedConcurrentExecutions, -1, 1_000_000),
    ...checkRange("ephemeralStorage.size", nestedValue("ephemeralStorage", "size"), 512, 10240),
    ...checkOneOf("runtime", inputs.runtime, Object.values(Runtime)),
    ...checkOneOf("packageType", inputs.packageType, ["Zip", "Image"]),
    ...checkOneOf("tracingConfig.mode", nestedValue("tracingConfig", "mode"), ["Active", "PassThrough"]),
    ...checkOneOf("snapStart.applyOn", nestedValue("snapStart", "applyOn"), ["PublishedVersions", "None"]),
    ...checkArn("deadLetterConfig.targetArn", nestedValue("deadLetterConfig", "targetArn"), ["sqs", "sns"]),
    ...list(inputs, "architectures").flatMap((architecture, i) =>
      checkOneOf(`architectures[${i}]`, architecture, Object.values(Architecture)),
    ),
    ...(list(inputs, "layers").length > 5
      ? [{ property: "layers", reason: `received ${list(inputs, "layers").length}; a function has at most 5` }]
      : []),
    ...checkEnvironment(inputs),
    ...checkLogging(inputs),
  ];
}
