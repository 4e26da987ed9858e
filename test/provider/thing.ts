/** A resource type, and an account, for tests of what all types share. */
import { Account } from "../../local/provider/account";
import type { ResourceType } from "../../local/provider/resource-type";

export const URN = "urn:pulumi:dev::patterns::aws:test/thing:Thing::the-logical-name";

export function thing(more: Partial<ResourceType> = {}): ResourceType {
  return {
    token: "aws:test/thing:Thing",
    properties: { name: "replace", size: "update", policy: "update" },
    computed: ["arn"],
    autoName: { property: "name", maxLength: 24 },
    taggable: true,
    create: (_operation, inputs) => Promise.resolve({ id: String(inputs.name), outputs: { arn: "arn:1" } }),
    read: (_operation, id) => Promise.resolve({ id, outputs: {} }),
    update: () => Promise.resolve({}),
    delete: () => Promise.resolve(),
    ...more,
  };
}

/** An account that needs no AWS to know who it is. */
export function account(defaultTags: Record<string, string> = {}): Account {
  const made = new Account({
    region: "us-east-1",
    accessKey: "111122223333",
    secretKey: "x",
    defaultTags: JSON.stringify({ tags: defaultTags }),
  });
  made.id = () => Promise.resolve("111122223333");
  return made;
}
