import { FONT, toneRules } from "../../shared/mail/theme";

export const STYLE = [
  ":root{color-scheme:light dark;--page:#f2f4f7;--card:#fff;--ink:#101828;--dim:#5b6577;--line:#e6e9ef;--bar:#2e77f0}",
  "@media (prefers-color-scheme:dark){:root{--page:#0b0f17;--card:#151b26;--ink:#f2f4f7;--dim:#a3adbd;--line:#2a3342}}",
  `body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 ${FONT};font-variant-numeric:tabular-nums}`,
  "main{max-width:800px;margin:0 auto;padding:32px 16px}",
  "section{background:var(--card);border-radius:14px;padding:20px 24px;margin:14px 0}",
  "h1{margin:0;font-size:24px}h2{margin:0 0 10px;font-size:16px}p{margin:0}",
  ".total{font-size:40px;font-weight:600;letter-spacing:-.02em}.dim{color:var(--dim);font-size:13px;font-weight:400}",
  "table{width:100%;border-collapse:collapse}tr+tr>*{border-top:1px solid var(--line)}",
  "th{text-align:left;font-weight:500;padding:7px 8px 7px 0}td{text-align:right;padding:7px 0 7px 8px}",
  "caption,thead th{font-size:13px;font-weight:400;color:var(--dim);text-align:left}thead th+th{text-align:right}",
  "svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:var(--dim)}",
  ".bar,.estimated{fill:var(--bar)}.estimated{opacity:.55}.credit{fill:#169669}",
  ".spark{width:120px;height:24px;display:inline-block}.spark polyline{fill:none;stroke:var(--bar);stroke-width:1.5}",
  ".badge{display:inline-block;padding:0 8px;border-radius:99px;font-size:12px;line-height:20px;font-weight:600}",
  "@media (max-width:480px){svg text{font-size:22px}g:nth-child(even) text{display:none}}",
  "footer{padding:6px 24px}footer p+p{margin-top:4px}",
  toneRules(),
].join("");
