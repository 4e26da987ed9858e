/** Resources for rules to look at. */
import type { Subject } from "../../policy/rule";
import type { Value, Values } from "../../policy/values";

export const STACK = "test";

/** A provider with all the tags that are required. */
export const PROVIDER: Values = {
  region: "us-east-1",
  defaultTags: JSON.stringify({ tags: { owner: "edge@example.com", environment: "test", "cost-center": "2100" } }),
};

/** A resource named like the last part of its type. */
export function subject(type: string, props: Values, more: Partial<Subject> = {}): Subject {
  const name = more.name ?? `my-${type.slice(type.lastIndexOf(":") + 1).toLowerCase()}`;
  const urn = `urn:pulumi:${STACK}::aws-patterns::pulumi:pulumi:Stack$${type}::${name}`;
  return { type, name, urn, props, outputs: props, provider: PROVIDER, ...more };
}

/** The ARN that `named` gives. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:us-east-1:111111111111:${resource}`;
}

/** A policy document as components register it. */
export function policy(...statements: Record<string, Value>[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A statement that lets nobody in without TLS. */
export function tlsOnly(action: string): Record<string, Value> {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  return { Effect: "Deny", Principal: "*", Action: action, Resource: "*", Condition };
}
