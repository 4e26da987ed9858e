/** What reaches the server's function when browsers open a page with 30 files: through the component's distribution. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudFrontClient, CreateDistributionCommand, GetDistributionConfigCommand } from "@aws-sdk/client-cloudfront";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { NextjsSite } from "../../components/nextjs-site/nextjs-site";
import { bootstrapAccountId, rootCredentials } from "../../local/cloud";
import type { LocalRun } from "../../local/local-run";
import { SITE } from "../../local/stories/nextjs-site/build";
import type { Figures } from "../support/benchmark";
import { ask } from "./http";
import { stackOf } from "./program";

const FILES = 30;
const picture = (n: number): string => `/pictures/${n}.svg`;

/** The sample with more pictures; its server has all public files, too, so that it can do without a bucket. */
function makeApplication(folder: string): void {
  cpSync(join(SITE, ".next"), join(folder, ".next"), { recursive: true, verbatimSymlinks: true });
  cpSync(join(SITE, "public"), join(folder, "public"), { recursive: true });
  mkdirSync(join(folder, "public", "pictures"));
  for (let n = 1; n <= FILES; n++) {
    const text = `<svg xmlns="http://www.w3.org/2000/svg"><text>${n}</text></svg>`;
    writeFileSync(join(folder, "public", picture(n)), text);
  }
  const standalone = join(folder, ".next", "standalone");
  cpSync(join(folder, "public"), join(standalone, "public"), { recursive: true });
  cpSync(join(folder, ".next", "static"), join(standalone, ".next", "static"), { recursive: true });
}

class Viewer {
  private readonly client;

  constructor(
    private readonly run: LocalRun,
    private readonly logGroupName: string,
  ) {
    const credentials = rootCredentials(bootstrapAccountId);
    this.client = { region: "us-east-1", endpoint: run.cloud.endpoint, credentials };
  }

  /** The same distribution, but everything comes from the server. @returns its name */
  async withoutBehaviours(Id: string): Promise<string> {
    const cloudFront = new CloudFrontClient(this.client);
    const { DistributionConfig } = await cloudFront.send(new GetDistributionConfigCommand({ Id }));
    if (DistributionConfig === undefined) throw new Error(`there is no distribution ${Id}`);
    const { CacheBehaviors: _, ...rest } = DistributionConfig;
    const config = { ...rest, CallerReference: "without behaviours" };
    const { Distribution } = await cloudFront.send(new CreateDistributionCommand({ DistributionConfig: config }));
    return Distribution?.DomainName ?? "";
  }

  /** Opens the home page, the files that it names, and as many pictures as make 30 files. */
  async open(domainName: string): Promise<{ requests: number; edgeHits: number; serverRequests: number }> {
    const before = await this.invocations();
    const page = await this.get(domainName, "/");
    const named = page.body.toString().match(/\/(_next\/static|static)\/[^"\\ ]+/g) ?? [];
    const files = new Set([...named, ...Array.from({ length: FILES }, (_, i) => picture(i + 1))]);
    let [requests, edgeHits] = [1, 0];
    for (const path of [...files].slice(0, FILES)) {
      const { headers } = await this.get(domainName, path);
      requests += 1;
      if (String(headers["x-cache"]).startsWith("Hit")) edgeHits += 1;
    }
    return { requests, edgeHits, serverRequests: (await this.invocations()) - before };
  }

  private async get(host: string, path: string) {
    const headers = { host, "x-forwarded-proto": "https", "user-agent": "bench" };
    const answer = await ask(`${this.run.cloud.endpoint}${path}`, { headers });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body.toString().slice(0, 300)}`);
    return answer;
  }

  /** Lambda logs a report of each. */
  private async invocations(): Promise<number> {
    const { logGroupName } = this;
    const filter = new FilterLogEventsCommand({ logGroupName, filterPattern: '"REPORT RequestId"' });
    const { events = [] } = await new CloudWatchLogsClient(this.client).send(filter);
    return events.length;
  }
}

/** The first view of a page after a deployment, and one by somebody else. */
async function views(viewer: Viewer, domainName: string): Promise<Figures> {
  const [cold, warm] = [await viewer.open(domainName), await viewer.open(domainName)];
  return {
    requestsOfView: cold.requests,
    serverRequestsColdEdge: cold.serverRequests,
    serverRequestsWarmEdge: warm.serverRequests,
    edgeHitsWarmEdge: warm.edgeHits,
  };
}

/** @param folder that becomes an application */
export async function pageViews(run: LocalRun, folder: string): Promise<{ ours: Figures; withoutBehaviours: Figures }> {
  makeApplication(folder);
  const stack = await stackOf(run, "page-view", async () => {
    const { distribution, server } = new NextjsSite("site", { application: folder });
    return Promise.resolve({
      id: distribution.id,
      domainName: distribution.domainName,
      logGroupName: server.function.loggingConfig.logGroup,
    });
  });
  const { outputs } = await stack.up({ signal: run.signal });
  const output = (name: string): string => String(outputs[name]?.value);
  const viewer = new Viewer(run, output("logGroupName"));
  return {
    ours: await views(viewer, output("domainName")),
    withoutBehaviours: await views(viewer, await viewer.withoutBehaviours(output("id"))),
  };
}
