/** `GET /reports/filterpage` */
import { documented } from "../shared/documented";
import { Problem } from "../shared/problem";
import { productionDeps, type WidgetApiDeps } from "./clients";
import { page } from "./pages";
import { KIND, type WidgetSettings } from "./widgets";

export interface FilterWidgetsSettings extends WidgetSettings {
  readonly byCount: string;
  readonly byColorAndCount: string;
}

/** More than a widget can have. */
const MOST = 1_000_000;

export function makeHandler(settings: FilterWidgetsSettings, deps: WidgetApiDeps = productionDeps()) {
  const { tableName, schemas, byCount, byColorAndCount } = settings;
  return documented(schemas, deps.telemetry, ({ parameters }) => {
    const { color, minimumCount: least = 0, maximumCount: most = MOST } = parameters;
    if (least > most) throw new Problem(400, "minimumCount: more than maximumCount");
    const query = {
      TableName: tableName,
      IndexName: color === undefined ? byCount : byColorAndCount,
      KeyConditionExpression: "#group = :group AND #count BETWEEN :least AND :most",
      ExpressionAttributeNames: { "#group": color === undefined ? "kind" : "color", "#count": "count" },
      ExpressionAttributeValues: {
        ":group": { S: color === undefined ? KIND : String(color) },
        ":least": { N: String(least) },
        ":most": { N: String(most) },
      },
      ScanIndexForward: false,
    };
    return page(deps.table, query, parameters);
  });
}
