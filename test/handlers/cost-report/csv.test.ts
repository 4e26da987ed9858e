import * as assert from "node:assert/strict";
import fc from "fast-check";
import { parseAmount, toDecimal } from "../../../handlers/cost-report/amounts";
import { accountsCsv, cell, servicesCsv } from "../../../handlers/cost-report/mail/csv";
import { makeReport } from "../../../handlers/cost-report/report";
import { BANDS, someCosts } from "./support/costs";
import { anyCharacter } from "../../support/characters";

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const body = text.replace(/^\uFEFF/, "");
  while (pattern.lastIndex < body.length) {
    const at = pattern.lastIndex;
    const [, quoted, plain = "", end] =
      pattern.exec(body) ?? assert.fail(`no CSV at ${at}: ${body.slice(at, at + 40)}`);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") rows.push([]);
  }
  rows.pop();
  return rows;
}

const settings = { bands: BANDS, servicesInline: 4 };

describe("the attached CSV files", () => {
  it("hold every account with exact figures that add up to the total", () => {
    fc.assert(
      fc.property(someCosts, (costs) => {
        const report = makeReport(costs, settings);
        const [header = [], ...rows] = parseCsv(accountsCsv(report));
        const column = (name: string): string[] => rows.map((row) => row[header.indexOf(name)] ?? assert.fail(name));
        const sum = (name: string): bigint =>
          column(name).reduce((total, text) => total + (parseAmount(text) ?? 0n), 0n);
        assert.ok(rows.every((row) => row.length === header.length));
        assert.deepEqual(
          column("account_id"),
          report.accounts.map(({ id }) => id),
        );
        assert.equal(sum("cost"), report.total.cost);
        assert.equal(sum("month_to_date"), report.total.month.toDate);
        assert.equal(sum(`cost_${report.days[0]}`), report.total.trend[0]);
      }),
    );
  });

  it("hold every service of every account", () => {
    fc.assert(
      fc.property(someCosts, (costs) => {
        const report = makeReport(costs, settings);
        const [, ...rows] = parseCsv(servicesCsv(report));
        const wanted = report.accounts.flatMap(({ id, allServices }) =>
          allServices.map(({ cost, previous }) => [id, toDecimal(cost), toDecimal(previous)]),
        );
        assert.deepEqual(
          rows.map(([id, , , , cost, previous]) => [id, cost, previous]),
          wanted,
        );
      }),
    );
  });

  it("are read as text and numbers, never as formulas", () => {
    for (const formula of ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1"]) {
      const [[text = ""] = []] = parseCsv(`${cell(formula)}\r\n`);
      assert.equal(text, `'${formula}`);
    }
    for (const harmless of ["production", "-12.5", "0", "a=b", "Data, Inc.", 'say "x"', ""]) {
      assert.deepEqual(parseCsv(`${cell(harmless)}\r\n`), [[harmless]]);
    }
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const [[read = ""] = []] = parseCsv(`${cell(text)}\r\n`);
        assert.ok(/^-?\d+(\.\d+)?$/.test(read) || !/^\s*[=+\-@]/.test(read));
        assert.ok(read === text || read === `'${text}`);
      }),
    );
  });
});
