/** Tables of figures, as such: with a caption, and header cells for their columns and rows. */
import type { CSSProperties, ReactNode } from "react";
import { type } from "./parts";
import { tone } from "./theme";

/** What becomes of a column where there is hardly room: it is left out, or goes below the one before. */
type Narrow = "wide" | "below";

interface Column {
  readonly name: string;
  readonly width?: number;
  readonly narrow?: Narrow;
}

interface FiguresProps {
  readonly caption: string;
  /** The first one is on the left, all others on the right. */
  readonly columns: readonly Column[];
  /** Size of type in its rows. */
  readonly size: number;
  /** `FigureRow`s. */
  readonly children: ReactNode;
}

export function Figures({ caption, columns, size, children }: FiguresProps) {
  const [first, ...others] = columns;
  return (
    <table width="100%" cellPadding={0} cellSpacing={0} border={0} {...type(size, { borderCollapse: "collapse" })}>
      <caption {...type(12, { as: "dim", textAlign: "left" })}>{caption}</caption>
      <thead>
        <tr {...type(11, { as: "dim" })}>
          {first !== undefined && <ColumnHead {...first} align="left" />}
          {others.map((column) => (
            <ColumnHead key={column.name} {...column} align="right" />
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function ColumnHead({ name, width, narrow, align }: Column & { readonly align: "left" | "right" }) {
  return (
    <th scope="col" align={align} className={narrow} style={{ width, fontWeight: 400, padding: "8px 0 4px" }}>
      {name}
    </th>
  );
}

interface FigureRowProps {
  readonly head: ReactNode;
  readonly isBold?: boolean;
  /** Pixels above and below. */
  readonly room: number;
  /** Pixels of the line above. */
  readonly rule?: number;
  /** `Cell`s. */
  readonly children: ReactNode;
}

export function FigureRow({ head, isBold = false, room, rule = 1, children }: FigureRowProps) {
  return (
    <tr {...tone("line", { borderTopWidth: rule, borderTopStyle: "solid" })}>
      <th scope="row" align="left" style={{ padding: `${room}px 8px ${room}px 0`, fontWeight: isBold ? 600 : 400 }}>
        {head}
      </th>
      {children}
    </tr>
  );
}

interface CellProps {
  readonly narrow?: Narrow;
  readonly style: CSSProperties;
  readonly children: ReactNode;
}

export function Cell({ narrow, style, children }: CellProps) {
  return (
    <td align="right" valign="top" className={narrow} style={style}>
      {children}
    </td>
  );
}

/** Longer ones may break, so that no sum is too large for a narrow screen. */
const UNBROKEN = 18;

/** Keeps each of a cell's texts on a line of its own, unless one is enormous. */
export function unbroken(...texts: readonly string[]): CSSProperties {
  return texts.every(({ length }) => length <= UNBROKEN) ? { whiteSpace: "nowrap" } : {};
}
