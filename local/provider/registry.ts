/** Every resource type and function that the stand-in provider knows. */
import { fileOf } from "./lifecycle";
import { noteLacking } from "./own-programs";
import type { InvokeFunction, ResourceType, Service } from "./resource-type";
import { apigateway } from "./services/apigateway";
import { apigatewayv2 } from "./services/apigatewayv2";
import { cloudfront } from "./services/cloudfront";
import { codebuild } from "./services/codebuild";
import { cognito } from "./services/cognito";
import { ecr } from "./services/ecr";
import { pipes } from "./services/pipes";
import { sfn } from "./services/sfn";
import { autoscaling } from "./services/autoscaling";
import { budgets } from "./services/budgets";
import { cloudwatch } from "./services/cloudwatch";
import { costexplorer } from "./services/costexplorer";
import { dynamodb } from "./services/dynamodb";
import { ec2 } from "./services/ec2";
import { iam } from "./services/iam";
import { index } from "./services/index";
import { inspector2 } from "./services/inspector2";
import { kms } from "./services/kms";
import { lambda } from "./services/lambda";
import { organizations } from "./services/organizations";
import { route53 } from "./services/route53";
import { s3 } from "./services/s3";
import { scheduler } from "./services/scheduler";
import { securityhub } from "./services/securityhub";
import { sesv2 } from "./services/sesv2";
import { sns } from "./services/sns";
import { sqs } from "./services/sqs";
import { ssm } from "./services/ssm";
import { wafv2 } from "./services/wafv2";

const SERVICES: readonly Service[] = [
  sqs,
  apigateway,
  apigatewayv2,
  cloudfront,
  codebuild,
  cognito,
  ecr,
  pipes,
  sfn,
  autoscaling,
  budgets,
  cloudwatch,
  costexplorer,
  dynamodb,
  ec2,
  iam,
  index,
  inspector2,
  kms,
  lambda,
  organizations,
  route53,
  s3,
  scheduler,
  securityhub,
  sesv2,
  sns,
  ssm,
  wafv2,
];

export const RESOURCES: ReadonlyMap<string, ResourceType> = new Map(
  SERVICES.flatMap(({ resources }) => resources.map((type): [string, ResourceType] => [type.token, type])),
);

const FUNCTIONS: ReadonlyMap<string, InvokeFunction> = new Map(
  SERVICES.flatMap(({ functions }) => (functions ?? []).map((f): [string, InvokeFunction] => [f.token, f])),
);

function unknown(kind: string, token: string): Error {
  return new Error(
    `the local provider has no ${kind} ${token}; add an entry to ${fileOf({ token })} ` + `(see docs/local-cloud.md)`,
  );
}

/** What was another type in version 6 is one with its successor in version 7. */
const FORMER: Readonly<Record<string, string>> = { "aws:s3/bucketV2:BucketV2": "aws:s3/bucket:Bucket" };

function tokenOf(urn: string): string {
  const qualifiedType = urn.split("::")[2] ?? "";
  const token = qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
  return FORMER[token] ?? token;
}

/** The type of a resource, given its URN. */
export function findResource(urn: string): ResourceType {
  const token = tokenOf(urn);
  const type = RESOURCES.get(token);
  if (type === undefined) throw unknown("resource type", token);
  return type;
}

/** Whether the provider lacks a resource's type, and that was noted: its preview goes on. */
export function isNotedLacking(urn: string): boolean {
  const token = tokenOf(urn);
  return !RESOURCES.has(token) && noteLacking(token);
}

export function findFunction(token: string): InvokeFunction {
  const definition = FUNCTIONS.get(token);
  if (definition === undefined) {
    noteLacking(token);
    throw unknown("function", token);
  }
  return definition;
}
