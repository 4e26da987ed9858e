/** A day's digest. */
import { MailPage } from "../../shared/mail/page";
import { Capsule, Card, Under, Words } from "../../shared/mail/parts";
import { Cell, FigureRow, Figures } from "../../shared/mail/table";
import type { Digest } from "../digest";
import { SentBy } from "./notice-mail";
import { type DigestContent, MOST_OVERDUE, MOST_RESOURCES, moreOf } from "./text";
import { counted, inDays, resourceName, toneOfSeverity, typeName } from "./words";

const CELL = { padding: "8px 0 8px 8px" };

export function DigestMail({ subject, digest, date, scanId }: DigestContent & { readonly subject: string }) {
  return (
    <MailPage subject={subject} preview={`${counted(digest.overdue.length, "finding")} overdue`}>
      <Card>
        <Words as="dim" size={13}>
          Vulnerabilities on {date}
        </Words>
        <p className="big" style={{ margin: "4px 0", fontSize: 40, lineHeight: "48px", fontWeight: 700 }}>
          {digest.open.toLocaleString("en-US")}
        </p>
        <Words as="dim" size={13}>
          open findings, {digest.suppressed.toLocaleString("en-US")} more suppressed
        </Words>
        <Severities digest={digest} />
      </Card>
      <Overdue digest={digest} />
      <Resources digest={digest} />
      <SentBy scanId={scanId} />
    </MailPage>
  );
}

function Severities({ digest: { lines } }: { readonly digest: Digest }) {
  if (lines.length === 0) return null;
  const columns = ["severity", "open", "opened", "fixed", "overdue"].map((name) => ({ name }));
  return (
    <Figures caption="opened and fixed in the last 24 hours" columns={columns} size={14}>
      {lines.map(({ severity, open, opened, fixed, overdue }) => (
        <FigureRow key={severity} room={8} head={<Capsule as={toneOfSeverity(severity)}>{severity}</Capsule>}>
          {[open, opened, fixed, overdue].map((count, n) => (
            <Cell key={n} style={CELL}>
              {count.toLocaleString("en-US")}
            </Cell>
          ))}
        </FigureRow>
      ))}
    </Figures>
  );
}

function Overdue({ digest: { overdue } }: { readonly digest: Digest }) {
  if (overdue.length === 0) return null;
  return (
    <Card>
      <Figures caption="Overdue, longest first" columns={[{ name: "finding" }, { name: "open for" }]} size={13}>
        {overdue.slice(0, MOST_OVERDUE).map((it) => (
          <FigureRow
            key={it.arn}
            room={8}
            head={
              <>
                <Capsule as={toneOfSeverity(it.severity)}>{it.severity}</Capsule> {it.title}
                <Under>
                  {resourceName(it)}, account {it.account}
                </Under>
              </>
            }
          >
            <Cell style={{ ...CELL, whiteSpace: "nowrap" }}>{inDays(it.ageDays)}</Cell>
          </FigureRow>
        ))}
      </Figures>
      <More count={overdue.length - MOST_OVERDUE} noun="overdue finding" />
    </Card>
  );
}

function Resources({ digest: { resources } }: { readonly digest: Digest }) {
  if (resources.length === 0) return null;
  return (
    <Card>
      <Figures caption="Resources, most severe first" columns={[{ name: "resource" }, { name: "open" }]} size={13}>
        {resources.slice(0, MOST_RESOURCES).map((it) => (
          <FigureRow
            key={it.resourceId}
            room={8}
            head={
              <>
                <Capsule as={toneOfSeverity(it.worst)}>{it.worst}</Capsule> {resourceName(it)}
                <Under>
                  {typeName(it)}, account {it.account}
                </Under>
              </>
            }
          >
            <Cell style={CELL}>{it.open.toLocaleString("en-US")}</Cell>
          </FigureRow>
        ))}
      </Figures>
      <More count={resources.length - MOST_RESOURCES} noun="resource" />
    </Card>
  );
}

function More({ count, noun }: { readonly count: number; readonly noun: string }) {
  const [words] = moreOf(count, noun);
  return words === undefined ? null : (
    <Words as="dim" size={13} style={{ marginTop: 8 }}>
      {words}
    </Words>
  );
}
