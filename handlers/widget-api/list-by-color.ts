/** `GET /reports/color` */
import { documented } from "../shared/documented";
import { productionDeps, type WidgetApiDeps } from "./clients";
import { page } from "./pages";
import type { WidgetSettings } from "./widgets";

export interface ListByColorSettings extends WidgetSettings {
  readonly byColor: string;
}

export function makeHandler(settings: ListByColorSettings, deps: WidgetApiDeps = productionDeps()) {
  const { tableName, schemas, byColor } = settings;
  return documented(schemas, deps.telemetry, ({ parameters }) => {
    const query = {
      TableName: tableName,
      IndexName: byColor,
      KeyConditionExpression: "color = :color",
      ExpressionAttributeValues: { ":color": { S: String(parameters.color) } },
    };
    return page(deps.table, query, parameters);
  });
}
