/** The mail's account by account part: all in one card, then a card of services for each. */
import { Heading } from "@react-email/heading";
import { Img } from "@react-email/img";
import type { ReactNode } from "react";
import { isNegligible } from "../amounts";
import { firstOfMonth } from "../../shared/days";
import { changeLabel, counted, dayRange, money, shortDay, signedMoney } from "../format";
import type { AccountLine, Line, Report } from "../report";
import { type MailFiles, whereIs } from "./files";
import type { Image, Images } from "./images";
import { Badge } from "./badge";
import { Card, Under, Words } from "../../shared/mail/parts";
import { Cell, FigureRow, Figures, unbroken } from "../../shared/mail/table";

interface AccountsProps {
  readonly report: Report;
  readonly shown: readonly AccountLine[];
  /** What the accounts that are not shown add up to. */
  readonly rest: (Line & { readonly count: number }) | undefined;
  readonly images: Images;
  readonly files: MailFiles;
}

export function AccountsCard({ report, shown, rest, images, files }: AccountsProps) {
  const { currency, total, days } = report;
  const columns = [
    { name: "Account" },
    { name: counted(days.length, "day"), width: 88, narrow: "wide" },
    { name: "Cost", width: 126 },
  ] as const;
  return (
    <Card>
      <Heading as="h2" style={{ fontSize: 16, lineHeight: "24px", fontWeight: 600, margin: 0 }}>
        Accounts
      </Heading>
      <Figures caption={`${comparison(report)}, largest first`} columns={columns} size={14}>
        {shown.map((account) => (
          <AccountRow key={account.id} line={account} currency={currency} image={images.accounts.get(account.id)}>
            {account.name}
            {account.name !== account.id && <Under>{account.id}</Under>}
            {account.owner !== undefined && <Under>{account.owner}</Under>}
          </AccountRow>
        ))}
        {rest !== undefined && (
          <AccountRow line={rest} currency={currency}>
            {counted(rest.count, "more account")}
            <Under>{whereIs("accounts.csv", files)}</Under>
          </AccountRow>
        )}
        <AccountRow line={total} currency={currency} rule={2}>
          Total
          <Under>{counted(report.accounts.length, "account")}</Under>
        </AccountRow>
      </Figures>
    </Card>
  );
}

/** "Sun 1 Nov against Sat 31 Oct". */
function comparison({ date, previousDate }: Report): string {
  return `${shortDay(date)} against ${shortDay(previousDate)}`;
}

interface AccountRowProps {
  readonly children: ReactNode;
  readonly line: Line;
  readonly currency: string;
  readonly rule?: number;
  readonly image?: Image | undefined;
}

function AccountRow({ children, line, currency, rule = 1, image }: AccountRowProps) {
  const [cost, previous] = [money(line.cost, currency), `from ${money(line.previous, currency)}`];
  return (
    <FigureRow head={children} isBold room={10} rule={rule}>
      <Cell narrow="wide" style={{ padding: "10px 6px" }}>
        {image !== undefined && <Img src={image.src} alt={image.alt} width={image.width} height={image.height} />}
      </Cell>
      <Cell style={{ fontSize: 15, fontWeight: 600, padding: "10px 0", ...unbroken(cost, previous) }}>
        {cost}
        <Under>{previous}</Under>
        <br />
        <Badge change={line.change} />
      </Cell>
    </FigureRow>
  );
}

interface ServicesProps {
  readonly report: Report;
  readonly account: AccountLine;
}

const SERVICE_COLUMNS = [
  { name: "Service" },
  { name: "Cost", width: 108, narrow: "below" },
  { name: "Change", width: 100, narrow: "below" },
] as const;

export function ServicesCard({ report, account }: ServicesProps) {
  const { currency, sameDays, date } = report;
  const { month, services, others } = account;
  const hasOthers = others !== undefined && !(isNegligible(others.cost) && isNegligible(others.previous));
  return (
    <Card>
      <Heading as="h3" style={{ fontSize: 16, lineHeight: "24px", fontWeight: 600, margin: 0 }}>
        {account.name}
      </Heading>
      <Words size={16} bold>
        {money(account.cost, currency)}
      </Words>
      <Words as="dim" size={12} style={{ marginTop: 2, marginBottom: 8 }}>
        {dayRange(firstOfMonth(date), date)}: {money(month.toDate, currency)} ({changeLabel(month.change)} against{" "}
        {money(month.sameDays, currency)} on {dayRange(sameDays.first, sameDays.last)}), forecast{" "}
        {money(month.forecast, currency)}
      </Words>
      {services.length > 0 || hasOthers ? (
        <Figures caption={`${comparison(report)}, largest change first`} columns={SERVICE_COLUMNS} size={13}>
          {services.map((service) => (
            <ServiceRow key={service.name} name={service.name} line={service} currency={currency} />
          ))}
          {hasOthers && (
            <ServiceRow name={`Others (${counted(others.count, "service")})`} line={others} currency={currency} />
          )}
        </Figures>
      ) : (
        <Words as="dim" size={13}>
          No service had a cost on these two days.
        </Words>
      )}
    </Card>
  );
}

interface ServiceRowProps {
  readonly name: string;
  readonly line: Line;
  readonly currency: string;
}

function ServiceRow({ name, line, currency }: ServiceRowProps) {
  const [cost, previous] = [money(line.cost, currency), `from ${money(line.previous, currency)}`];
  const difference = signedMoney(line.change.difference, currency);
  return (
    <FigureRow head={name} room={7}>
      <Cell narrow="below" style={{ fontWeight: 600, padding: "6px 0", ...unbroken(cost, previous) }}>
        {cost}
        <Under size={11}>{previous}</Under>
      </Cell>
      <Cell narrow="below" style={{ padding: "6px 0", ...unbroken(difference) }}>
        <Badge change={line.change} size={11} />
        <Under size={11}>{difference}</Under>
      </Cell>
    </FigureRow>
  );
}
