import type { ComponentExemption } from "../internal/exemptions";

export const NEXTJS_SITE_EXEMPTIONS: readonly ComponentExemption[] = [
  {
    rule: "edge-firewall",
    component: "aws-patterns:nextjs:SiteEdge",
    type: "aws:cloudfront/distribution:Distribution",
    reason: "A site for everybody; its API limits requests, and webAclArn is for sites that need more than that.",
  },
];
