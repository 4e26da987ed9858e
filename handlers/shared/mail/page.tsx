/** The frame of a mail: head, colours, width; and its markup. */
import { Body } from "@react-email/body";
import { Container } from "@react-email/container";
import { Head } from "@react-email/head";
import { Html } from "@react-email/html";
import { Preview } from "@react-email/preview";
import { Section } from "@react-email/section";
import type { ReactElement, ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { FONT, STYLE_SHEET, tone } from "./theme";

/** No word is too long for a narrow screen; the older property is for clients that do not know the newer one. */
const BREAKABLE = { overflowWrap: "anywhere", wordBreak: "break-word" } as const;

interface MailPageProps {
  readonly subject: string;
  /** What clients show beside the subject in a list of mails. */
  readonly preview: string;
  /** `Card`s, and what is below them. */
  readonly children: ReactNode;
}

export function MailPage({ subject, preview, children }: MailPageProps) {
  return (
    <Html>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{subject}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE_SHEET }} />
      </Head>
      <Body {...tone("page", { margin: 0, padding: 0, fontFamily: FONT, ...BREAKABLE })}>
        <Section {...tone("page")}>
          <Preview>{preview}</Preview>
          <Container width={600} style={{ width: "100%", maxWidth: 600 }}>
            <Section className="edge" style={{ padding: "12px 16px 28px" }}>
              {children}
            </Section>
          </Container>
        </Section>
      </Body>
    </Html>
  );
}

const DOCTYPE =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">';

/**
 * React asks browsers to load images early, by links that mail clients do not know; React Email marks its cells, and says
 * of rows that they are as wide as their tables, which they are. A quarter of a mail's size.
 */
const NEEDLESS = [
  /<link rel="preload" as="image"[^>]*>/g,
  / data-id="__react-email-column"/g,
  /(?<=<(?:tbody|tr)) style="width:100%"/g,
] as const;

export function toHtml(mail: ReactElement): string {
  const markup = renderToStaticMarkup(mail);
  return DOCTYPE + NEEDLESS.reduce((html, pattern) => html.replaceAll(pattern, ""), markup);
}
