/** Widgets by an API that its document describes: kept, changed, listed by page, removed; what is wrong is refused. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { OpenApiDocument } from "../../components";
import { appFolder, buildApp, npmCi } from "../toolchain/apps";
import { checkNoTables, outputOf } from "./account";
import { eventually, type PlayedContext, type Story } from "./story";
import { type Answer, widgetClient, type Widget, type WidgetList } from "./widget-api/client";
import { showPage } from "./widget-api/page";

type Client = ReturnType<typeof widgetClient>;

const SPROCKET: Widget = { widgetname: "sprocket", color: "Red", count: 3 };

function expect(answer: Answer<unknown>, status: number): void {
  if (answer.status !== status)
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  const isProblem = answer.contentType === "application/problem+json";
  if (status >= 400 && !(isProblem && answer.body.type !== undefined && answer.body.title !== undefined)) {
    throw new Error(`${answer.contentType}: ${JSON.stringify(answer.body)} is no problem as RFC 9457 has it`);
  }
}

/** All widgets of a report, page by page. */
async function all(
  page: (pageToken?: string) => Promise<Answer<WidgetList>>,
): Promise<{ widgets: Widget[]; pages: number }> {
  const widgets: Widget[] = [];
  for (let pages = 1, token: string | undefined; ; pages++) {
    const answer = await page(token);
    expect(answer, 200);
    widgets.push(...answer.body.widgets);
    token = answer.body.nextPageToken;
    if (token === undefined) return { widgets, pages };
  }
}

function expectNames(widgets: readonly Widget[], names: readonly string[]): void {
  const found = widgets.map(({ widgetname }) => widgetname).join();
  if (found !== names.join()) throw new Error(`${found} instead of ${names.join()}`);
}

async function playWrites(context: PlayedContext, widgets: Client): Promise<void> {
  await context.step("A widget is created once, however often it is sent", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => widgets.put(SPROCKET)));
    const created = answers.filter(({ status }) => status === 201).length;
    const same = answers.filter(({ status, etag }) => status === 200 && etag === '"1"').length;
    if (created !== 1 || same !== 4) throw new Error(answers.map(({ status }) => status).join());
    return "201 once, 200 four times";
  });

  await context.step("It changes by its version, and no change is lost", async () => {
    expect(await widgets.put({ ...SPROCKET, count: 4 }), 409);
    const races = await Promise.all([5, 6, 7].map((count) => widgets.put({ ...SPROCKET, count }, '"1"')));
    const statuses = races
      .map(({ status }) => status)
      .sort()
      .join();
    if (statuses !== "200,412,412") throw new Error(statuses);
    const { body, etag } = await widgets.get("sprocket");
    if (etag !== '"2"' || body.count < 5) throw new Error(JSON.stringify(body));
    return "409 without if-match; of three changes of version 1 one holds, the others get 412";
  });
}

async function playRefusals(context: PlayedContext, widgets: Client): Promise<void> {
  await context.step("What the document does not allow is refused, in one shape", async () => {
    const send = (body: string, headers?: Record<string, string>) =>
      widgets.call("PUT", "/widget", { body, ...(headers === undefined ? {} : { headers }) });
    const short = await send(JSON.stringify({ widgetname: "x", color: "Red" }));
    expect(short, 400);
    if (short.body.detail?.includes('["count"]') !== true) throw new Error(JSON.stringify(short.body));
    expect(await send("{"), 400);
    expect(await send(JSON.stringify(SPROCKET), { "content-type": "text/plain" }), 415);
    expect(await widgets.call("GET", "/reports/color", { query: { color: "Purple" } }), 400);
    expect(await widgets.call("GET", "/reports/color"), 400);
    expect(await widgets.call("GET", "/reports/color", { query: { color: "Red", limit: 101 } }), 400);
    expect(await widgets.byColor({ color: "Red", pageToken: "forged" }), 400);
    expect(await widgets.get("not%20a%20name"), 400);
    expect(await widgets.get("nothing"), 404);
    return short.body.detail;
  });

  await context.step("Who does not sign gets the answer of a path that is not there", async () => {
    const unsigned = await widgets.call("GET", "/widget/sprocket", { signed: false });
    const nowhere = await widgets.call("GET", "/nowhere");
    expect(unsigned, 401);
    if (JSON.stringify(unsigned.body) !== JSON.stringify(nowhere.body)) throw new Error(JSON.stringify(nowhere.body));
    return unsigned.body.detail ?? "";
  });
}

async function playReports(context: PlayedContext, widgets: Client): Promise<void> {
  await context.step("Reports come by page, each widget once, in order", async () => {
    const names = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"];
    for (const [i, widgetname] of names.entries()) {
      expect(await widgets.put({ widgetname, color: "Blue", count: 100 + (i % 3) }), 201);
    }
    const isWhole = (answer: Answer<WidgetList>) => answer.body.widgets.length === names.length;
    // An index follows its table, but not at once.
    await eventually("all are in the index", context.signal, () => widgets.byColor({ color: "Blue" }), isWhole);
    const blue = await all((pageToken) => widgets.byColor({ color: "Blue", limit: 3, ...token(pageToken) }));
    expectNames(blue.widgets, names);
    const many = await all((pageToken) => widgets.filter({ minimumCount: 101, limit: 2, ...token(pageToken) }));
    const counts = many.widgets.map(({ count }) => count).join();
    if (counts !== "102,102,101,101") throw new Error(counts);
    const none = await widgets.filter({ color: "Blue", minimumCount: 103 });
    expectNames(none.body.widgets, []);
    return `${blue.pages} pages of a color, ${many.pages} of a filter`;
  });
}

const token = (pageToken?: string) => (pageToken === undefined ? {} : { pageToken });

async function playDirect(context: PlayedContext, widgets: Client): Promise<void> {
  await context.step("DynamoDB removes a widget itself, without a function", async () => {
    expect(await widgets.remove("sprocket"), 204);
    expect(await widgets.get("sprocket"), 404);
    expect(await widgets.remove("sprocket"), 204);
    expect(await widgets.remove("not%20a%20name"), 400);
    expect(await widgets.remove("a%22%7D%2C%22x%22%3A%7B"), 400);
    return "204, then 404; what is no name: 400";
  });

  await context.step("Each request is in the access log, without its query", async () => {
    const logGroupName = outputOf(context, "accessLogGroupName");
    const read = new FilterLogEventsCommand({ logGroupName, filterPattern: "" });
    const { events = [] } = await new CloudWatchLogsClient(context.client).send(read);
    const lines = events.map(({ message = "" }) => JSON.parse(message) as Record<string, string>);
    const refused = lines.find(({ error }) => error === "BAD_REQUEST_BODY");
    if (refused?.status !== "400" || refused.path !== "/widget") throw new Error(JSON.stringify(lines.slice(0, 3)));
    if (events.some(({ message }) => message?.includes("Purple"))) throw new Error("a query is in the log");
    return `${lines.length} lines`;
  });
}

async function playPages(context: PlayedContext): Promise<void> {
  await context.step("People read and search the document as a page, with the network off", async () => {
    const html = await new OpenApiDocument(join(APP, "api", "apiSkeleton.yaml")).page();
    const file = await context.keep("api.html", html);
    const size = `${Math.ceil(html.length / 1024)} KB, ${Math.ceil(gzipSync(html).length / 1024)} compressed`;
    const shown = await showPage(file, "filters");
    if (shown === undefined) return `${size} (no Chromium to look at it)`;
    const { asked, found, picture } = shown;
    if (asked.length > 0 || found !== "getWidgets by filters") throw new Error(`${asked.join()}: ${found}`);
    return `${size}; asks no host for anything; ${await context.keep("api.png", picture)}`;
  });
}

const APP = appFolder("widget-api");

/** Redoc, which the page is made by. */
async function equip(signal: AbortSignal): Promise<undefined> {
  await buildApp({
    folder: APP,
    sources: ["package.json", "package-lock.json"],
    built: "node_modules/redoc/package.json",
    record: "node_modules/.built-of",
    commands: "npm ci",
    build: () => npmCi(APP, signal),
  });
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left", () => checkNoTables(context, "tableName"));
}

export const widgetApi: Story = {
  title: "Widgets by an API that its document describes: kept, changed, listed by page, removed",
  tryFirst: [
    "aws apigateway get-export --rest-api-id {apiId} --stage-name {stageName} --export-type oas30 /dev/stdout",
    "aws dynamodb scan --table-name {tableName}",
  ],
  equip,
  prepare: () => Promise.resolve(),
  async play(context) {
    const widgets = widgetClient(context);
    await playWrites(context, widgets);
    await playRefusals(context, widgets);
    await playReports(context, widgets);
    await playDirect(context, widgets);
    await playPages(context);
  },
  afterDestroy,
};
