/** Functions that CloudFront runs, and others that look alike. */
import { UNKNOWN, type Known, type Values } from "../../../policy/values";
import type { Failing, Sample } from "./sample";
import { arn, policy, subject } from "../subjects";

export const FUNCTION = "aws:lambda/function:Function";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

const ROLE_ARN = "arn:aws:iam::111111111111:role/edge-1a2b3c";
const LAMBDA_ARN = arn("lambda", "function:headers");

export const published = (props: Values) =>
  subject(FUNCTION, { publish: true, role: ROLE_ARN, ...props }, { outputs: { arn: LAMBDA_ARN, ...props } });

/** A role that some services may take. */
export const roleOf = (...services: string[]) =>
  subject(
    "aws:iam/role:Role",
    {
      name: "edge-1a2b3c",
      assumeRolePolicy: policy({ Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" }),
    },
    { outputs: { arn: ROLE_ARN } },
  );
export const EDGE_ROLE = roleOf("lambda.amazonaws.com", "edgelambda.amazonaws.com");
export const PLAIN_ROLE = roleOf("lambda.amazonaws.com");

const behaviour = (lambdaArn: Values[string]): Values => ({
  lambdaFunctionAssociations: [{ eventType: "viewer-request", lambdaArn }],
});
const distribution = (props: Values, dependencies = {}) => subject(DISTRIBUTION, props, { dependencies });

/** Samples of a function that is at the edge, by its role or by a distribution. */
export function atEdge(props: Values): Sample[] {
  const lambda = published(props);
  const others = [
    [EDGE_ROLE],
    [PLAIN_ROLE, distribution({ defaultCacheBehavior: behaviour(`${LAMBDA_ARN}:3`) })],
    [distribution({ defaultCacheBehavior: {}, orderedCacheBehaviors: [behaviour(`${LAMBDA_ARN}:3`)] })],
    [distribution({ defaultCacheBehavior: behaviour(UNKNOWN) }, { defaultCacheBehavior: [lambda.urn] })],
  ];
  return others.map((beside) => ({ subject: lambda, others: beside }));
}

/** Samples of functions that are not, or cannot be, although something of it is there. */
export function notAtEdge(props: Values, property: string, value: Known): Failing[] {
  const found = [{ property, value }];
  const elsewhere = distribution({ defaultCacheBehavior: behaviour(arn("lambda", "function:other:1")) });
  return [
    { subject: published(props), others: [PLAIN_ROLE, elsewhere], found },
    { subject: published(props), found },
    { subject: published({ ...props, publish: false }), others: [EDGE_ROLE], found },
    { subject: published({ ...props, region: "eu-west-1" }), others: [EDGE_ROLE], found },
    { subject: published({ ...props, environment: { variables: { A: "b" } } }), others: [EDGE_ROLE], found },
    { subject: published({ ...props, vpcConfig: { subnetIds: ["subnet-1"] } }), others: [EDGE_ROLE], found },
  ];
}
