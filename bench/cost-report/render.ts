/** Renders the mail for 1,000 accounts with 60 services each, in a process of its own; prints the figures as JSON. */
import type { AccountCosts, Costs } from "../../handlers/cost-report/costs";
import { renderMail } from "../../handlers/cost-report/mail/render";
import { makeReport } from "../../handlers/cost-report/report";
import { withDefaults } from "../../handlers/cost-report/settings";
import { serviceName } from "../../local/stories/cost-report/history";

export interface Rendering {
  readonly seconds: number;
  /** Most memory that the process had. */
  readonly megabytes: number;
  readonly htmlKilobytes: number;
}

const [ACCOUNTS, SERVICES] = [1000, 60];
const DAYS = ["17", "18", "19", "20", "21", "22", "23"].map((day) => `2026-11-${day}`);

/** Amounts in ten-thousand-millionths; what they are does not matter, so long as they differ. */
function account(n: number): AccountCosts {
  const amount = (k: number): bigint => BigInt(((n * 7919 + k * 104_729) % 99_991) + 1) * 10_000_000n;
  return {
    id: String(100_000_000_000 + n),
    name: `account-${n}`,
    owner: `team-${n % 40}`,
    trend: DAYS.map((_, day) => amount(day)),
    monthToDate: amount(100) * 20n,
    sameDays: amount(101) * 20n,
    lastMonth: amount(102) * 30n,
    services: Array.from({ length: SERVICES }, (_, k) => ({
      name: serviceName(k),
      cost: amount(k),
      previous: amount(k + 50),
    })),
  };
}

const settings = withDefaults({
  reportId: "bench",
  recipients: [{ address: "finance@example.com" }],
  sender: "costs@example.com",
  bucketName: "archive",
  tableName: "deliveries",
});

const costs: Costs = {
  date: DAYS.at(-1) as Costs["date"],
  metric: "UnblendedCost",
  currency: "USD",
  days: DAYS as unknown as Costs["days"],
  estimated: [],
  accounts: Array.from({ length: ACCOUNTS }, (_, n) => account(n)),
};
const began = process.hrtime.bigint();
const { html } = renderMail(makeReport(costs, settings), settings);
const figures: Rendering = {
  seconds: Number(process.hrtime.bigint() - began) / 1e9,
  megabytes: process.resourceUsage().maxRSS / 1024,
  htmlKilobytes: Math.ceil(Buffer.byteLength(html) / 1000),
};
console.log(JSON.stringify(figures));
