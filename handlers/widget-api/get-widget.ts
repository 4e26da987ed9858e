/** `GET /widget/{widgetname}` */
import { documented } from "../shared/documented";
import { answer, Problem } from "../shared/problem";
import { productionDeps, type WidgetApiDeps } from "./clients";
import { tagOf, versionOf, widgetOf, type WidgetSettings } from "./widgets";

export function makeHandler({ tableName, schemas }: WidgetSettings, deps: WidgetApiDeps = productionDeps()) {
  return documented(schemas, deps.telemetry, async ({ parameters }) => {
    const Key = { widgetname: { S: String(parameters.widgetname) } };
    const { Item } = await deps.table.getItem({ TableName: tableName, Key, ConsistentRead: true });
    if (Item === undefined) throw new Problem(404, "There is no widget of this name.");
    return answer(200, widgetOf(Item), { etag: tagOf(versionOf(Item)) });
  });
}
