import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { diagramOf } from "../../docs/diagrams/diagram";
import { reportHtml } from "../../local/report";
import { PATTERNS } from "../../stacks/patterns";

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
          { name: "Deploy", ok: true, detail: "70 resources created", seconds: 1, took: 0.8 },
          {
            name: "Scale <in>",
            ok: false,
            detail: 'last seen: {"a":"<script>alert(1)</script>"}',
            seconds: 9.5,
            took: 8.5,
          },
        ],
        files: ["wavelength-dns/mail.html", 'wavelength-dns/"<mail>.png'],
        created: { "aws:lambda/function:Function": 3, "aws:sqs/queue:Queue": 5, "pulumi:index:Stash": 1 },
      },
    ],
    NOW,
    (file) => Buffer.from(`what is in ${file}: <b>`),
  );

  it("shows every check with its time and outcome", () => {
    assert.match(
      html,
      /<li class="ok"><span class="time"><b>0\.8 s<\/b> until 1\.0 s<\/span>\n<strong>Deploy<\/strong>/,
    );
    assert.match(html, /<li class="bad"><span class="time"><b>8\.5 s<\/b> until 9\.5 s<\/span>/);
    assert.match(html, /1 of 2 checks held/);
    assert.match(html, /0 of 1 story held/);
  });

  it("shows the pattern's diagram, and what was made by kind", () => {
    assert.match(html, /<figure><img src="data:image\/svg\+xml;base64,[\w+/=]+" alt="The parts of wavelength-dns/);
    assert.match(
      html,
      /9 resources of 3 kinds<\/summary><ul><li><b>5<\/b> sqs Queue<\/li><li><b>3<\/b> lambda Function/,
    );
  });

  it("holds all that it shows, so that it can be sent", () => {
    assert.match(html, /<iframe [^>]*srcdoc="what is in wavelength-dns\/mail\.html: &lt;b&gt;"/);
    const picture = Buffer.from('what is in wavelength-dns/"<mail>.png: <b>').toString("base64");
    assert.ok(
      html.includes(`<img src="data:image/png;base64,${picture}" alt="wavelength-dns/&quot;&lt;mail&gt;.png">`),
    );
    assert.deepEqual([...html.matchAll(/(?:src|href)="(?!data:|#)([^"]*)"/g)], []);
  });

  it("has the drawing of each diagram that its page shows today", () => {
    for (const pattern of Object.keys(PATTERNS)) {
      const { file, mark } = diagramOf(pattern) ?? assert.fail(`${pattern} has no diagram`);
      const drawn = existsSync(file) && readFileSync(file, "utf8").includes(mark);
      assert.ok(drawn, `${pattern}: node -r ./scripts/register.cjs docs/diagrams/render.ts`);
    }
  });

  it("escapes what AWS or a story says", () => {
    assert.ok(!html.includes("<script>"));
    assert.match(html, /Scale &lt;in&gt;/);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  });
});
