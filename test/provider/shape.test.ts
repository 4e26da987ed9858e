import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import {
  boolean,
  checkShape,
  flag,
  fromAws,
  like,
  named,
  nested,
  nestedList,
  number,
  type Shape,
  tags,
  text,
  texts,
  time,
  toAws,
} from "../../local/provider/services/shape";

const SHAPE: Shape = {
  imageId: text,
  size: number,
  open: boolean,
  carrier: flag,
  groups: named("SecurityGroups", texts),
  until: time,
  disk: nested({ volumeSize: number, encrypted: flag }),
  cards: nestedList({ deviceIndex: number, tags }),
};

const PULUMI: Values = {
  imageId: "ami-1",
  size: 2,
  open: false,
  carrier: "true",
  groups: ["sg-1", "sg-2"],
  until: "2030-01-01T00:00:00.000Z",
  disk: { volumeSize: 8, encrypted: "false" },
  cards: [{ deviceIndex: 0, tags: { Name: "a" } }],
};

const AWS = {
  ImageId: "ami-1",
  Size: 2,
  Open: false,
  Carrier: true,
  SecurityGroups: ["sg-1", "sg-2"],
  Until: new Date("2030-01-01T00:00:00Z"),
  Disk: { VolumeSize: 8, Encrypted: false },
  Cards: [{ DeviceIndex: 0, Tags: [{ Key: "Name", Value: "a" }] }],
};

const key = fc.stringMatching(/^[a-z]{1,3}$/).filter((name) => name !== "tags");
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe("Shapes of nested properties", () => {
  it("translate both ways", () => {
    assert.deepEqual(toAws(SHAPE, PULUMI), AWS);
    assert.deepEqual(fromAws(SHAPE, AWS), PULUMI);
  });

  it("send nothing for what is not set, and answer nothing for what AWS leaves out", () => {
    assert.deepEqual(toAws(SHAPE, { imageId: "", size: null, carrier: "" }), {});
    assert.deepEqual(fromAws(SHAPE, { ImageId: undefined, Other: 1 }), {});
    assert.deepEqual(fromAws(SHAPE, undefined), {});
  });

  it("locate what they do not map, and values of another kind", () => {
    const wrong = {
      size: "large",
      open: "maybe",
      groups: "sg-1",
      until: "tomorrow",
      disk: { volumeSize: 8, colour: "red" },
      cards: [{ deviceIndex: 0 }, { deviceIndex: "x", tags: [] }],
      other: "the type's own table answers for this one",
    };
    const failures = checkShape(SHAPE, wrong, "local/provider/services/test.ts");
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["size", "open", "groups", "until", "disk.colour", "cards[1].deviceIndex", "cards[1].tags"],
    );
    assert.match(failures[4]?.reason ?? "", /local\/provider\/services\/test\.ts/);
    assert.deepEqual(checkShape(SHAPE, PULUMI, ""), []);
    const unknown = { size: UNKNOWN, groups: UNKNOWN, disk: UNKNOWN, cards: [UNKNOWN, { tags: UNKNOWN }] };
    assert.deepEqual(checkShape(SHAPE, unknown, ""), []);
  });
});

describe("AWS's answer in the program's notation", () => {
  it("keeps the order of lists that AWS keeps as sets", () => {
    assert.deepEqual(like(["b", "a"], ["a", "b"]), ["b", "a"]);
    assert.deepEqual(like(["b", "a"], ["a", "c"]), ["c", "a"]);
    assert.deepEqual(like(["b"], ["a", "b"]), ["b", "a"]);
    assert.deepEqual(like(["a", "b"], ["b"]), ["b"]);
  });

  it("leaves out what AWS adds on its own, but no tag", () => {
    assert.deepEqual(like({ id: "lt-1" }, { id: "lt-1", name: "web", version: "1" }), { id: "lt-1" });
    assert.deepEqual(like({ tags: { a: "1" } }, { tags: { a: "1", b: "2" } }), { tags: { a: "1", b: "2" } });
    assert.deepEqual(
      like(
        [{ a: 1 }, { a: 2 }],
        [
          { a: 2, b: 0 },
          { a: 1, b: 0 },
        ],
      ),
      [{ a: 1 }, { a: 2 }],
    );
  });

  it("takes numbers and booleans as text for the same", () => {
    assert.deepEqual(like({ weight: "1", open: "true" }, { weight: 1, open: true }), { weight: "1", open: "true" });
  });

  it("shows what is left as drift", () => {
    assert.deepEqual(like({ a: 1, b: 2 }, { a: 1, b: 3 }), { a: 1, b: 3 });
    assert.deepEqual(like({ a: 1, b: 2 }, { a: 1 }), { a: 1 });
    assert.deepEqual(like({ a: 1, b: false }, { a: 1 }), { a: 1, b: false });
    assert.equal(like("a", "b"), "b");
    assert.equal(like(undefined, "b"), "b");
  });

  it("is what was given, when AWS has what was given", () => {
    fc.assert(fc.property(value, (given) => assert.deepEqual(like(given, structuredClone(given)), given)));
    const set = fc.uniqueArray(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(set, fc.func(fc.integer()), (given, order) => {
        const shuffled = [...given].sort((a, b) => order(a) - order(b));
        assert.deepEqual(like(given, shuffled), given);
      }),
    );
  });

  it("has every item that AWS has, none lost and none made up", () => {
    const items = fc.array(fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(items, items, (given, actual) => {
        assert.deepEqual((like(given, actual) as number[]).sort(), [...actual].sort());
      }),
    );
  });
});
