import * as assert from "node:assert/strict";
import { resourceName, typeName } from "../../../handlers/inspector/mail/words";

const NAMES: Readonly<Record<string, string>> = {
  "i-12345678901234567": "i-12345678901234567",
  "arn:aws:lambda:eu-central-1:123456789012:function:orders:$LATEST": "orders",
  "arn:aws:lambda:eu-central-1:123456789012:function:orders:7": "orders:7",
  [`arn:aws:ecr:eu-central-1:123456789012:repository/web/shop/sha256:${"84f507df33c6".padEnd(64, "0")}`]:
    "web/shop/sha256:84f507df33c6",
};

describe("the words of inspector's mails", () => {
  it("call resources as people do", () => {
    for (const [resourceId, name] of Object.entries(NAMES)) assert.equal(resourceName({ resourceId }), name);
    assert.equal(typeName({ resourceType: "AWS_ECR_CONTAINER_IMAGE" }), "container image");
    assert.equal(typeName({ resourceType: "AWS_NEW_THING" }), "AWS_NEW_THING");
  });
});
