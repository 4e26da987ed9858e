/** The mail's account by account part: all in one card, then a card of services for each. */
import { Column } from "@react-email/column";
import { Heading } from "@react-email/heading";
import { Img } from "@react-email/img";
import { Row } from "@react-email/row";
import type { ReactNode } from "react";
import { isNegligible } from "../amounts";
import { firstOfMonth } from "../days";
import { changeLabel, counted, dayRange, money, shortDay, signedMoney } from "../format";
import type { AccountLine, Line, Report } from "../report";
import type { Image, Images } from "./images";
import { Badge, Card, type Look, ruled, type, Under, Words } from "./parts";

interface AccountsProps {
  readonly report: Report;
  readonly shown: readonly AccountLine[];
  /** What the accounts that are not shown add up to. */
  readonly rest: (Line & { readonly count: number }) | undefined;
  readonly images: Images;
}

export function AccountsCard({ report, shown, rest, images }: AccountsProps) {
  const { currency, total } = report;
  return (
    <Card>
      <Heading as="h2" style={{ fontSize: 16, lineHeight: "24px", fontWeight: 600, margin: 0 }}>
        Accounts
      </Heading>
      <Words as="dim" size={12} style={{ marginBottom: 6 }}>
        {shortDay(report.date)} against {shortDay(report.previousDate)}, largest first
      </Words>
      {shown.map((account, n) => (
        <AccountRow key={account.id} line={account} currency={currency} look={ruled(n === 0)} image={imageOf(account)}>
          {account.name}
          {account.name !== account.id && <Under>{account.id}</Under>}
          {account.owner !== undefined && <Under>{account.owner}</Under>}
        </AccountRow>
      ))}
      {rest !== undefined && (
        <AccountRow line={rest} currency={currency} look={ruled(shown.length === 0)}>
          {counted(rest.count, "more account")}
          <Under>in the attached accounts.csv</Under>
        </AccountRow>
      )}
      <AccountRow line={total} currency={currency} look={ruled(false, { borderTopWidth: 2 })}>
        Total
        <Under>{counted(report.accounts.length, "account")}</Under>
      </AccountRow>
    </Card>
  );

  function imageOf({ id }: AccountLine): Image | undefined {
    return images.accounts.get(id);
  }
}

interface AccountRowProps {
  readonly children: ReactNode;
  readonly line: Line;
  readonly currency: string;
  readonly look: Look;
  readonly image?: Image | undefined;
}

function AccountRow({ children, line, currency, look, image }: AccountRowProps) {
  return (
    <Row {...look}>
      <Column {...type(14, { bold: true, padding: "10px 8px 10px 0" })}>{children}</Column>
      {image !== undefined && (
        <Column width={88} align="center">
          <Img src={image.src} alt={image.alt} width={image.width} height={image.height} />
        </Column>
      )}
      <Column width={126} align="right" {...type(15, { bold: true, padding: "10px 0" })}>
        {money(line.cost, currency)}
        <Under>from {money(line.previous, currency)}</Under>
        <br />
        <Badge change={line.change} />
      </Column>
    </Row>
  );
}

interface ServicesProps {
  readonly report: Report;
  readonly account: AccountLine;
}

export function ServicesCard({ report, account }: ServicesProps) {
  const { currency, sameDays, date } = report;
  const { month, services, others } = account;
  const hasOthers = others !== undefined && !(isNegligible(others.cost) && isNegligible(others.previous));
  return (
    <Card>
      <Row>
        <Column style={{ paddingRight: 8 }}>
          <Heading as="h3" style={{ fontSize: 16, lineHeight: "24px", fontWeight: 600, margin: 0 }}>
            {account.name}
          </Heading>
        </Column>
        <Column align="right" {...type(16, { bold: true, whiteSpace: "nowrap" })}>
          {money(account.cost, currency)}
        </Column>
      </Row>
      <Words as="dim" size={12} style={{ marginTop: 2, marginBottom: 8 }}>
        {dayRange(firstOfMonth(date), date)}: {money(month.toDate, currency)} ({changeLabel(month.change)} against{" "}
        {money(month.sameDays, currency)} on {dayRange(sameDays.first, sameDays.last)}), forecast{" "}
        {money(month.forecast, currency)}
      </Words>
      {services.map((service, n) => (
        <ServiceRow key={service.name} name={service.name} line={service} currency={currency} isFirst={n === 0} />
      ))}
      {hasOthers && (
        <ServiceRow
          name={`Others (${counted(others.count, "service")})`}
          line={others}
          currency={currency}
          isFirst={services.length === 0}
        />
      )}
      {services.length === 0 && !hasOthers && (
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
  readonly isFirst: boolean;
}

function ServiceRow({ name, line, currency, isFirst }: ServiceRowProps) {
  return (
    <Row {...ruled(isFirst)}>
      <Column {...type(13, { padding: "7px 8px 7px 0" })}>{name}</Column>
      <Column width={104} align="right" {...type(13, { bold: true, padding: "6px 0" })}>
        {money(line.cost, currency)}
        <Under size={11}>from {money(line.previous, currency)}</Under>
      </Column>
      <Column width={100} align="right" {...type(13)}>
        <Badge change={line.change} size={11} />
        <Under size={11}>{signedMoney(line.change.difference, currency)}</Under>
      </Column>
    </Row>
  );
}
