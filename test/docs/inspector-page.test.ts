import * as assert from "node:assert/strict";
import { InspectorScanning } from "../../components/inspector/inspector";
import { deploy, type Registered } from "../support/mocks";
import { countsOf, countsTold, permissionsGiven, permissionsTold } from "./claims";
import { read, rows, section } from "./markdown";

const PAGE = read("docs/inspector.md");

/** What the page calls a resource. */
function called(arn: string, conditions: object | undefined): string {
  const from = conditions === undefined ? "" : ", from the sender's address";
  if (arn === "*") return "`*`";
  if (/:identity\//.test(arn)) return `sender's identity${from}`;
  if (/:configuration-set\//.test(arn)) return `configuration set${from}`;
  if (/:log-group:/.test(arn)) return "its log group";
  if (/-dead-letters-queue$/.test(arn)) return "dead letters";
  if (/-events-queue$/.test(arn)) return "events";
  if (/:table\//.test(arn)) return "table";
  if (/:function:/.test(arn)) return "function";
  return /:sns:/.test(arn) ? "topic" : arn;
}

describe("docs/inspector.md", () => {
  let resources: Registered[];
  before(async () => {
    const mail = { sender: { address: "security@example.com" }, recipients: ["platform@example.com"] };
    ({ resources } = await deploy(() => new InspectorScanning("scan", { mail })));
  });

  it("counts the resources of the minimal example", () => {
    assert.deepEqual(countsTold(rows(section(PAGE, "What it creates"))), countsOf(resources));
  });

  it("has every permission, and no other", () => {
    const given = permissionsGiven(resources, /scan-watch-(record|report|notices|digest)-/, (arn, { Condition }) =>
      called(arn, Condition),
    );
    assert.deepEqual([...new Set(permissionsTold(PAGE))], [...new Set(given)]);
  });
});
