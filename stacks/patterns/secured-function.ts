import { resolve } from "node:path";
import { checkSecuredFunctionUrl } from "../../components/secured-function/checks";
import { FORMATS } from "../../components/secured-function/formats";
import { SecuredFunctionUrl, type SecuredFunctionUrlArgs } from "../../components/secured-function/secured-function";
import type { Pattern } from "../pattern";

const ROOT = resolve(__dirname, "..", "..");

export const securedFunctionUrl: Pattern<SecuredFunctionUrlArgs> = {
  formats: FORMATS,
  check: (args) => checkSecuredFunctionUrl(args).found(),
  deploy(name, args, opts) {
    const site = args.site === undefined ? {} : { site: resolve(ROOT, args.site) };
    const made = new SecuredFunctionUrl(name, { ...args, ...site }, opts);
    return {
      url: made.url,
      functionUrl: made.functionUrl.functionUrl,
      functionName: made.lambda.function.name,
      distributionId: made.distribution.id,
      userPoolId: made.directory.pool.id,
      clientId: made.client.id,
      signInUrl: made.directory.url,
      bucketDomainName: made.site?.bucket.bucketRegionalDomainName,
      settingsParameterName: made.settingsParameter.name,
    };
  },
};
