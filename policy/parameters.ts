/** JSON schemas of the settings that a policy's configuration may hold; the engine checks them. */
import type { PolicyConfigSchema } from "@pulumi/policy";
import type { RuleSettings } from "./rule";

type Property = PolicyConfigSchema["properties"][string];

const text: Property = { type: "string" };
const listOfTexts: Property = { type: "array", items: text };

export const PARAMETERS: Readonly<Record<keyof RuleSettings, Property>> = {
  regions: { ...listOfTexts, description: "Regions where resources may be. Default: all." },
  zones: { ...listOfTexts, description: "Zones where resources may be; * stands for any characters. Default: all." },
  requiredTags: { ...listOfTexts, description: "Tags that everything has. Default: owner, environment, cost-center." },
  tags: {
    type: "object",
    additionalProperties: text,
    description: "Values for required tags that are missing. Default: none.",
  },
  production: {
    type: "boolean",
    description: "Whether the stack is one of production. Default: whether its name is prod or production.",
  },
  logRetentionDays: { type: "integer", description: "Days that logs are kept where nothing is said. Default: 30." },
  encryptLogs: { type: "boolean", description: "Whether log groups need a key of the customer's. Default: false." },
};

const EXEMPTIONS: Property = {
  type: "array",
  description: "Resources for which the rule does not hold, each by name or URN (* stands for any characters).",
  items: {
    type: "object",
    properties: { rule: text, resource: text, reason: { ...text, minLength: 1 } },
    required: ["rule", "resource", "reason"],
    additionalProperties: false,
  },
};

/** What a policy may be given: its parameters, and exemptions from it. */
export function configSchema(parameters: readonly (keyof RuleSettings)[] = []): PolicyConfigSchema {
  const own = parameters.map((parameter) => [parameter, PARAMETERS[parameter]] as const);
  return { properties: { ...Object.fromEntries(own), exemptions: EXEMPTIONS } };
}
