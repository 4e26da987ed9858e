/** The mail as a whole. */
import { Section } from "@react-email/section";
import { Fragment } from "react";
import { MailPage } from "../../shared/mail/page";
import { Words } from "../../shared/mail/parts";
import { tone, type ToneName } from "../../shared/mail/theme";
import { changeLabel, dayRange, money, monthName, shortDay } from "../format";
import { type Report, sumLines } from "../report";
import type { Bands, FullSettings } from "../settings";
import { AccountsCard, ServicesCard } from "./accounts";
import { archivedNote, type MailFiles } from "./files";
import type { Images } from "./images";
import { NotesCard } from "./notes";
import { DayCard, MonthCard } from "./summary";

export interface MailLook {
  readonly settings: Pick<FullSettings, "title" | "bands" | "links" | "reportId" | "recordTypes">;
  /** How many accounts are written in the mail; the rest is summed up. */
  readonly accountsShown: number;
  readonly files: MailFiles;
  /** Whether the archive takes the files that are too large for a mail. */
  readonly hasArchive: boolean;
}

interface ReportMailProps extends MailLook {
  readonly report: Report;
  readonly subject: string;
  readonly images: Images;
}

export function ReportMail({ report, subject, images, ...look }: ReportMailProps) {
  const { settings, accountsShown, files } = look;
  const shown = report.accounts.slice(0, accountsShown);
  const folded = report.accounts.slice(accountsShown);
  const rest = folded.length === 0 ? undefined : { ...sumLines(folded, settings.bands), count: folded.length };
  return (
    <MailPage subject={subject} preview={previewOf(report)}>
      <DayCard report={report} title={settings.title} images={images} />
      <NotesCard report={report} />
      <MonthCard report={report} />
      <AccountsCard report={report} shown={shown} rest={rest} images={images} files={files} />
      {shown.map((account) => (
        <ServicesCard key={account.id} report={report} account={account} />
      ))}
      <Footer report={report} look={look} />
    </MailPage>
  );
}

function previewOf({ total, currency, previousDate, date, sameDays }: Report): string {
  const { month } = total;
  return (
    `${changeLabel(total.change)} from ${money(total.previous, currency)} on ${shortDay(previousDate)}. ` +
    `${monthName(date)} so far ${money(month.toDate, currency)}, ${changeLabel(month.change)} against ` +
    dayRange(sameDays.first, sameDays.last)
  );
}

const METRICS: Readonly<Record<Report["metric"], string>> = {
  UnblendedCost: "unblended costs",
  BlendedCost: "blended costs",
  AmortizedCost: "amortized costs",
  NetUnblendedCost: "net unblended costs",
  NetAmortizedCost: "net amortized costs",
};

/** What the figures are, for anyone who compares them with others. */
export function fineprint(report: Report, { recordTypes }: MailLook["settings"]): string {
  const types =
    recordTypes === undefined
      ? ""
      : "include" in recordTypes
        ? ` of ${recordTypes.include.join(", ")}`
        : ` without ${recordTypes.exclude.join(", ")}`;
  return (
    `AWS Cost Explorer: ${METRICS[report.metric]}${types} in ${report.currency}, by days in UTC. Changes are against ` +
    "the day before; “new” had no cost then, “gone” has none any more."
  );
}

/** What the colours mean: the limits between the bands, calm to loud. */
function legendOf(bands: Bands): readonly (readonly [ToneName, ToneName, string])[] {
  const [a, b, c, d] = bands;
  return [
    ["u0", "d0", `≤ ${a}%`],
    ["u1", "d1", `≤ ${b}%`],
    ["u2", "d2", `≤ ${c}%`],
    ["u3", "d3", `≤ ${d}%`],
    ["u4", "d4", `> ${d}%`],
  ];
}

function Footer({ report, look }: { report: Report; look: MailLook }) {
  const { settings, files, hasArchive } = look;
  const chip = { fontSize: 11, lineHeight: "18px", padding: "1px 5px", borderRadius: 4 } as const;
  return (
    <Section className="pad" style={{ padding: "18px 28px 0" }}>
      <Words as="dim" size={11} style={{ lineHeight: "22px" }}>
        {legendOf(settings.bands).map(([up, down, label]) => (
          <Fragment key={label}>
            <span style={{ whiteSpace: "nowrap" }}>
              <span {...tone(up, chip)}>▲</span> <span {...tone(down, chip)}>▼</span> {label}
            </span>{" "}
            &nbsp;{" "}
          </Fragment>
        ))}
      </Words>
      <Words as="dim" size={11} style={{ margin: "8px 0 0" }}>
        {fineprint(report, settings)}
      </Words>
      {files.archived.map((file) => (
        <Words key={file.filename} as="dim" size={11} style={{ margin: "8px 0 0" }}>
          {archivedNote(file, hasArchive)}
        </Words>
      ))}
      {settings.links !== undefined && settings.links.length > 0 && (
        <Words as="dim" size={12} style={{ margin: "8px 0 0" }}>
          {settings.links.map(({ label, url }, n) => (
            <span key={url}>
              {n > 0 && " · "}
              <a href={url} {...tone("link")}>
                {label}
              </a>
            </span>
          ))}
        </Words>
      )}
      <Words as="dim" size={11} style={{ margin: "8px 0 0" }}>
        Sent by {settings.reportId}
      </Words>
    </Section>
  );
}
