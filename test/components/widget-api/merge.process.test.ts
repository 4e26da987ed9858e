import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenApiDocument } from "../../../components/open-api/document";
import { operationsOf } from "../../../components/open-api/operations";
import { operationsIn } from "../../../components/open-api/bundle";

const ROOT = join(__dirname, "..", "..", "..");
const DOCUMENT = "apps/widget-api/api";
const OPERATIONS = "components/widget-api/operations";

const ENDPOINTS = {
  listNames: { path: "/reports/names", file: "paths/reports/reportsNames.yaml", operation: "list-names.js" },
  // On a path that others have, too.
  headWidget: { path: "/widget/{widgetname}", file: "paths/widget/widgetHead.yaml", operation: "head-widget.js" },
};

/** An operation whose function somebody gives: what its file makes is tested elsewhere. */
const OPERATION = `exports.operation = () => ({ lambda: {} });\n`;

const PATH_PARAMETER = `  parameters:\n    - $ref: "../../requestParameters/widgetname.yaml"\n`;

describe("two people who add an endpoint each to widget-api", () => {
  let folder: string;
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=one", "-c", "user.email=one@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "merge-"));
    cpSync(join(ROOT, DOCUMENT), join(folder, DOCUMENT), { recursive: true });
    mkdirSync(join(folder, OPERATIONS), { recursive: true });
    for (const name of ["put-widget", "get-widget", "delete-widget", "list-by-color", "filter-widgets"]) {
      writeFileSync(join(folder, OPERATIONS, `${name}.js`), OPERATION);
    }
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-q", "-m", "The sample");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A branch of the sample with one endpoint more, and the files that it touches. */
  function addEndpoint(name: keyof typeof ENDPOINTS): string[] {
    const { path, file, operation } = ENDPOINTS[name];
    git("checkout", "-q", "-b", name, "main");
    const method = name.startsWith("head") ? "head" : "get";
    const text = [
      `x-path: ${path}`,
      `${method}:`,
      `  operationId: ${name}`,
      ...(path.includes("{") ? [PATH_PARAMETER.trimEnd()] : []),
      "  responses:",
      '    "200": { description: Yes }',
      '    "404": { $ref: "../../responses/problem.yaml" }',
      "",
    ];
    writeFileSync(join(folder, DOCUMENT, file), text.join("\n"));
    writeFileSync(join(folder, OPERATIONS, operation), OPERATION);
    git("add", "-A");
    git("commit", "-q", "-m", `Add ${name}`);
    return git("diff", "--name-only", "main", name).trim().split("\n");
  }

  it("touch no file in common, and merge", async () => {
    const [one, other] = [addEndpoint("listNames"), addEndpoint("headWidget")];
    assert.deepEqual(
      one.filter((file) => other.includes(file)),
      [],
    );
    git("checkout", "-q", "main");
    for (const branch of Object.keys(ENDPOINTS)) git("merge", "-q", "--no-edit", branch);
    const { bundle, faults } = await new OpenApiDocument(join(folder, DOCUMENT, "apiSkeleton.yaml")).read();
    assert.deepEqual(faults, []);
    const documented = operationsIn(bundle).map(({ operationId = "" }) => operationId);
    const answered = Object.keys(operationsOf(join(folder, OPERATIONS), {}));
    assert.equal(documented.length, 7);
    assert.deepEqual(documented.sort(), answered.sort());
  });
});
