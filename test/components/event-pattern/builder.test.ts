import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { eventPattern } from "../../../components";
import type { EventPattern, Match, Scalar } from "../../../components/event-pattern";

const { anythingBut, cidr, equalsIgnoreCase, exists, matches, numeric, or, patternFaults } = eventPattern;
const { prefix, prefixIgnoreCase, suffix, suffixIgnoreCase, wildcard } = eventPattern;

interface Order {
  source: string;
  "detail-type": "placed" | "paid";
  detail: {
    total: number;
    note?: string | null;
    isGift: boolean;
    tags: string[];
    lines: { sku: string; count: number }[];
  };
}

const ORDER: Order = {
  source: "shop",
  "detail-type": "paid",
  detail: { total: 12, isGift: false, tags: ["new", "eu"], lines: [{ sku: "a1", count: 2 }] },
};

describe("the functions for event patterns", () => {
  it("answer the JSON that AWS documents", () => {
    assert.deepEqual(
      [prefix("a"), prefixIgnoreCase("a"), suffix("a"), suffixIgnoreCase("a"), equalsIgnoreCase("a"), wildcard("a*")],
      [
        { prefix: "a" },
        { prefix: { "equals-ignore-case": "a" } },
        { suffix: "a" },
        { suffix: { "equals-ignore-case": "a" } },
        { "equals-ignore-case": "a" },
        { wildcard: "a*" },
      ],
    );
    assert.deepEqual(
      [cidr("10.0.0.0/24"), exists(true), exists(false), numeric("=", 5), numeric(">", 0, "<=", 5)],
      [
        { cidr: "10.0.0.0/24" },
        { exists: true },
        { exists: false },
        { numeric: ["=", 5] },
        { numeric: [">", 0, "<=", 5] },
      ],
    );
    assert.deepEqual(
      [
        anythingBut("a"),
        anythingBut("a", "b"),
        anythingBut(1, 2),
        anythingBut.prefix("a"),
        anythingBut.suffix("a", "b"),
      ],
      [
        { "anything-but": "a" },
        { "anything-but": ["a", "b"] },
        { "anything-but": [1, 2] },
        { "anything-but": { prefix: "a" } },
        { "anything-but": { suffix: ["a", "b"] } },
      ],
    );
    assert.deepEqual(
      [anythingBut.equalsIgnoreCase("a"), anythingBut.wildcard("a*", "*b"), or({ a: [1] }, { b: [2] })],
      [
        { "anything-but": { "equals-ignore-case": "a" } },
        { "anything-but": { wildcard: ["a*", "*b"] } },
        { $or: [{ a: [1] }, { b: [2] }] },
      ],
    );
  });

  it("go together with what is written by hand, and with the type of an event", () => {
    const built: EventPattern<Order> = {
      source: [prefix("sh")],
      "detail-type": [anythingBut("placed")],
      detail: {
        total: [numeric(">", 10), 0],
        note: [exists(false), null],
        tags: ["eu", wildcard("u*")],
        lines: { sku: [suffix("1")], count: [{ numeric: [">=", 1, "<", 3] }] },
        ...or<Order["detail"]>({ isGift: [true] }, { $or: [{ isGift: [false] }, { isGift: [exists(false)] }] }),
      },
    };
    assert.deepEqual(patternFaults(built, { service: "eventbridge" }), []);
    assert.ok(matches(built, ORDER));
    assert.ok(!matches(built, { ...ORDER, source: "mall" }));
  });

  it("are refused by the compiler where they do not fit the event", () => {
    // @ts-expect-error: there is no such field.
    const field: EventPattern<Order> = { detial: {} };
    // @ts-expect-error: a value stands in a list.
    const list: EventPattern<Order> = { source: "shop" };
    // @ts-expect-error: there is no such value.
    const value: EventPattern<Order> = { "detail-type": ["shipped"] };
    // @ts-expect-error: the field is a number.
    const operator: EventPattern<Order> = { detail: { total: [prefix("1")] } };
    // @ts-expect-error: the field has fields of its own.
    const level: EventPattern<Order> = { detail: ["a"] };
    // @ts-expect-error: an unknown operator, without the type of an event, too.
    const unknown: EventPattern = { source: [{ prefx: "a" }] };
    // @ts-expect-error: the lower end comes first.
    const turned = numeric("<", 5, ">", 0);
    // @ts-expect-error: texts and numbers do not go together.
    const mixed = anythingBut("a", 1);
    assert.equal([field, list, value, operator, level, unknown, turned, mixed].length, 8);
  });
});

/** An alternative of a field, with values that match it. */
interface Option {
  readonly match: Match;
  readonly value: Scalar;
}

const text = fc.string({ unit: fc.constantFrom(..."abAB*\\.é😀"), maxLength: 6 });
const filled = text.filter((it) => it !== "");
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  text,
  fc.integer({ min: -1000, max: 1000 }),
  fc.boolean(),
  fc.constant(null),
);
const byte = fc.integer({ min: 0, max: 255 });
const escaped = (part: string): string => part.replace(/[*\\]/g, "\\$&");
const pair = fc.tuple(text, text);

const option: fc.Arbitrary<Option> = fc.oneof(
  scalar.map((value) => ({ match: value, value })),
  pair.map(([a, b]) => ({ match: prefix(a), value: a + b })),
  pair.map(([a, b]) => ({ match: prefixIgnoreCase(a), value: a.toUpperCase() + b })),
  pair.map(([a, b]) => ({ match: suffix(b), value: a + b })),
  pair.map(([a, b]) => ({ match: suffixIgnoreCase(b), value: a + b.toLowerCase() })),
  text.map((a) => ({ match: equalsIgnoreCase(a), value: a.toUpperCase() })),
  fc.tuple(text, text, text).map(([a, b, c]) => ({ match: wildcard(`${escaped(a)}*${escaped(c)}`), value: a + b + c })),
  fc.integer().map((n) => ({ match: numeric("=", n), value: n })),
  fc
    .tuple(fc.integer(), fc.integer({ min: 1 }))
    .map(([n, more]) => ({ match: numeric(">=", n, "<", n + more), value: n })),
  fc.tuple(byte, byte).map(([a, b]) => ({ match: cidr(`10.0.${a}.0/24`), value: `10.0.${a}.${b}` })),
  scalar.map((value) => ({ match: exists(true), value })),
  filled.map((a) => ({ match: anythingBut.prefix(a), value: `-${a}` })),
);

interface Example {
  readonly pattern: EventPattern;
  readonly event: Record<string, unknown>;
}

const field = (tie: fc.LetrecTypedTie<{ example: Example }>) =>
  fc.oneof({ maxDepth: 3 }, fc.array(option, { minLength: 1, maxLength: 3 }), tie("example"));

const { example } = fc.letrec<{ example: Example }>((tie) => ({
  example: fc
    .record({ a: field(tie), b: field(tie), c: field(tie), d: field(tie) }, { requiredKeys: [] })
    .filter((fields) => Object.keys(fields).length > 0)
    .map((fields): Record<string, Option[] | Example> => fields)
    .chain((fields) =>
      fc.tuple(fc.constant(fields), fc.nat(), fc.constantFrom("alone", "in an array", "after another")),
    )
    .map(([fields, chosen, place]) => {
      const entries = Object.entries(fields);
      const pattern = entries.map(([name, it]) => [
        name,
        Array.isArray(it) ? it.map(({ match }) => match) : it.pattern,
      ]);
      const event = entries.map(([name, it]) => {
        const inner: unknown = Array.isArray(it) ? it[chosen % it.length]?.value : it.event;
        return [name, { alone: inner, "in an array": [inner], "after another": [{ z: 1 }, inner] }[place]];
      });
      return { pattern: Object.fromEntries(pattern), event: Object.fromEntries(event) } as Example;
    }),
}));

describe("event patterns, whatever they are", () => {
  it("that are made by the functions are right, and match events that are made for them", () => {
    fc.assert(
      fc.property(example, ({ pattern, event }) => {
        assert.deepEqual(patternFaults(pattern, { service: "eventbridge", maximumCharacters: Infinity }), []);
        assert.ok(matches(pattern, event));
      }),
    );
  });

  it("match one of several patterns exactly when one of them matches", () => {
    fc.assert(
      fc.property(example, example, ({ pattern, event }, other) => {
        const either = { x: or(pattern, other.pattern) };
        assert.ok(matches(either, { x: event }));
        assert.ok(matches(either, { x: other.event }));
        assert.equal(
          matches({ x: or(pattern, { never: [1] }) }, { x: other.event }),
          matches({ x: pattern }, { x: other.event }),
        );
      }),
    );
  });

  it("match any value but some exactly where those do not match, if there is a value", () => {
    const exclusions = fc.oneof(
      fc.tuple(text, text).map(([a, b]): [Match, Match[]] => [anythingBut(a, b), [a, b]]),
      fc.integer({ min: -9, max: 9 }).map((n): [Match, Match[]] => [anythingBut(n), [n]]),
      filled.map((a): [Match, Match[]] => [anythingBut.prefix(a), [prefix(a)]]),
      filled.map((a): [Match, Match[]] => [anythingBut.suffix(a), [suffix(a)]]),
      text.map((a): [Match, Match[]] => [anythingBut.equalsIgnoreCase(a), [equalsIgnoreCase(a)]]),
      filled.map((a): [Match, Match[]] => [anythingBut.wildcard(`*${escaped(a)}*`), [wildcard(`*${escaped(a)}*`)]]),
    );
    fc.assert(
      fc.property(exclusions, fc.oneof(scalar, fc.integer({ min: -9, max: 9 })), ([but, those], x) => {
        assert.notEqual(matches({ x: [but] }, { x }), matches({ x: those }, { x }));
        assert.ok(!matches({ x: [but] }, {}));
      }),
    );
  });
});
