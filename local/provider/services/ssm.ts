/** AWS Systems Manager. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
import { resource } from "../engine/resource";
import { service, type Structure } from "../engine/service";
import { SECRET_SIGNATURE, SIGNATURE } from "../property-values";
import { type InvokeFunction, type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-ssm",
  client: "SSMClient",
  missing: ["ParameterNotFound"],
  tags: {
    set: "AddTagsToResource",
    remove: "RemoveTagsFromResource",
    list: "ListTagsForResource",
    with: { ResourceType: "Parameter" },
  },
});

const parameter = resource({
  token: "aws:ssm/parameter:Parameter",
  service: api,
  id: "{name}",
  create: "PutParameter",
  read: { call: "GetParameter", with: { WithDecryption: true } },
  updates: [{ call: "PutParameter", with: { Overwrite: true } }],
  delete: { call: "DeleteParameter", only: [] },
  replace: ["name"],
  update: ["type", "value"],
  required: ["type"],
  computed: ["arn", "dataType", "version"],
  volatile: [{ outputs: ["version"], changedBy: ["type", "value"] }],
  autoName: { property: "name", maxLength: 1011 },
  taggable: true,
  allowed: { type: "ParameterType" },
});

const getParameter: InvokeFunction = {
  token: "aws:ssm/getParameter:getParameter",
  arguments: ["name", "withDecryption"],
  async invoke(account, args) {
    const name = text(args, "name");
    const answer = await api.find(account, "GetParameter", { Name: name, WithDecryption: args.withDecryption ?? true });
    if (answer === undefined) throw new Error(`there is no SSM parameter ${name} in ${account.region}`);
    const { ARN, Type, Value, Version } = answer.Parameter as Structure;
    return {
      arn: String(ARN),
      id: name,
      insecureValue: Type === "SecureString" ? "" : String(Value),
      name,
      region: account.region,
      type: String(Type),
      value: { [SIGNATURE]: SECRET_SIGNATURE, value: String(Value) },
      version: Number(Version),
    };
  },
};

export const ssm: Service = { resources: [parameter], functions: [getParameter] };
