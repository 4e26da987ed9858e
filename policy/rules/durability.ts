/** What can be restored, and what cannot be deleted by mistake. */
import { properties, type Rule, type RuleSettings, type Subject } from "../rule";
import { isTrue } from "../values";

/** Whether a resource is one of production: by the settings, else by its stack's name. */
export function isProduction({ urn }: Subject, { production }: RuleSettings): boolean {
  const [, , stack = ""] = urn.split("::")[0]?.split(":") ?? [];
  return production ?? ["prod", "production"].includes(stack);
}

/** Flags that keep a resource from being deleted, by type. */
export const PROTECTIONS: Readonly<Record<string, string>> = {
  "aws:cognito/userPool:UserPool": "deletionProtection",
  "aws:docdb/cluster:Cluster": "deletionProtection",
  "aws:dynamodb/table:Table": "deletionProtectionEnabled",
  "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection",
  "aws:neptune/cluster:Cluster": "deletionProtection",
  "aws:rds/cluster:Cluster": "deletionProtection",
  "aws:rds/instance:Instance": "deletionProtection",
};

export const durabilityRules: readonly Rule[] = [
  {
    id: "table-recovery",
    title: "Tables can be restored to any second of the last 35 days",
    reason: "What a mistake of a program deletes or overwrites is lost otherwise.",
    remedy: "Set pointInTimeRecovery to { enabled: true }.",
    severity: "mandatory",
    ...properties({ "aws:dynamodb/table:Table": "pointInTimeRecovery.enabled" }, isTrue),
  },
  {
    id: "deletion-protection",
    title: "In production, tables, databases, user pools and load balancers are protected from deletion",
    reason: "One wrong argument that replaces the resource would delete it with what it holds.",
    remedy: 'Switch the protection on (for user pools: "ACTIVE").',
    severity: "mandatory",
    parameters: ["production"],
    ...properties(
      PROTECTIONS,
      (value, subject, settings) => isTrue(value) || value === "ACTIVE" || !isProduction(subject, settings),
    ),
  },
];
