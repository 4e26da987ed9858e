import * as assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { OpenApiDocument } from "../../../components/open-api/document";
import { operationsIn } from "../../../components/open-api/bundle";
import { valueOf } from "../../support/mocks";

const SAMPLE = join(__dirname, "..", "..", "..", "apps", "widget-api", "api");

type Edit = (text: string) => string;

describe("OpenApiDocument", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "open-api-"));
    cpSync(SAMPLE, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const skeleton = (): string => join(folder, "apiSkeleton.yaml");
  const change = (file: string, edit: Edit): void =>
    writeFileSync(join(folder, file), edit(readFileSync(join(folder, file), "utf8")));
  function spoil(files: Readonly<Record<string, Edit | string>>): void {
    for (const [file, edit] of Object.entries(files)) {
      if (typeof edit === "string") writeFileSync(join(folder, file), edit);
      else change(file, edit);
    }
  }

  /** Faults as `file:line received`. */
  async function faults(): Promise<string[]> {
    const found = (await new OpenApiDocument(skeleton()).read()).faults;
    const start = `${relative(process.cwd(), folder)}/`;
    return found.map(({ path, received }) => `${path.replace(start, "")} ${String(received)}`);
  }

  it("puts the files in one, those that say themselves where they belong included", async () => {
    const { bundle, faults: found, places } = await new OpenApiDocument(skeleton()).read();
    assert.deepEqual(found, []);
    assert.deepEqual(
      operationsIn(bundle).map(({ method, path, operationId }) => `${method} ${path} ${operationId}`),
      [
        "put /widget putWidget",
        "get /widget/{widgetname} getWidget",
        "delete /widget/{widgetname} deleteWidget",
        "get /reports/color listByColor",
        "get /reports/filterpage filterWidgets",
      ],
    );
    assert.doesNotMatch(JSON.stringify(bundle), /"\$ref":"[^#]|x-path/);
    assert.match(places.get("deleteWidget") ?? "", /widgetWidgetnameDelete\.yaml:3$/);
  });

  it("says the same of the same files, wherever they are", async () => {
    assert.equal(
      await new OpenApiDocument(skeleton()).bundle(),
      await new OpenApiDocument(`${SAMPLE}/apiSkeleton.yaml`).bundle(),
    );
  });

  it("gives functions the schemas of their operation, without references", async () => {
    const { parameters, body } = await valueOf(new OpenApiDocument(skeleton()).operation("putWidget"));
    assert.deepEqual(
      parameters.map(({ name, in: place, required }) => ({ name, place, required })),
      [{ name: "if-match", place: "header", required: false }],
    );
    assert.deepEqual((body as unknown as { properties: { count: unknown } }).properties.count, {
      type: "integer",
      minimum: 0,
      maximum: 1_000_000,
    });
    assert.doesNotMatch(JSON.stringify(body), /\$ref|example|description/);
  });

  const cases: readonly [what: string, files: Readonly<Record<string, Edit | string>>, fault: RegExp][] = [
    [
      "a reference to a missing file",
      { "paths/reports/reportsColor.yaml": (text) => text.replace("color.yaml", "colour.yaml") },
      /^paths\/reports\/reportsColor\.yaml:6 Can't resolve \$ref.*colour\.yaml/,
    ],
    [
      "two operations with one id",
      { "paths/widget/widgetWidgetnameGet.yaml": (text) => text.replace("getWidget", "putWidget") },
      /^paths\/widget\/widgetWidgetnameGet\.yaml:2 .*unique `operationId`/,
    ],
    [
      "a circular reference",
      { "schemas/widget.yaml": (text) => `${text}  list:\n    $ref: "./widgetList.yaml"\n` },
      /^schemas\/widgetList\.yaml:10 a circular reference/,
    ],
    ["a file of no path", { "paths/lost.yaml": "get: {}\n" }, /^paths\/lost\.yaml:1 a file of no path/],
    ["a file that is no YAML", { "paths/broken.yaml": "x-path: [\n" }, /^paths\/broken\.yaml:2 unexpected end/],
    [
      "two files for one operation",
      { "paths/again.yaml": "x-path: /widget/{widgetname}\nget: {}\n" },
      /^paths\/again\.yaml:1 get of \/widget\/\{widgetname\}/,
    ],
    [
      "what the network would have to be asked for",
      { "schemas/widget.yaml": (text) => text.replace("../fields/color.yaml", "https://example.com/color.yaml") },
      /^schemas\/widget\.yaml:10 Can't resolve \$ref.*not among the document's files/,
    ],
    [
      "what is no OpenAPI",
      { "paths/widget/widgetPut.yaml": (text) => text.replace("summary:", "sumary:") },
      /^paths\/widget\/widgetPut\.yaml:3 Property `sumary` is not expected here/,
    ],
  ];
  for (const [what, files, fault] of cases) {
    it(`refuses ${what}, with file and line`, async () => {
      spoil(files);
      const found = await faults();
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", fault);
      await assert.rejects(new OpenApiDocument(skeleton()).bundle(), /OpenAPI document .*: 1 wrong argument/);
    });
  }

  it("finds all faults at once", async () => {
    for (const [, files] of cases) spoil(files);
    assert.equal((await faults()).length, cases.length);
  });

  it("names a skeleton that is not there", async () => {
    const { faults: found } = await new OpenApiDocument(join(folder, "none.yaml")).read();
    assert.match(String(found[0]?.received), /ENOENT/);
  });
});
