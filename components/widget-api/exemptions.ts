import type { ComponentExemption } from "../internal/exemptions";

export const WIDGET_API_EXEMPTIONS: readonly ComponentExemption[] = [
  {
    rule: "iam-resource-wildcard",
    component: "aws-patterns:api:AccountLogRole",
    type: "aws:iam/rolePolicy:RolePolicy",
    reason: "API Gateway has one role for the logs of all REST APIs of an account and region.",
  },
];
