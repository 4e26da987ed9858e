/** What the sections of mails are made of. */
import { Section } from "@react-email/section";
import { Text } from "@react-email/text";
import type { CSSProperties, ReactNode } from "react";
import { tone, type ToneName } from "./theme";

interface WordsProps {
  readonly children: ReactNode;
  readonly as?: ToneName;
  readonly size?: number;
  readonly bold?: boolean;
  readonly style?: CSSProperties;
}

/** What an element gets of a tone and a style. */
export interface Look {
  className?: ToneName;
  style: CSSProperties;
}

/** Size and weight, and a tone other than the card's own; for whatever holds text. */
export function type(
  size: number,
  { as, bold = false, ...style }: CSSProperties & { as?: ToneName; bold?: boolean } = {},
): Look {
  const sized = {
    fontSize: size,
    lineHeight: `${Math.round(size * 1.45)}px`,
    ...(bold && { fontWeight: 600 }),
    ...style,
  };
  return as === undefined ? { style: sized } : tone(as, sized);
}

/** A paragraph without margins above and below. */
export function Words({ children, as, size = 14, bold = false, style = {} }: WordsProps) {
  const look = { bold, marginTop: 0, marginBottom: 0, ...style, ...(as !== undefined && { as }) };
  return <Text {...type(size, look)}>{children}</Text>;
}

/** A line of its own in a cell, smaller and paler than the cell's text. */
export function Under({ children, size = 12 }: { readonly children: ReactNode; readonly size?: number }) {
  return (
    <>
      <br />
      <span {...tone("dim", { fontSize: size, fontWeight: 400 })}>{children}</span>
    </>
  );
}

/** A few words in a coloured capsule. */
export function Capsule({ as, children, size = 12 }: { as: ToneName; children: string; size?: number }) {
  const shape: CSSProperties = {
    display: "inline-block",
    fontSize: size,
    lineHeight: `${size + 8}px`,
    fontWeight: 600,
    padding: "0 8px",
    borderRadius: 99,
  };
  return <span {...tone(as, shape)}>{children.replaceAll(" ", "\u00a0")}</span>;
}

/** One of the mail's white fields. */
export function Card({ children }: { readonly children: ReactNode }) {
  return (
    <Section {...tone("card", { borderRadius: 14, marginTop: 12 })}>
      <Section className="pad" style={{ padding: "20px 28px" }}>
        {children}
      </Section>
    </Section>
  );
}
