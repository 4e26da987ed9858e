import { resolve } from "node:path";
import { checkNextjsSite } from "../../components/nextjs-site/checks";
import { FORMATS } from "../../components/nextjs-site/formats";
import { NextjsSite, type NextjsSiteArgs } from "../../components/nextjs-site/nextjs-site";
import type { Pattern } from "../pattern";

const ROOT = resolve(__dirname, "..", "..");

export const nextjsSite: Pattern<NextjsSiteArgs> = {
  formats: FORMATS,
  check: (args) => checkNextjsSite(args).found(),
  deploy(name, args, opts) {
    const { assets, server, distribution, url } = new NextjsSite(
      name,
      { ...args, application: resolve(ROOT, args.application) },
      opts,
    );
    return {
      url,
      domainName: distribution.domainName,
      distributionId: distribution.id,
      bucketName: assets.bucket.bucket,
      syncFunctionName: assets.sync.function.name,
      functionName: server.function.name,
      apiId: server.api.id,
    };
  },
};
