/**
 * `PUT /widget`: creates a widget, or changes the version that `if-match` names. Whatever is sent twice is done once,
 * since each write has the condition that what it goes by still holds.
 */
import { documented } from "../shared/documented";
import { answer, Problem } from "../shared/problem";
import { productionDeps, type WidgetApiDeps } from "./clients";
import { isSame, itemOf, tagOf, versionOf, type Widget, widgetOf, type WidgetSettings } from "./widgets";

export function makeHandler({ tableName, schemas }: WidgetSettings, deps: WidgetApiDeps = productionDeps()) {
  const { table } = deps;

  /** Writes unless somebody else was faster. */
  async function write(widget: Widget, version: number): Promise<boolean> {
    const condition =
      version === 1
        ? { ConditionExpression: "attribute_not_exists(widgetname)" }
        : {
            ConditionExpression: "version = :before",
            ExpressionAttributeValues: { ":before": { N: String(version - 1) } },
          };
    try {
      await table.putItem({ TableName: tableName, Item: itemOf(widget, version), ...condition });
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }

  async function kept(widgetname: string) {
    const { Item } = await table.getItem({
      TableName: tableName,
      Key: { widgetname: { S: widgetname } },
      ConsistentRead: true,
    });
    return Item;
  }

  return documented(schemas, deps.telemetry, async ({ parameters, body }) => {
    const widget = body as Widget;
    const match = parameters["if-match"];
    const version = match === undefined ? 1 : Number(String(match).replaceAll('"', "")) + 1;
    if (await write(widget, version)) {
      return answer(version === 1 ? 201 : 200, widget, { etag: tagOf(version) });
    }
    const item = await kept(widget.widgetname);
    // The same request as before, whose answer was perhaps lost, or another one for the same.
    if (item !== undefined && isSame(widgetOf(item), widget) && (match === undefined || versionOf(item) === version)) {
      return answer(200, widget, { etag: tagOf(versionOf(item)) });
    }
    if (match !== undefined) throw new Problem(412, "The widget has another version. Get it again.");
    throw new Problem(409, "There is another widget of this name. To change it, send its etag as if-match.");
  });
}
