/** The look of the run's report: narrow and wide screens, light and dark, and print. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --soft: #6e7781; --card: #fff; }
@media screen and (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; --soft: #9198a1; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .25rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.5rem; }
.summary { color: var(--soft); margin: 0 0 .75rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: 0; }
nav a { color: inherit; text-decoration: none; } nav a:hover { text-decoration: underline; }
nav .good a::first-letter { color: var(--good); } nav .bad a { color: var(--bad); }
figure { margin: 0 0 1rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card);
  overflow-x: auto; }
figure img { display: block; width: 100%; min-width: 44rem; max-height: 30rem; object-fit: contain; }
summary { cursor: pointer; }
.created ul { columns: 16rem; margin: .5rem 0; padding-left: 1.25rem; }
.created li { display: list-item; border: 0; padding: 0; }
ol { list-style: none; margin: 1rem 0; padding: 0; border-left: 2px solid var(--line); }
ol li { position: relative; padding: .4rem 0 .4rem 1.25rem; }
ol li::before { content: ""; position: absolute; left: -.44rem; top: .85rem; width: .75rem; height: .75rem;
  border-radius: 50%; background: var(--good); }
ol li.bad::before { background: var(--bad); }
.time { float: right; color: var(--soft); font-variant-numeric: tabular-nums; font-size: .875rem; margin-left: 1rem; }
.time b { color: CanvasText; font-weight: 600; }
.detail { display: block; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; clear: left; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 1rem; align-items: start; }
.picture summary { list-style: none; } .picture summary::-webkit-details-marker { display: none; }
.picture img { width: 100%; height: 12rem; object-fit: cover; object-position: top; border: 1px solid var(--line); }
.picture span { display: block; color: var(--soft); font-size: .8rem; overflow-wrap: anywhere; }
.picture[open] { grid-column: 1 / -1; } .picture[open] img { height: auto; width: auto; max-width: 100%; }
.file { margin: .5rem 0; } .file iframe { width: 100%; height: 36rem; border: 1px solid var(--line); background: #fff; }
.file pre { overflow: auto; max-height: 24rem; font-size: .8rem; border: 1px solid var(--line); padding: .5rem; }
.good { color: var(--good); } ol li.bad strong, .bad .word { color: var(--bad); }
@media (max-width: 40rem) { .time { float: none; display: block; margin: 0; } }
@media print {
  :root { color-scheme: light; } .created::details-content { content-visibility: visible; block-size: auto; }
  body { font-size: 10pt; max-width: none; margin: 0; } nav, .file { display: none; }
  section { break-before: page; } section:first-of-type { break-before: auto; } ol li, figure { break-inside: avoid; }
  figure img { min-width: 0; } .picture img { height: auto; max-height: 8cm; object-fit: contain; }
}
`;
