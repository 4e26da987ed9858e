/** Amazon API Gateway. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import { arn } from "../arn";
import type { Values } from "../property-values";
import { type Service, text } from "../resource-type";

const gateway = service({
  package: "@aws-sdk/client-apigatewayv2",
  client: "ApiGatewayV2Client",
  missing: ["NotFoundException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "GetTags" },
});

const api = resource({
  token: "aws:apigatewayv2/api:Api",
  service: gateway,
  id: "{id}",
  create: "CreateApi",
  read: "GetApi",
  updates: ["UpdateApi"],
  delete: { call: "DeleteApi", only: [] },
  replace: ["protocolType"],
  update: ["corsConfiguration", "description", "disableExecuteApiEndpoint", "name", "version"],
  required: ["protocolType"],
  computed: ["apiEndpoint", "arn", "executionArn"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  none: { description: "", disableExecuteApiEndpoint: false, version: "" },
  allowed: { protocolType: "ProtocolType" },
  async outputs(_, state, { account }) {
    const [id, execution] = [text(state, "id"), await arn(account, "execute-api", text(state, "id"))];
    const [partition] = execution.split(":").slice(1);
    return {
      // The emulator's own name for it is its endpoint's; distributions take AWS's.
      apiEndpoint: `https://${id}.execute-api.${account.region}.amazonaws.com`,
      arn: `arn:${partition}:apigateway:${account.region}::/apis/${id}`,
      executionArn: execution,
    };
  },
});

/** Parts of an API are known by the API's id and their own. An import gives `api/part`. */
const partOf = (own: string) => ({
  names: ["apiId", own],
  of: (values: Values) => text(values, own),
  parts: (id: string, state: Values) => {
    const [apiId = "", part] = id.split("/");
    return part === undefined ? { apiId: text(state, "apiId"), [own]: id } : { apiId, [own]: part };
  },
});

const integration = resource({
  token: "aws:apigatewayv2/integration:Integration",
  service: gateway,
  id: partOf("integrationId"),
  create: "CreateIntegration",
  read: "GetIntegration",
  updates: ["UpdateIntegration"],
  delete: { call: "DeleteIntegration", only: [] },
  replace: ["apiId", "integrationType"],
  update: ["description", "integrationMethod", "integrationUri", "payloadFormatVersion", "timeoutMilliseconds"],
  required: ["apiId", "integrationType"],
  computed: ["integrationId"],
  defaults: { payloadFormatVersion: "1.0" },
  none: { description: "" },
  names: { timeoutMilliseconds: "TimeoutInMillis" },
  allowed: { integrationType: "IntegrationType" },
});

const route = resource({
  token: "aws:apigatewayv2/route:Route",
  service: gateway,
  id: partOf("routeId"),
  create: "CreateRoute",
  read: "GetRoute",
  updates: ["UpdateRoute"],
  delete: { call: "DeleteRoute", only: [] },
  replace: ["apiId"],
  update: ["authorizationType", "routeKey", "target"],
  required: ["apiId", "routeKey"],
  computed: ["routeId"],
  defaults: { authorizationType: "NONE" },
  allowed: { authorizationType: "AuthorizationType" },
});

const stage = resource({
  token: "aws:apigatewayv2/stage:Stage",
  service: gateway,
  id: {
    names: ["apiId", "name"],
    of: (values) => text(values, "name"),
    parts: (id) => ({ apiId: id.split("/")[0] ?? "", name: id.split("/")[1] ?? "" }),
  },
  create: "CreateStage",
  read: "GetStage",
  updates: ["UpdateStage"],
  delete: { call: "DeleteStage", only: [] },
  replace: ["apiId", "name"],
  update: ["accessLogSettings", "autoDeploy", "defaultRouteSettings", "description"],
  required: ["apiId"],
  computed: ["arn", "executionArn", "invokeUrl"],
  autoName: { property: "name", maxLength: 128 },
  taggable: true,
  defaults: { autoDeploy: false },
  none: { description: "" },
  names: { name: "StageName" },
  async outputs(_, state, { account }) {
    const [id, name] = [text(state, "apiId"), text(state, "name")];
    const execution = await arn(account, "execute-api", `${id}/${name}`);
    const [partition] = execution.split(":").slice(1);
    return {
      arn: `arn:${partition}:apigateway:${account.region}::/apis/${id}/stages/${name}`,
      executionArn: execution,
      invokeUrl: `https://${id}.execute-api.${account.region}.amazonaws.com/${name === "$default" ? "" : name}`,
    };
  },
});

export const apigatewayv2: Service = { resources: [api, integration, route, stage] };
