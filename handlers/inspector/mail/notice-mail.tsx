/** The changes of one resource in one hour. */
import { MailPage } from "../../shared/mail/page";
import { Capsule, Card, Under, Words } from "../../shared/mail/parts";
import { tone } from "../../shared/mail/theme";
import { moreOf, type NoticeContent } from "./text";
import { resourceName, toneOfKind, toneOfSeverity, typeName } from "./words";

export function NoticeMail({ subject, group, shown, more, scanId }: NoticeContent & { readonly subject: string }) {
  return (
    <MailPage
      subject={subject}
      preview={shown
        .map(({ title }) => title)
        .join(", ")
        .slice(0, 200)}
    >
      <Card>
        <Words as="dim" size={13}>
          {typeName(group)} in account {group.account}, {group.region}
        </Words>
        <Words size={20} bold style={{ margin: "4px 0" }}>
          {resourceName(group)}
        </Words>
        <Words as="dim" size={12}>
          in the hour from {group.hour.replace("T", " ")}:00 UTC
        </Words>
        <table
          width="100%"
          cellPadding={0}
          cellSpacing={0}
          border={0}
          style={{ borderCollapse: "collapse", marginTop: 12 }}
        >
          <tbody>
            {shown.map((notice) => (
              <tr
                key={`${notice.arn} ${notice.kind} ${notice.updatedAt}`}
                {...tone("line", { borderTopWidth: 1, borderTopStyle: "solid" })}
              >
                <td style={{ padding: "10px 0", fontSize: 14, lineHeight: "20px" }}>
                  <Capsule as={toneOfKind(notice.kind)}>{notice.kind}</Capsule>{" "}
                  <Capsule as={toneOfSeverity(notice.severity)}>{notice.severity}</Capsule> {notice.title}
                  {notice.remedy !== "" && notice.kind !== "fixed" && <Under>{notice.remedy}</Under>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {moreOf(more, "change").map((words) => (
          <Words key={words} as="dim" size={13}>
            {words}
          </Words>
        ))}
      </Card>
      <SentBy scanId={scanId} />
    </MailPage>
  );
}

export function SentBy({ scanId }: { readonly scanId: string }) {
  return (
    <Words as="dim" size={11} style={{ padding: "18px 28px 0" }}>
      Sent by {scanId}
    </Words>
  );
}
