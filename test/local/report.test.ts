import * as assert from "node:assert/strict";
import { reportHtml } from "../../local/report";

const NOW = new Date("2026-11-24T10:00:00Z");

describe("the run's report", () => {
  const html = reportHtml(
    [
      {
        name: "media",
        pattern: "wavelength-dns",
        title: "Records follow instances",
        ok: false,
        seconds: 12.34,
        checks: [
          { name: "Deploy", ok: true, detail: "70 create", seconds: 1 },
          { name: "Scale <in>", ok: false, detail: 'last seen: {"a":"<script>alert(1)</script>"}', seconds: 9.5 },
        ],
        files: ["wavelength-dns/mail.html", 'wavelength-dns/"<mail>.png'],
      },
    ],
    NOW,
  );

  it("shows every check with its time and outcome", () => {
    assert.match(html, /<li class="ok"><span class="time">1\.0 s<\/span><strong>Deploy<\/strong>/);
    assert.match(html, /<li class="bad"><span class="time">9\.5 s<\/span>/);
    assert.match(html, /1 of 2 checks held/);
    assert.match(html, /0 of 1 story held/);
  });

  it("links what there is to look at, and shows pictures", () => {
    assert.match(html, /<a href="wavelength-dns\/mail\.html">wavelength-dns\/mail\.html<\/a>/);
    assert.match(html, /<img src="wavelength-dns\/&quot;&lt;mail&gt;\.png" /);
  });

  it("escapes what AWS or a story says", () => {
    assert.ok(!html.includes("<script>"));
    assert.match(html, /Scale &lt;in&gt;/);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  });
});
