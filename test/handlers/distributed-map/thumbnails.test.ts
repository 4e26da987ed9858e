import * as assert from "node:assert/strict";
import { createJimp } from "@jimp/core";
import jpeg from "@jimp/js-jpeg";
import png from "@jimp/js-png";
import { dimensions } from "../../../handlers/distributed-map/picture";
import { makeHandler } from "../../../handlers/distributed-map/thumbnails";
import { fakeDeps } from "./support";

const Jimp = createJimp({ formats: [png, jpeg] });
const settings = {
  sourceBucket: "pictures",
  sourcePrefix: "images/",
  results: { bucket: "results", prefix: "small" },
  width: 20,
};

const picture = (type: "image/jpeg" | "image/png", width: number, height: number): Promise<Buffer> =>
  new Jimp({ width, height, color: 0xff8800ff }).getBuffer(type);

const listed = (Key: string, bytes: Uint8Array) => ({ Key, Size: bytes.length });

/** A PNG whose header says that it is as large as that. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const bytes = await picture("image/png", 1, 1);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

describe("the item thumbnails", () => {
  for (const type of ["image/png", "image/jpeg"] as const) {
    it(`makes a ${type} as wide as asked for, in the same proportions`, async () => {
      const bytes = await picture(type, 100, 50);
      const { deps, stored } = fakeDeps({ "pictures/images/dogs/one": bytes });
      const answer = await makeHandler(settings, deps)(listed("images/dogs/one", bytes));
      const small = stored.get("results/small/thumbnails/dogs/one") ?? new Uint8Array();
      const { width, height, mime } = await Jimp.fromBuffer(Buffer.from(small));
      assert.deepEqual([width, height, mime], [20, 10, type]);
      assert.deepEqual(answer, { pictures: 1, bytesBefore: bytes.length, bytesAfter: small.length });
      assert.deepEqual(dimensions(small), { width: 20, height: 10 });
    });
  }

  it("leaves a narrow picture as wide as it is, and sums up a batch", async () => {
    const bytes = await picture("image/png", 8, 4);
    const { deps, stored } = fakeDeps({ "pictures/images/a": bytes, "pictures/images/b": bytes });
    const answer = await makeHandler(settings, deps)({ Items: [listed("images/a", bytes), listed("images/b", bytes)] });
    assert.equal(answer.pictures, 2);
    const small = await Jimp.fromBuffer(Buffer.from(stored.get("results/small/thumbnails/a") ?? []));
    assert.equal(small.width, 8);
  });

  const wrong: [what: string, bytes: () => Promise<Uint8Array> | Uint8Array, message: RegExp][] = [
    ["a text", () => Buffer.from("no picture"), /neither a PNG nor a JPEG/],
    ["an empty file", () => new Uint8Array(), /neither a PNG nor a JPEG/],
    ["half a picture", async () => (await picture("image/png", 9, 9)).subarray(0, 40), /BadPictureError: images\/a: /],
    ["half a JPEG", async () => (await picture("image/jpeg", 90, 90)).subarray(0, 400), /BadPictureError: images\/a: /],
    ["a header without a frame", () => new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 1, 2, 3, 4]), /neither/],
    ["more pixels than fit into the memory", () => claiming(50_000, 50_000), /50000 × 50000 pixels/],
  ];
  for (const [what, bytes, message] of wrong) {
    it(`refuses ${what}, and writes nothing`, async () => {
      const contents = await bytes();
      const { deps, stored, errors } = fakeDeps({ "pictures/images/a": contents });
      await assert.rejects(makeHandler(settings, deps)(listed("images/a", contents)), message);
      assert.deepEqual([stored.size, errors.length], [1, 1]);
    });
  }

  it("does not even read a file that is too large, and hands on what S3 answers", async () => {
    const { deps } = fakeDeps({});
    await assert.rejects(makeHandler(settings, deps)({ Key: "a", Size: 2 ** 30 }), /1073741824 bytes/);
    await assert.rejects(makeHandler(settings, deps)({ Key: "a", Size: 1 }), /NoSuchKey/);
    await assert.rejects(makeHandler(settings, deps)({ Items: [{ Size: 1 }] }), /BadItemError: item 0: Key/);
  });
});
