/** AWS WAF. https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html */
import { resource } from "../engine/resource";
import { service } from "../engine/service";
import type { Values } from "../property-values";
import { type Service, text } from "../resource-type";

const api = service({
  package: "@aws-sdk/client-wafv2",
  client: "WAFV2Client",
  missing: ["WAFNonexistentItemException"],
  tags: { set: "TagResource", remove: "UntagResource", list: "ListTagsForResource" },
});

/** Web ACLs and the sets that their rules name: the creation answers a summary, and every change a new lock. */
function named(token: string, noun: string) {
  return {
    token,
    service: api,
    id: {
      names: ["id", "name", "scope"],
      of: (values: Values) => text(values, "id"),
      // An import gives `id/name/scope`.
      parts: (whole: string, state: Values) => {
        const [id = "", name = state.name ?? "", scope = state.scope ?? ""] = whole.split("/");
        return { id, name, scope };
      },
    },
    create: { call: `Create${noun}`, at: "Summary" },
    read: { call: `Get${noun}`, at: noun },
    updates: [`Update${noun}`],
    delete: { call: `Delete${noun}`, only: [] },
    computed: ["arn"],
    autoName: { property: "name", maxLength: 128 },
    taggable: true,
    busy: ["WAFAssociatedItemException"],
    retry: ["WAFUnavailableEntityException"],
  } as const;
}

/** Every change names the lock that was read before. */
const lock =
  (noun: string): NonNullable<Parameters<typeof resource>[0]["request"]> =>
  async (request, _, { account }, call) => {
    if (!call.startsWith("Update") && !call.startsWith("Delete")) return;
    const { Id, Name, Scope } = request;
    request.LockToken = (await api.send(account, `Get${noun}`, { Id, Name, Scope })).LockToken;
  };

const webAcl = resource({
  ...named("aws:wafv2/webAcl:WebAcl", "WebACL"),
  replace: ["name", "namePrefix", "scope"],
  update: ["customResponseBodies", "defaultAction", "description", "rules", "visibilityConfig"],
  required: ["defaultAction", "scope", "visibilityConfig"],
  allowed: { scope: "Scope" },
  none: { rules: [] },
  names: {
    "rules.visibilityConfig.cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
    "visibilityConfig.cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
  },
  request: lock("WebACL"),
});

const ipSet = resource({
  ...named("aws:wafv2/ipSet:IpSet", "IPSet"),
  replace: ["ipAddressVersion", "name", "namePrefix", "scope"],
  update: ["addresses", "description"],
  required: ["ipAddressVersion", "scope"],
  allowed: { ipAddressVersion: "IPAddressVersion", scope: "Scope" },
  none: { addresses: [] },
  request: lock("IPSet"),
});

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_PutLoggingConfiguration.html */
const webAclLoggingConfiguration = resource({
  token: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  service: api,
  id: "{resourceArn}",
  inside: ["LoggingConfiguration"],
  create: { call: "PutLoggingConfiguration", at: "LoggingConfiguration" },
  read: { call: "GetLoggingConfiguration", at: "LoggingConfiguration" },
  updates: ["PutLoggingConfiguration"],
  delete: { call: "DeleteLoggingConfiguration", only: [] },
  replace: ["resourceArn"],
  update: ["logDestinationConfigs", "redactedFields"],
  required: ["logDestinationConfigs", "resourceArn"],
  none: { redactedFields: [] },
});

export const wafv2: Service = { resources: [webAcl, ipSet, webAclLoggingConfiguration] };
