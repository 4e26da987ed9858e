/** What the report goes out without. */
import type { Report } from "../report";
import { Card, Words } from "../../shared/mail/parts";

export function NotesCard({ report: { notes } }: { readonly report: Pick<Report, "notes"> }) {
  if (notes.length === 0) return null;
  return (
    <Card>
      <Words size={13} bold>
        What this report lacks
      </Words>
      {notes.map((note) => (
        <Words key={note} size={13} style={{ marginTop: 4 }}>
          {note}
        </Words>
      ))}
    </Card>
  );
}
