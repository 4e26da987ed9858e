import type { PatternSample } from "../../support/sample";

export const SAMPLE: PatternSample = {
  minimal: {
    accountKind: "management",
    guardrails: [{ name: "a", targets: ["ou-abcd-12345678"], protectedRoles: ["aws-patterns-deployer"] }],
    budgets: [{ name: "all", monthlyUsd: 1000 }],
    anomalies: {},
    costAllocationTags: ["owner"],
  },
  policy: {
    args: {
      accountKind: "management",
      guardrails: [{ name: "all", targets: ["/"], protectedRoles: ["aws-patterns-deployer"], gravitonOnly: true }],
      budgets: [{ name: "all", monthlyUsd: 1 }],
      anomalies: {},
      costAllocationTags: ["owner"],
    },
  },
  scenarios: {},
};
