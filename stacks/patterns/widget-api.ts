import { resolve } from "node:path";
import { FORMATS } from "../../components/internal/formats";
import { DEFAULTS } from "../../components/widget-api/args.schema";
import { checkWidgetApi } from "../../components/widget-api/checks";
import { WidgetApi, type WidgetApiArgs } from "../../components/widget-api/widget-api";
import type { Pattern } from "../pattern";

const ROOT = resolve(__dirname, "..", "..");

export const widgetApi: Pattern<WidgetApiArgs> = {
  formats: FORMATS,
  check: (args) => checkWidgetApi(args).found(),
  deploy(name, args, opts) {
    const document = resolve(ROOT, args.document ?? DEFAULTS.WidgetApiArgs.document);
    const { service, table } = new WidgetApi(name, { ...args, document }, opts);
    return {
      apiId: service.api.id,
      stageName: service.stage.stageName,
      invokeUrl: service.stage.invokeUrl,
      accessLogGroupName: service.accessLogs.name,
      tableName: table.name,
    };
  },
};
