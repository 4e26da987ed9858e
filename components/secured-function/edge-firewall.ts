import * as aws from "@pulumi/aws";
import { Component, type ComponentOptions } from "../building-blocks/component";
import { withDefaults } from "../internal/argument-checks";
import type { Firewall } from "./args";
import { DEFAULTS } from "./args.schema";

/** Where CloudFront's firewalls are, and their logs, whatever the region of the stack. */
const EDGE_REGION = "us-east-1";

/** What a request may have that no log shows: codes come back in the query string. */
const SECRET_HEADERS = ["authorization", "cookie", "x-authorization"];

type Rule = Pick<aws.types.input.wafv2.WebAclRule, "action" | "overrideAction" | "statement"> & {
  readonly name: string;
};

/**
 * A web ACL of AWS WAF for CloudFront: no countries but those named, so many requests from each address, AWS's managed
 * rules; each request in a log, without what signs people in.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html
 */
export class EdgeFirewall extends Component {
  readonly acl: aws.wafv2.WebAcl;
  readonly logGroup: aws.cloudwatch.LogGroup;

  constructor(name: string, args: Firewall, opts?: ComponentOptions) {
    super("secured", name, opts);
    const { countries, requestsPerAddress, managedRules } = withDefaults(DEFAULTS.Firewall, args);
    const metric = (role: string) => ({
      cloudwatchMetricsEnabled: true,
      metricName: this.named(role),
      sampledRequestsEnabled: false,
    });
    const first: Rule[] = [
      {
        name: "countries",
        action: { block: {} },
        statement: { notStatement: { statement: { geoMatchStatement: { countryCodes: [...countries] } } } },
      },
      {
        name: "requests-per-address",
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: {
          rateBasedStatement: { aggregateKeyType: "IP", evaluationWindowSec: 300, limit: requestsPerAddress },
        },
      },
    ];
    const managed: Rule[] = managedRules.map((group) => ({
      name: `AWSManagedRules${group}`,
      // The group's own actions hold.
      overrideAction: { none: {} },
      statement: { managedRuleGroupStatement: { vendorName: "AWS", name: `AWSManagedRules${group}` } },
    }));
    const rules = [...first, ...managed].map((rule, priority) => ({
      ...rule,
      priority,
      visibilityConfig: metric(rule.name),
    }));
    this.acl = new aws.wafv2.WebAcl(
      this.named("acl"),
      {
        region: EDGE_REGION,
        scope: "CLOUDFRONT",
        description: `Who gets as far as ${this.componentName}`,
        defaultAction: { allow: {} },
        rules,
        visibilityConfig: metric("acl"),
      },
      this.child,
    );
    this.logGroup = this.createLog();
    this.registerOutputs({ aclArn: this.acl.arn });
  }

  /** WAF writes to log groups of such names only. */
  private createLog(): aws.cloudwatch.LogGroup {
    const logs = new aws.cloudwatch.LogGroup(
      this.named("logs"),
      { region: EDGE_REGION, namePrefix: `aws-waf-logs-${this.componentName}-`, retentionInDays: 30 },
      this.child,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      this.named("logging"),
      {
        region: EDGE_REGION,
        resourceArn: this.acl.arn,
        logDestinationConfigs: [logs.arn],
        redactedFields: [...SECRET_HEADERS.map((name) => ({ singleHeader: { name } })), { queryString: {} }],
      },
      this.child,
    );
    return logs;
  }
}
