import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { alarmTopics, checkName, Component, type ComponentOptions } from "../building-blocks/component";
import { withDefaults } from "../internal/argument-checks";
import { buildOf } from "./application";
import type { NextjsSiteArgs } from "./args";
import { DEFAULTS } from "./args.schema";
import { SiteAssets } from "./assets";
import { checkNextjsSite } from "./checks";
import { SiteEdge } from "./edge";
import { SiteServer } from "./server";

export type * from "./args";

/**
 * A Next.js application that was built with `output: "standalone"`: its public files in a private bucket, its server in
 * a function behind an API, CloudFront in front of both.
 *
 * ```ts
 * new NextjsSite("shop", { application: "apps/shop" });
 * ```
 *
 * Arguments win over defaults. Invariants: HTTPS, a bucket that one distribution alone may read, arm64, Node.js 24, logs
 * of requests. The files of a build are there before its server runs, and those of the former one stay for
 * `keepReplacedDays`.
 *
 * @throws ArgumentsError naming every wrong argument, or all that is wrong with the build, before any resource is
 *   registered
 * @see https://aws.amazon.com/blogs/compute/running-next-js-applications-with-serverless-services-on-aws/
 */
export class NextjsSite extends Component {
  readonly assets: SiteAssets;
  readonly server: SiteServer;
  readonly distribution: aws.cloudfront.Distribution;
  /** Where the site is: its first name, or CloudFront's. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: NextjsSiteArgs, opts?: ComponentOptions) {
    const checks = checkNextjsSite(args);
    checkName(checks, name);
    checks.finish(`NextjsSite "${name}"`);
    const settings = withDefaults(DEFAULTS.NextjsSiteArgs, args);
    const build = buildOf(`NextjsSite "${name}"`, settings);
    super("nextjs", name, opts, { ...args });
    const { memoryMegabytes, timeoutSeconds, requestsPerSecond, keepReplacedDays, environment = {} } = settings;
    const topics = alarmTopics(args);
    this.assets = new SiteAssets(this.named("site"), { build, keepReplacedDays, ...topics }, this.child);
    this.server = new SiteServer(
      this.named("server"),
      {
        ...{ build, memoryMegabytes, timeoutSeconds, requestsPerSecond, environment },
        policies: args.policies ?? [],
        after: [this.assets.put],
        ...topics,
      },
      this.child,
    );
    const { domain, priceClass, webAclArn } = settings;
    const edge = new SiteEdge(
      this.named("edge"),
      { assets: this.assets, api: this.server.api, patterns: build.patterns, domain, priceClass, webAclArn },
      this.child,
    );
    this.distribution = edge.distribution;
    this.assets.allow(this.distribution);
    this.assets.finish(this.distribution, [...this.server.running, this.distribution]);
    this.url = this.distribution.domainName.apply((own) => `https://${domain?.names[0] ?? own}`);
    this.registerOutputs({ url: this.url });
  }
}
