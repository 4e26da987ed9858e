import * as assert from "node:assert/strict";
import { type CostRow, costHistory, METRICS } from "../../../local/stories/cost-report/history";
import { costPages } from "../../../fakes/cost-and-usage";
import { Expected } from "../../../local/stories/cost-report/expected";

const LAST = "2026-11-12";
const history = costHistory({ first: "2026-10-01", last: LAST });
const rows = [...history.rows()];
const expected = new Expected(rows, { date: LAST });
const [production, staging, credited, , vanished, fresh] = history.accounts.map(({ id }) => id);

describe("costHistory", () => {
  it("is the same for the same options, and another for another seed", () => {
    assert.deepEqual([...history.rows()], rows);
    assert.notDeepEqual([...costHistory({ first: "2026-10-01", last: LAST, seed: 2 }).rows()], rows);
  });

  it("gives every metric, or those asked for", () => {
    assert.ok(rows.every(({ amounts }) => METRICS.every((metric) => /^-?\d+\.\d{10}$/.test(amounts[metric] ?? ""))));
    const [row] = costHistory({ first: LAST, last: LAST, metrics: ["BlendedCost"] }).rows();
    assert.deepEqual(Object.keys(row?.amounts ?? {}), ["BlendedCost"]);
  });

  it("has weekends, a spike, a credit, a new account and a vanished one", () => {
    const sunday = expected.sum("2026-11-08", "2026-11-08", { account: production ?? "" });
    assert.ok(sunday < expected.sum("2026-11-09", "2026-11-09", { account: production ?? "" }));
    assert.ok(expected.day(0, { account: staging ?? "" }) > (expected.day(1, { account: staging ?? "" }) * 3n) / 2n);
    assert.ok(expected.day(0, { account: credited ?? "" }) < 0n);
    assert.deepEqual(
      [expected.day(1, { account: fresh ?? "" }), expected.day(0, { account: vanished ?? "" })],
      [0n, 0n],
    );
  });

  it("makes rows one at a time, so that large organizations fit into memory", () => {
    const many = costHistory({ first: "2020-01-01", last: LAST, accounts: 1000, services: 40 }).rows();
    const first: CostRow[] = [];
    for (const row of many) if (first.push(row) === 3) break;
    assert.equal(first.length, 3);
  });
});

describe("costPages", () => {
  const input = {
    TimePeriod: { Start: "2026-11-10", End: "2026-11-13" },
    Granularity: "DAILY" as const,
    Metrics: ["UnblendedCost"],
  };
  const GroupBy = [{ Type: "DIMENSION" as const, Key: "LINKED_ACCOUNT" }];

  it("splits days over pages without losing a group", () => {
    const pages = (pageSize: number) =>
      costPages({ ...input, GroupBy }, { rows, accounts: history.accounts, pageSize }).map(
        ({ ResultsByTime }) => ResultsByTime,
      );
    const groups = (size: number) => pages(size).flatMap((it) => it?.flatMap(({ Groups }) => Groups ?? []) ?? []);
    assert.equal(pages(1000).length, 1);
    assert.equal(pages(2).length, 8);
    assert.deepEqual(groups(2), groups(1000));
  });

  it("answers for days without costs too", () => {
    const Filter = { Dimensions: { Key: "LINKED_ACCOUNT" as const, Values: ["nobody"] } };
    const [page] = costPages({ ...input, GroupBy, Filter }, { rows, accounts: history.accounts });
    assert.deepEqual(
      page?.ResultsByTime?.map(({ Groups }) => Groups),
      [[], [], []],
    );
  });
});
