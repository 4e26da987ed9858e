import * as assert from "node:assert/strict";
import { apiPage } from "../../../components/open-api/page";

describe("the page of an API", () => {
  const bundle = JSON.stringify({ info: { title: "A & <b>", description: "</script><script>alert(1)</script>" } });

  it("holds the document, which cannot leave its script", () => {
    const page = apiPage(bundle);
    assert.match(page, /<title>A &amp; &lt;b><\/title>/);
    assert.equal(page.match(/<\/script>/g)?.length, 2);
    const [, data = ""] = /Redoc\.init\((.*), \{\}/.exec(page) ?? [];
    assert.deepEqual(JSON.parse(data), JSON.parse(bundle));
  });

  it("takes Redoc in the version that it names, unchanged", () => {
    assert.match(apiPage(bundle), /redoc@\d+\.\d+\.\d+\/.*" integrity="sha384-[\w+/]{64}"/);
  });
});
