import * as assert from "node:assert/strict";
import { join } from "node:path";
import type { PutItemCommandInput, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import * as fc from "fast-check";
import { OpenApiDocument } from "../../../components/open-api/document";
import type { WidgetApiDeps } from "../../../handlers/widget-api/clients";
import { makeHandler as filterWidgets } from "../../../handlers/widget-api/filter-widgets";
import { makeHandler as getWidget } from "../../../handlers/widget-api/get-widget";
import { makeHandler as listByColor } from "../../../handlers/widget-api/list-by-color";
import { makeHandler as putWidget } from "../../../handlers/widget-api/put-widget";
import type { Item, Widget } from "../../../handlers/widget-api/widgets";
import { valueOf } from "../../support/mocks";

const document = new OpenApiDocument(
  join(__dirname, "..", "..", "..", "apps", "widget-api", "api", "apiSkeleton.yaml"),
);
const SPROCKET: Widget = { widgetname: "sprocket", color: "Red", count: 3 };

class Refused extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** A table that keeps conditions as DynamoDB does; `pause` is asked before each call, and after each write. */
class Table {
  item: Item | undefined;
  readonly written: Item[] = [];
  readonly queries: QueryCommandInput[] = [];
  refusal: Error | undefined;

  constructor(private readonly pause: () => Promise<unknown> = () => Promise.resolve()) {}

  async getItem() {
    await this.pause();
    return this.item === undefined ? {} : { Item: this.item };
  }

  async putItem({ Item, ExpressionAttributeValues }: PutItemCommandInput) {
    await this.pause();
    const before = ExpressionAttributeValues?.[":before"]?.N;
    if (before !== this.item?.version?.N) throw new Refused("ConditionalCheckFailedException");
    this.item = Item;
    this.written.push(Item ?? {});
    await this.pause();
  }

  query(input: QueryCommandInput) {
    this.queries.push(input);
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    return Promise.resolve({ Items: [], LastEvaluatedKey: { widgetname: { S: "a" }, color: { S: "Red" } } });
  }
}

const depsOf = (table: Table, errors: unknown[] = []): WidgetApiDeps => ({
  table,
  telemetry: { error: (_, error) => void errors.push(error) },
});

const event = (change: object): APIGatewayProxyEvent =>
  ({ headers: {}, pathParameters: null, multiValueQueryStringParameters: null, ...change }) as APIGatewayProxyEvent;
const query = (values: Record<string, string | string[]>): APIGatewayProxyEvent =>
  event({
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, [value].flat()]),
    ),
  });

const bodyOf = ({ body }: APIGatewayProxyResult): Record<string, unknown> =>
  JSON.parse(body) as Record<string, unknown>;

describe("the handlers of widget-api", () => {
  const tableName = "widgets";
  let schemas: Record<string, string>;
  before(async () => {
    const operations = ["putWidget", "getWidget", "listByColor", "filterWidgets"];
    const entries = await Promise.all(operations.map(async (id) => [id, await valueOf(document.schemas(id))] as const));
    schemas = Object.fromEntries(entries);
  });

  const of = (id: string) => ({ tableName, schemas: schemas[id] ?? "" });
  const put = (table: Table, widget: unknown, headers: Record<string, string> = {}) =>
    putWidget(of("putWidget"), depsOf(table))(event({ headers, body: JSON.stringify(widget) }));
  const byColor = (table: Table, values: Record<string, string | string[]>, errors?: unknown[]) =>
    listByColor({ ...of("listByColor"), byColor: "byColor" }, depsOf(table, errors))(query(values));
  const filter = (table: Table, values: Record<string, string>) =>
    filterWidgets({ ...of("filterWidgets"), byCount: "all", byColorAndCount: "color" }, depsOf(table))(query(values));

  it("create a widget once, and lose no change, in whatever order requests meet", async () => {
    const change = fc.record({ count: fc.integer({ min: 0, max: 2 }), match: fc.constantFrom(undefined, 1, 2) });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(change, { minLength: 2, maxLength: 5 }), async (scheduler, changes) => {
        const table = new Table(() => scheduler.schedule(Promise.resolve()));
        const all = changes.map(async ({ count, match }) => {
          const headers: Record<string, string> = match === undefined ? {} : { "if-match": `"${match}"` };
          return { count, answer: await put(table, { ...SPROCKET, count }, headers) };
        });
        const answers = await scheduler.waitFor(Promise.all(all));
        // Versions are 1, 2, 3…, each written once.
        assert.deepEqual(
          table.written.map(({ version }) => version?.N),
          table.written.map((_, i) => String(i + 1)),
        );
        const created = answers.filter(({ answer }) => answer.statusCode === 201);
        assert.equal(created.length, table.written.length === 0 ? 0 : 1);
        // Who got 200 or 201 has the count of the version that the answer names.
        for (const { count, answer } of answers.filter(({ answer }) => answer.statusCode <= 201)) {
          const version = Number(String(answer.headers?.etag).replaceAll('"', ""));
          assert.equal(table.written[version - 1]?.count?.N, String(count));
        }
        for (const { answer } of answers) assert.ok([200, 201, 409, 412].includes(answer.statusCode));
      }),
    );
  });

  it("answer a widget with its version, or that there is none", async () => {
    const table = new Table();
    const get = () => getWidget(of("getWidget"), depsOf(table))(event({ pathParameters: { widgetname: "sprocket" } }));
    assert.equal((await get()).statusCode, 404);
    await put(table, SPROCKET);
    const found = await get();
    assert.deepEqual([bodyOf(found), found.headers?.etag], [SPROCKET, '"1"']);
  });

  it("refuse what the document does not allow, before they ask DynamoDB", async () => {
    const table = new Table();
    const refusals: readonly [Promise<APIGatewayProxyResult>, number, RegExp][] = [
      [put(table, { ...SPROCKET, color: "Purple", count: -1 }), 400, /color: .*; count: /],
      [put(table, { ...SPROCKET, more: 1 }), 400, /more/],
      [put(table, SPROCKET, { "if-match": "1" }), 400, /^if-match: /],
      [put(table, SPROCKET, { "Content-Type": "text/plain" }), 415, /application\/json/],
      [byColor(table, {}), 400, /^color: missing$/],
      [byColor(table, { color: ["Red", "Blue"] }), 400, /^color: given 2 times$/],
      [byColor(table, { color: "Red", limit: "1e1" }), 400, /^limit: /],
      [byColor(table, { color: "Red", limit: "101" }), 400, /^limit: /],
      [byColor(table, { color: "Red", pageToken: "e30x" }), 400, /^pageToken: /],
      [filter(table, { minimumCount: "5", maximumCount: "4" }), 400, /more than maximumCount/],
    ];
    for (const [refusal, status, detail] of refusals) {
      const answer = await refusal;
      assert.equal(answer.statusCode, status, answer.body);
      assert.equal(answer.headers?.["content-type"], "application/problem+json");
      assert.match(String(bodyOf(answer).detail), detail);
    }
    assert.deepEqual([table.queries, table.written], [[], []]);
  });

  it("ask one index of what is asked for, from where the page before ended", async () => {
    const table = new Table();
    const { nextPageToken } = bodyOf(await byColor(table, { color: "Red" }));
    await byColor(table, { color: "Red", limit: "7", pageToken: String(nextPageToken) });
    await filter(table, { minimumCount: "5" });
    await filter(table, { color: "Red" });
    assert.deepEqual(
      table.queries.map(({ IndexName, Limit, ExclusiveStartKey }) => [
        IndexName,
        Limit,
        ExclusiveStartKey !== undefined,
      ]),
      [
        ["byColor", 25, false],
        ["byColor", 7, true],
        ["all", 25, false],
        ["color", 25, false],
      ],
    );
  });

  it("tell a token that is not theirs from a failure of DynamoDB", async () => {
    const [table, errors] = [new Table(), [] as unknown[]];
    const token = Buffer.from(JSON.stringify({ color: { S: "Red" } })).toString("base64url");
    table.refusal = new Refused("ValidationException");
    assert.equal((await byColor(table, { color: "Red", pageToken: token }, errors)).statusCode, 400);
    assert.equal((await byColor(table, { color: "Red" }, errors)).statusCode, 500);
    assert.deepEqual(errors, [table.refusal]);
  });
});
