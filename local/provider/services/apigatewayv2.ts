/** Amazon API Gateway. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import { arn } from "../arn";
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
    return { arn: `arn:${partition}:apigateway:${account.region}::/apis/${id}`, executionArn: execution };
  },
});

export const apigatewayv2: Service = { resources: [api] };
