/** The month's trend as a page for browsers, without scripts. */
import { renderToStaticMarkup } from "react-dom/server";
import { type Amount, toCents } from "../amounts";
import { changeLabel, counted, dayRange, money, monthName, shortDay, shortMoney } from "../format";
import { toneOf } from "../mail/badge";
import { STYLE } from "./trend-style";
import type { Trend } from "./trend";

/** Accounts with a row of their own. */
const MOST_ACCOUNTS = 50;

export interface TrendLook {
  readonly title: string;
  readonly reportId: string;
}

export function trendPage(trend: Trend, look: TrendLook): string {
  return `<!DOCTYPE html>${renderToStaticMarkup(<TrendPage trend={trend} look={look} />)}`;
}

function TrendPage({ trend, look }: { trend: Trend; look: TrendLook }) {
  const first = trend.days[0]?.date ?? "";
  const last = trend.days.at(-1)?.date ?? "";
  const missing = trend.days.filter(({ total }) => total === undefined).map(({ date }) => date);
  const heading = `${monthName(last)} ${last.slice(0, 4)}`;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${look.title}, ${heading}`}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>
          <header>
            <p className="dim">{look.title}</p>
            <h1>{heading}</h1>
            <p className="total">{money(trend.total, trend.currency)}</p>
            <p className="dim">{dayRange(first, last)}, each day as its report had it</p>
          </header>
          <section>
            <h2>Day by day</h2>
            <DayChart trend={trend} />
          </section>
          <section>
            <h2>Days</h2>
            <Days trend={trend} />
          </section>
          <section>
            <h2>Accounts</h2>
            <Accounts trend={trend} />
          </section>
          <footer className="dim">
            {missing.length > 0 && <p>No report in the archive: {missing.map(shortDay).join(", ")}.</p>}
            {trend.leftOut.length > 0 && (
              <p>Left out, in another currency or form: {trend.leftOut.map(shortDay).join(", ")}.</p>
            )}
            <p>* estimated by AWS when it was reported. Kept by {look.reportId}.</p>
          </footer>
        </main>
      </body>
    </html>
  );
}

const CHART = { width: 720, height: 160, label: 24 } as const;

/** Bars in SVG, scaled to the page's width; each says its figure when pointed at. */
function DayChart({ trend }: { trend: Trend }) {
  const amounts = trend.days.map(({ total = 0n }) => Number(toCents(total)));
  const top = Math.max(0, ...amounts);
  const bottom = Math.min(0, ...amounts);
  const perUnit = CHART.height / (top - bottom || 1);
  const step = CHART.width / Math.max(trend.days.length, 7);
  return (
    <svg viewBox={`0 0 ${CHART.width} ${CHART.height + CHART.label}`} role="img" aria-label="Cost of each day">
      {trend.days.map(({ date, total, estimated }, n) => {
        const amount = amounts[n] ?? 0;
        const height = Math.max(total === undefined ? 0 : 1.5, Math.abs(amount) * perUnit);
        const y = amount < 0 ? top * perUnit : top * perUnit - height;
        return (
          <g key={date}>
            <rect
              className={amount < 0 ? "credit" : estimated ? "estimated" : "bar"}
              x={round(n * step + step * 0.14)}
              y={round(y)}
              width={round(step * 0.72)}
              height={round(height)}
              rx={2}
            >
              <title>{`${shortDay(date)}: ${total === undefined ? "not reported" : money(total, trend.currency)}`}</title>
            </rect>
            <text x={round((n + 0.5) * step)} y={CHART.height + CHART.label - 4} textAnchor="middle">
              {Number(date.slice(8))}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Columns({ names }: { names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Days({ trend }: { trend: Trend }) {
  return (
    <table>
      <caption>Cost by day, and its change against the day before</caption>
      <Columns names={["Day", "Cost", "Change"]} />
      <tbody>
        {[...trend.days].reverse().map(({ date, total, estimated, change }) => (
          <tr key={date}>
            <th scope="row">
              {shortDay(date)}
              {estimated ? "*" : ""}
            </th>
            <td>{total === undefined ? "–" : money(total, trend.currency)}</td>
            <td>{change !== undefined && <span className={`badge ${toneOf(change)}`}>{changeLabel(change)}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Accounts({ trend }: { trend: Trend }) {
  const shown = trend.accounts.slice(0, MOST_ACCOUNTS);
  const folded = trend.accounts.slice(MOST_ACCOUNTS);
  const rest = folded.reduce((total, { cost }) => total + cost, 0n);
  return (
    <table>
      <caption>Cost by account over all of these days, largest first</caption>
      <Columns names={["Account", "Day by day", "Cost"]} />
      <tbody>
        {shown.map(({ id, name, cost, daily }) => (
          <tr key={id}>
            <th scope="row">
              {name}
              {name !== id && <span className="dim"> {id}</span>}
            </th>
            <td>
              <Spark days={trend.days} daily={daily} currency={trend.currency} />
            </td>
            <td>{money(cost, trend.currency)}</td>
          </tr>
        ))}
        {folded.length > 0 && (
          <tr>
            <th scope="row">{counted(folded.length, "more account")}</th>
            <td />
            <td>{money(rest, trend.currency)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface SparkProps {
  readonly days: Trend["days"];
  readonly daily: readonly Amount[];
  readonly currency: string;
}

/** A line through the days that were reported. */
function Spark({ days, daily, currency }: SparkProps) {
  const reported = days.flatMap(({ total }, n) => (total === undefined ? [] : [{ n, amount: daily[n] ?? 0n }]));
  const amounts = reported.map(({ amount }) => Number(toCents(amount)));
  const top = Math.max(0, ...amounts);
  const range = top - Math.min(0, ...amounts) || 1;
  const step = 120 / Math.max(1, days.length - 1);
  const points = reported.map(
    ({ n }, i) => `${round(n * step)},${round(2 + ((top - (amounts[i] ?? 0)) / range) * 20)}`,
  );
  const [first = 0n, last = first] = [reported[0]?.amount, reported.at(-1)?.amount];
  const label = `From ${shortMoney(first, currency)} to ${shortMoney(last, currency)} a day`;
  return (
    <svg className="spark" viewBox="0 0 120 24" role="img" aria-label={label}>
      <polyline points={points.join(" ")} />
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
