import { RESOURCE_POLICIES } from "../../../policy/documents";
import { UNKNOWN, type Value } from "../../../policy/values";
import { arn, policy } from "../subjects";
import { right, type RuleSamples, wrong } from "./sample";

const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const PERMISSION = "aws:lambda/permission:Permission";
const LAYER_PERMISSION = "aws:lambda/layerVersionPermission:LayerVersionPermission";
const EVENT_PERMISSION = "aws:cloudwatch/eventPermission:EventPermission";
const ACCOUNT = "111111111111";

const lets = (Principal: Value, Condition?: Value) =>
  policy({ Effect: "Allow", Principal, Action: "sqs:SendMessage", ...(Condition === undefined ? {} : { Condition }) });
const organization = (value?: string) => ({ type: "StringEquals", key: "aws:PrincipalOrgID", value });

/** Every type that keeps such a document, in its property. */
const everywhere = (document: string) =>
  Object.entries(RESOURCE_POLICIES).map(([type, path]) => {
    const [outer = "", inner] = path.split(".");
    return { type, path, props: { [outer]: inner === undefined ? document : { [inner]: document } } };
  });

const found = (Principal: Value, Condition?: Value, property = "Principal", value: Value[] | string = "*") =>
  wrong(QUEUE_POLICY, { policy: lets(Principal, Condition) }, `policy.Statement[0].${property}`, value);

export const sharingSamples: Readonly<Record<string, RuleSamples>> = {
  "no-public-policy": {
    passes: [
      ...everywhere(lets({ AWS: `arn:aws:iam::${ACCOUNT}:root` })).map(({ type, props }) => right(type, props)),
      right(QUEUE_POLICY, { policy: lets({ Service: "events.amazonaws.com" }) }),
      right(QUEUE_POLICY, { policy: lets("*", { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:1:t" } }) }),
      // Both ways of a REST API that is reached from one VPC only.
      right("aws:apigateway/restApi:RestApi", {
        policy: policy({
          Effect: "Allow",
          Principal: "*",
          Action: "execute-api:Invoke",
          Resource: "execute-api:/*",
          Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } },
        }),
      }),
      right("aws:apigateway/restApiPolicy:RestApiPolicy", {
        policy: policy(
          { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" },
          {
            Effect: "Deny",
            Principal: "*",
            Action: "execute-api:Invoke",
            Resource: "execute-api:/*",
            Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } },
          },
        ),
      }),
      right(PERMISSION, { principal: "*", principalOrgId: "o-1" }),
      right(PERMISSION, { principal: "*", sourceArn: arn("sns", "topic") }),
      right(PERMISSION, { principal: "*", sourceArn: UNKNOWN }),
      right(PERMISSION, { principal: "s3.amazonaws.com" }),
      right(PERMISSION, { principal: ACCOUNT }),
      right(LAYER_PERMISSION, { principal: "*", organizationId: "o-1" }),
      right(LAYER_PERMISSION, { principal: ACCOUNT }),
      right(EVENT_PERMISSION, { principal: "*", condition: organization("o-1") }),
    ],
    fails: [
      ...everywhere(lets("*")).map(({ type, path, props }) =>
        wrong(type, props, `${path}.Statement[0].Principal`, "*"),
      ),
      found({ AWS: "*" }),
      found({ AWS: [ACCOUNT, "*"] }),
      found("*", { StringNotEquals: { "aws:SourceAccount": "1" } }),
      found("*", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
      found("*", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }),
      found("*", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } }),
      found("*", { StringLike: { "aws:PrincipalOrgID": "o-*" } }),
      wrong(
        QUEUE_POLICY,
        { policy: policy({ Effect: "Allow", NotPrincipal: { AWS: ACCOUNT }, Action: "sqs:SendMessage" }) },
        "policy.Statement[0].NotPrincipal",
        [ACCOUNT],
      ),
      wrong(PERMISSION, { principal: "*" }, "principal", "*"),
      wrong(PERMISSION, { principal: "*", sourceArn: "arn:aws:sns:*:*:*" }, "principal", "*"),
      wrong(PERMISSION, { principal: "*", functionUrlAuthType: "AWS_IAM" }, "principal", "*"),
      wrong(LAYER_PERMISSION, { principal: "*" }, "principal", "*"),
      wrong(EVENT_PERMISSION, { principal: "*" }, "principal", "*"),
      wrong(EVENT_PERMISSION, { principal: "*", condition: organization("o-*") }, "principal", "*"),
    ],
  },
  "lambda-permission-source": {
    passes: [
      right(PERMISSION, { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::uploads", sourceAccount: ACCOUNT }),
      right(PERMISSION, { principal: "s3.amazonaws.com", sourceArn: UNKNOWN, sourceAccount: ACCOUNT }),
      right(PERMISSION, { principal: "sns.amazonaws.com", sourceArn: arn("sns", "topic") }),
      right(PERMISSION, {
        principal: "apigateway.amazonaws.com",
        sourceArn: arn("execute-api", "a1b2c3/*/*"),
      }),
      right(PERMISSION, { principal: "config.amazonaws.com", sourceAccount: ACCOUNT }),
      right(PERMISSION, { principal: "alexa-appkit.amazon.com", eventSourceToken: "amzn1.ask.skill.1" }),
      right(PERMISSION, { principal: ACCOUNT }),
    ],
    fails: [
      {
        ...wrong(PERMISSION, { principal: "s3.amazonaws.com" }, "sourceArn", undefined),
        found: [
          { property: "sourceArn", value: undefined },
          { property: "sourceAccount", value: undefined },
        ],
      },
      wrong(
        PERMISSION,
        { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::uploads" },
        "sourceAccount",
        undefined,
      ),
      wrong(PERMISSION, { principal: "s3.amazonaws.com", sourceAccount: ACCOUNT }, "sourceArn", undefined),
      wrong(
        PERMISSION,
        { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::*", sourceAccount: ACCOUNT },
        "sourceArn",
        "arn:aws:s3:::*",
      ),
      wrong(PERMISSION, { principal: "sns.amazonaws.com" }, "sourceArn", undefined),
      wrong(
        PERMISSION,
        { principal: "events.amazonaws.com", sourceArn: "arn:aws:events:us-east-1:*:rule/*" },
        "sourceArn",
        "arn:aws:events:us-east-1:*:rule/*",
      ),
    ],
  },
};
