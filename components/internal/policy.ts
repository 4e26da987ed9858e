import * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "./argument-checks";

/** One `Allow` statement of a role's policy: actions one by one, resources by ARN. */
export interface PolicyStatement {
  /** Exact actions, e.g. `route53:ChangeResourceRecordSets`. Wildcards are refused. */
  actions: readonly string[];
  /** ARNs. `*` only where AWS offers nothing narrower for the action; then say so in `reason`. */
  resources: readonly pulumi.Input<string>[];
  /** Condition operators, as in IAM's JSON. @default none */
  conditions?: Record<string, Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;
  /** Why `resources` is `*`. Required exactly then; it is documentation, not part of the policy. @default none */
  reason?: string;
}

/** Checks what can be checked before resources exist: no wildcard actions, no unexplained `*`. */
export function checkPolicies(checks: ArgumentChecks, path: string, statements: readonly PolicyStatement[]): void {
  statements.forEach(({ actions, resources, reason }, i) => {
    const at = `${path}[${i}]`;
    checks.require(actions.length > 0, {
      path: `${at}.actions`,
      received: actions,
      allowed: "at least one action",
      fix: "Name the API calls that the handler makes, or remove the statement.",
    });
    for (const action of actions) {
      checks.require(/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action), {
        path: `${at}.actions`,
        received: action,
        allowed: "exact actions such as sqs:SendMessage",
        fix: "List the actions one by one, without wildcards.",
      });
    }
    const isNamed = resources.length > 0 && !resources.includes("");
    checks.require(isNamed && (!resources.includes("*") || reason !== undefined), {
      path: `${at}.resources`,
      received: resources.filter((resource) => typeof resource === "string"),
      allowed: "ARNs; `*` only with a reason",
      fix: "Name the resources' ARNs; if AWS allows no narrower resource for these actions, say so in `reason`.",
    });
  });
}

/** IAM's JSON of the statements. */
export function policyDocument(statements: readonly PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources, conditions }) => ({
      Effect: "Allow",
      Action: [...actions],
      Resource: [...resources],
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  });
}

/** Trust policy that lets one AWS service assume a role. */
export function serviceTrust(service: string, conditions?: PolicyStatement["conditions"]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(conditions === undefined ? {} : { Condition: conditions }),
      },
    ],
  });
}

/** Statement of a resource's own policy: nobody does anything without TLS. */
export function tlsOnlyStatement(action: string, resource: pulumi.Input<string> | pulumi.Input<string>[]) {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
