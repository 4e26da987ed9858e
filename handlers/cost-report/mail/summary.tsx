/** The mail's first two cards: the day in one figure, and the month. */
import { Column } from "@react-email/column";
import { Heading } from "@react-email/heading";
import { Img } from "@react-email/img";
import { Row } from "@react-email/row";
import type { Amount } from "../amounts";
import type { Change } from "../change";
import { type Day, firstOfMonth } from "../days";
import { dayRange, longDay, money, monthName, shortDay, shortMoney, weekday } from "../format";
import type { Report } from "../report";
import type { Images } from "./images";
import { Badge, Card, ruled, type, Under, Words } from "./parts";

/** More labels than this do not fit below the chart. */
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
      <Words size={42} bold style={{ lineHeight: "48px", letterSpacing: "-0.02em" }}>
        <span className="big">{money(total.cost, currency)}</span>
      </Words>
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
      <Row style={{ tableLayout: "fixed" }}>
        {report.days.map((day, n) => (
          <DayLabel key={day} report={report} day={day} amount={total.trend[n] ?? 0n} />
        ))}
      </Row>
      {report.estimated.length > 0 && (
        <Words as="note" size={12} style={{ marginTop: 16, padding: "8px 12px", borderRadius: 8 }}>
          {estimatedNote(report)}
        </Words>
      )}
    </Card>
  );
}

function DayLabel({ report, day, amount }: { report: Report; day: Day; amount: Amount }) {
  const isLast = day === report.date;
  const labelled = report.days.length <= MOST_LABELS || isLast || day === report.days[0];
  return (
    <Column align="center" style={{ paddingTop: 6 }}>
      {labelled && (
        <Words {...(isLast ? { bold: true } : { as: "dim" as const })} size={11}>
          {weekday(day).slice(0, 3)}
          {report.estimated.includes(day) ? "*" : ""}
          <br />
          {shortMoney(amount, report.currency)}
        </Words>
      )}
    </Column>
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
  return (
    <Card>
      <Heading as="h2" style={{ fontSize: 16, lineHeight: "24px", fontWeight: 600, margin: "0 0 6px" }}>
        {thisMonth} so far
      </Heading>
      <Figure
        isFirst
        label="Month to date"
        detail={`${dayRange(firstOfMonth(date), date)}, against the same days of ${lastMonth}`}
        amount={month.toDate}
        change={month.change}
        currency={currency}
      />
      <Figure
        label={`Same days of ${lastMonth}`}
        detail={dayRange(sameDays.first, sameDays.last)}
        amount={month.sameDays}
        currency={currency}
      />
      <Figure
        label={`Forecast for ${thisMonth}`}
        detail={`straight line; all of ${lastMonth} was ${money(month.lastMonth, currency)}`}
        amount={month.forecast}
        change={month.forecastChange}
        currency={currency}
      />
    </Card>
  );
}

interface FigureProps {
  readonly label: string;
  readonly detail: string;
  readonly amount: Amount;
  readonly currency: string;
  readonly change?: Change;
  readonly isFirst?: boolean;
}

function Figure({ label, detail, amount, currency, change, isFirst = false }: FigureProps) {
  return (
    <Row {...ruled(isFirst)}>
      <Column {...type(14, { padding: "10px 8px 10px 0" })}>
        {label}
        <Under>{detail}</Under>
      </Column>
      <Column align="right" valign="top" {...type(16, { bold: true, padding: "10px 0", whiteSpace: "nowrap" })}>
        {money(amount, currency)}
        {change !== undefined && (
          <>
            <br />
            <Badge change={change} />
          </>
        )}
      </Column>
    </Row>
  );
}
