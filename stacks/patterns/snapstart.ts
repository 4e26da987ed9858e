import { resolve } from "node:path";
import { FORMATS } from "../../components/internal/formats";
import { checkSnapstart } from "../../components/snapstart/checks";
import { Snapstart, type SnapstartArgs } from "../../components/snapstart/snapstart";
import type { Pattern } from "../pattern";

const ROOT = resolve(__dirname, "..", "..");

export const snapstart: Pattern<SnapstartArgs> = {
  formats: FORMATS,
  check: (args) => checkSnapstart(args).found(),
  deploy(name, args, opts) {
    const { records, service, api } = new Snapstart(name, { ...args, code: resolve(ROOT, args.code) }, opts);
    return {
      apiEndpoint: api.apiEndpoint,
      apiId: api.id,
      functionName: service.function.name,
      aliasName: service.alias.name,
      aliasArn: service.alias.arn,
      errorsAlarmName: service.errorsAlarm.name,
      tableName: records.name,
    };
  },
};
