/** The mail's first two cards: the day in one figure, and the month. */
import { Heading } from "@react-email/heading";
import { Img } from "@react-email/img";
import type { Amount } from "../amounts";
import type { Change } from "../change";
import { type Day, firstOfMonth } from "../../shared/days";
import { dayRange, longDay, money, monthName, shortDay, shortMoney, weekday } from "../format";
import type { Report } from "../report";
import type { Images } from "./images";
import { Badge } from "./badge";
import { Card, type, Under, Words } from "../../shared/mail/parts";
import { Cell, FigureRow, Figures, unbroken } from "../../shared/mail/table";

/** More labels than this do not fit below the chart: the first and the last day have one then. */
const MOST_LABELS = 8;

export function DayCard({ report, title, images }: { report: Report; title: string; images: Images }) {
  const { total, currency, date, previousDate } = report;
  const chart = images.total;
  return (
    <Card>
      <Words as="dim" size={13} bold>
        {title}
      </Words>
      <Heading as="h1" style={{ fontSize: 20, lineHeight: "28px", fontWeight: 600, margin: "2px 0 14px" }}>
        {longDay(date)}
      </Heading>
      <DayFigure>{money(total.cost, currency)}</DayFigure>
      <Words as="dim" style={{ marginTop: 8, lineHeight: "24px" }}>
        <Badge change={total.change} size={14} /> from {money(total.previous, currency)} on {shortDay(previousDate)}
      </Words>
      {chart !== undefined && (
        <Img
          src={chart.src}
          alt={chart.alt}
          width={chart.width}
          height={chart.height}
          style={{ width: "100%", height: "auto", marginTop: 22 }}
        />
      )}
      <DayLabels report={report} />
      {report.estimated.length > 0 && (
        <Words as="note" size={12} style={{ marginTop: 16, padding: "8px 12px", borderRadius: 8 }}>
          {estimatedNote(report)}
        </Words>
      )}
    </Card>
  );
}

/** As large as fits a narrow screen, which makes the usual ones a little smaller still. */
function DayFigure({ children }: { children: string }) {
  const size = children.length <= 12 ? 42 : children.length <= 15 ? 28 : 20;
  return (
    <Words size={size} bold style={{ lineHeight: `${size + 6}px`, letterSpacing: "-0.02em" }}>
      {size === 42 ? <span className="big">{children}</span> : children}
    </Words>
  );
}

/** Below the chart's bars, or at its ends. */
function DayLabels({ report }: { report: Report }) {
  const { days, date, estimated, currency, total } = report;
  const isEach = days.length <= MOST_LABELS;
  const labelled = days
    .map((day, n) => ({ day, amount: total.trend[n] ?? 0n }))
    .filter(({ day }) => isEach || day === days[0] || day === date);
  const look = (day: Day, n: number) => ({
    align: isEach ? ("center" as const) : n === 0 ? ("left" as const) : ("right" as const),
    ...type(11, day === date ? { bold: true } : { as: "dim", fontWeight: 400 }),
  });
  return (
    <table width="100%" cellPadding={0} cellSpacing={0} border={0} style={{ tableLayout: "fixed", marginTop: 6 }}>
      <caption {...type(11, { as: "dim", captionSide: "bottom", paddingTop: 4 })}>Cost by day</caption>
      <tbody>
        <tr>
          {labelled.map(({ day }, n) => (
            <th key={day} scope="col" {...look(day, n)}>
              {isEach ? weekday(day).slice(0, 3) : shortDay(day)}
              {estimated.includes(day) ? "*" : ""}
            </th>
          ))}
        </tr>
        <tr>
          {labelled.map(({ day, amount }, n) => (
            <td key={day} valign="top" {...look(day, n)}>
              <span className="day">{shortMoney(amount, currency)}</span>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

export function estimatedNote({ estimated, days, date }: Report): string {
  if (estimated.length === days.length) return "* AWS still marks all of these days as estimated: figures may change.";
  const which = estimated.map(shortDay).join(", ");
  const about = estimated.includes(date) ? "" : " (the day reported is final)";
  return `* AWS still marks ${which} as estimated${about}: figures may change.`;
}

export function MonthCard({ report }: { report: Report }) {
  const { currency, date, sameDays, total } = report;
  const { month } = total;
  const [thisMonth, lastMonth] = [monthName(date), monthName(sameDays.last)];
  const columns = [{ name: "Days" }, { name: "Cost" }] as const;
  return (
    <Card>
      <Heading as="h2" style={{ fontSize: 16, lineHeight: "24px", fontWeight: 600, margin: 0 }}>
        {thisMonth} so far
      </Heading>
      <Figures caption={`Against ${lastMonth}`} columns={columns} size={14}>
        <MonthRow
          label="Month to date"
          detail={`${dayRange(firstOfMonth(date), date)}, against the same days of ${lastMonth}`}
          amount={month.toDate}
          change={month.change}
          currency={currency}
        />
        <MonthRow
          label={`Same days of ${lastMonth}`}
          detail={dayRange(sameDays.first, sameDays.last)}
          amount={month.sameDays}
          currency={currency}
        />
        <MonthRow
          label={`Forecast for ${thisMonth}`}
          detail={`straight line; all of ${lastMonth} was ${money(month.lastMonth, currency)}`}
          amount={month.forecast}
          change={month.forecastChange}
          currency={currency}
        />
      </Figures>
    </Card>
  );
}

interface MonthRowProps {
  readonly label: string;
  readonly detail: string;
  readonly amount: Amount;
  readonly currency: string;
  readonly change?: Change;
}

function MonthRow({ label, detail, amount, currency, change }: MonthRowProps) {
  const sum = money(amount, currency);
  const head = (
    <>
      {label}
      <Under>{detail}</Under>
    </>
  );
  return (
    <FigureRow head={head} room={10}>
      <Cell style={{ fontSize: 16, fontWeight: 600, padding: "10px 0", ...unbroken(sum) }}>
        {sum}
        {change !== undefined && (
          <>
            <br />
            <Badge change={change} />
          </>
        )}
      </Cell>
    </FigureRow>
  );
}
