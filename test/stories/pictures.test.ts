import * as assert from "node:assert/strict";
import { pictures } from "../../local/stories/cost-report/pictures";

describe("pictures of a mail", () => {
  it("are left out where there is no Chromium, without a fault", async () => {
    assert.equal(await pictures("/no/mail.html", ""), undefined);
    assert.equal(await pictures("/no/mail.html", "/no/such/folder"), undefined);
  });
});
