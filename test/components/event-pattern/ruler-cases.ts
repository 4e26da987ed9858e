/**
 * What AWS's Event Ruler (https://github.com/aws/event-ruler, 2.1.0) answers: facts that its tests and its pages hold,
 * each asked of it again, written down in our own words.
 */

import type { EventPattern, Match } from "../../../components/event-pattern";

/** A pattern, with events that match it and events that do not. */
export interface RulerCase {
  readonly about: string;
  readonly pattern: EventPattern;
  readonly matching: readonly object[];
  readonly other: readonly object[];
}

const of = (
  about: string,
  pattern: EventPattern,
  matching: readonly object[],
  other: readonly object[],
): RulerCase => ({
  about,
  pattern,
  matching,
  other,
});

/** Events with one field, `x`, that has a value each. */
const xs = (...values: readonly unknown[]): object[] => values.map((x) => ({ x }));

const x = (about: string, match: unknown, matching: readonly unknown[], other: readonly unknown[]): RulerCase =>
  of(about, { x: [match as Match] }, xs(...matching), xs(...other));

const VALUES: readonly RulerCase[] = [
  of("one of several values", { x: ["a", "b"] }, xs("a", "b"), [...xs("c", "ab", 1), {}]),
  x("a text is not the number or the word it looks like", "1", ["1"], [1, true]),
  x("a number however it is written", 1, [1, 1.0, 1], ["1", 1.5, true]),
  x("the number of an account, which is beyond five billions", 123456789012, [123456789012], [123456789013]),
  x("a tiny number", 3.3e-7, [3.3e-7], [0]),
  x("true", true, [true], ["true", false, 1, null]),
  x("false", false, [false], ["false", 0, null]),
  of("null, which is there", { x: [null] }, xs(null), [...xs("null", ""), {}]),
  of("the empty text, which is there", { x: [""] }, xs(""), [...xs(null, " "), {}]),
  x("an IPv6 address however it is written", "::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2", "1"]),
  x("an IPv4 address with leading zeros", "010.0.0.1", ["10.0.0.1"], ["8.0.0.1"]),
  x("Event Ruler's word for a text", { exactly: "a" }, ["a"], ["A", 1]),
];

const TEXTS: readonly RulerCase[] = [
  x("prefix", { prefix: "ab" }, ["ab", "abc"], ["a", "Ab", "cab", ""]),
  x("prefix of texts only", { prefix: "1" }, ["12"], [12, null, true]),
  x("empty prefix", { prefix: "" }, ["", "a"], [1, null]),
  x("prefix in any case", { prefix: { "equals-ignore-case": "aB" } }, ["ab", "ABC"], ["a", "ba", 1]),
  x("suffix", { suffix: ".png" }, [".png", "a.png"], ["a.PNG", "png", "a.png.gz"]),
  x("suffix of texts only", { suffix: "2" }, ["12"], [12]),
  x("suffix in any case", { suffix: { "equals-ignore-case": ".PnG" } }, ["a.png", "a.PNG"], ["a.jpg", 1]),
  x("any case", { "equals-ignore-case": "Alice" }, ["alice", "ALICE"], ["alic", "alices", 1, null]),
  x("any case beyond ASCII", { "equals-ignore-case": "ÀB" }, ["àb", "ÀB"], ["ab"]),
  x("any case where a capital is two", { "equals-ignore-case": "ß" }, ["ß", "SS"], ["ss", "S"]),
];

const WILDCARDS: readonly RulerCase[] = [
  x("a star in the middle", { wildcard: "a*c" }, ["ac", "abc", "abbc", "a*c"], ["ab", "c", "abcd", "xac"]),
  x("a star at the end", { wildcard: "a*" }, ["a", "ab"], ["ba", ""]),
  x("a star at the beginning", { wildcard: "*c" }, ["c", "bc"], ["cb"]),
  x("stars at both ends", { wildcard: "*/lib/*" }, ["/lib/", "a/lib/b"], ["lib", "a/lib"]),
  x("several stars", { wildcard: "a*b*c" }, ["abc", "axbxc", "abbcc"], ["acb", "abca", "ac"]),
  x("pieces do not overlap", { wildcard: "aba*aba" }, ["abaaba", "abaxaba"], ["aba", "ababa"]),
  x("a star alone", { wildcard: "*" }, ["", "a"], [1, null]),
  x("no star", { wildcard: "abc" }, ["abc"], ["abcd"]),
  x("no character", { wildcard: "" }, [""], ["a"]),
  x("a star that is meant", { wildcard: "a\\*b" }, ["a*b"], ["ab", "axb"]),
  x("a backslash that is meant", { wildcard: "a\\\\*" }, ["a\\", "a\\b"], ["a", "a*"]),
  x("a star over lines and beyond ASCII", { wildcard: "é*!" }, ["é!", "é\n😀!"], ["e!"]),
];

const EXCLUSIONS: readonly RulerCase[] = [
  of("any value but a text", { x: [{ "anything-but": "a" }] }, xs("b", "A", "", 1, true, null), [...xs("a"), {}]),
  x("any value but texts", { "anything-but": ["a", "b"] }, ["c", 1], ["a", "b"]),
  of("any value but a number", { x: [{ "anything-but": 1 }] }, xs(2, "1", null, 6e12), [...xs(1, 1.0), {}]),
  x("any value but numbers", { "anything-but": [1, 2] }, [3, "2"], [1, 2]),
  x("any value but a prefix", { "anything-but": { prefix: "a" } }, ["ba", 1, null], ["a", "ab"]),
  x("any value but prefixes", { "anything-but": { prefix: ["a", "b"] } }, ["ca"], ["ab", "ba"]),
  x("any value but a suffix", { "anything-but": { suffix: "a" } }, ["ab", 1], ["a", "ba"]),
  x("any value but suffixes", { "anything-but": { suffix: ["a", "b"] } }, ["ac"], ["ab", "ba"]),
  x("any value but a text in any case", { "anything-but": { "equals-ignore-case": "aB" } }, ["a", 1], ["ab", "AB"]),
  x("any value but texts in any case", { "anything-but": { "equals-ignore-case": ["a", "b"] } }, ["c"], ["A", "B"]),
  x("any value but a wildcard", { "anything-but": { wildcard: "a*c" } }, ["ab", 1], ["ac", "abc"]),
  x("any value but wildcards", { "anything-but": { wildcard: ["a*", "*b"] } }, ["ba"], ["ac", "cb"]),
  x("in an array, another value does", { "anything-but": ["a", "b"] }, [["a", "c"]], [["a", "b"], []]),
  x("addresses are texts here", { "anything-but": "::1" }, ["0:0:0:0:0:0:0:1"], ["::1"]),
];

const NUMBERS: readonly RulerCase[] = [
  x("equal", { numeric: ["=", 301.8] }, [301.8, 3.018e2], [301.9, "301.8", null]),
  x("less", { numeric: ["<", 10] }, [9.999999, -5e9, 0], [10, 11, "9"]),
  x("at most", { numeric: ["<=", 10] }, [10, 9], [10.000001]),
  x("greater", { numeric: [">", 0] }, [0.000001, 5e9], [0, -1, true]),
  x("at least", { numeric: [">=", 0] }, [0, 5e9], [-0.000001]),
  x("a range without its lower end", { numeric: [">", 0, "<=", 5] }, [0.1, 5], [0, 5.1, [], null]),
  x("a range without its upper end", { numeric: [">=", 0, "<", 5] }, [0, 4.9], [-1, 5]),
  x("a range below zero", { numeric: [">", -5, "<", -3] }, [-4], [-5, -3, 4]),
];

const BLOCKS: readonly RulerCase[] = [
  x("24 bits", { cidr: "10.0.0.0/24" }, ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "9.255.255.255", "a", 10]),
  x("host bits do not count", { cidr: "10.0.0.5/24" }, ["10.0.0.1", "10.0.0.200"], ["10.0.1.5"]),
  x("all of IPv4", { cidr: "0.0.0.0/0" }, ["9.0.0.200"], ["9.0.0", "a"]),
  x("two addresses", { cidr: "10.0.0.0/31" }, ["10.0.0.0", "10.0.0.1"], ["10.0.0.2"]),
  x("IPv6", { cidr: "2001:db8::/32" }, ["2001:db8::1", "2001:DB8:0:1:0:0:0:5"], ["2001:db9::", "10.0.0.1"]),
  x("no address", { cidr: "10.0.0.0/24" }, [], ["10.0.0", "10.0.0.256", "10.0.0.1 "]),
];

const PRESENCE: readonly RulerCase[] = [
  of("there", { x: [{ exists: true }] }, xs("", null, 0, false, ["a"]), [{}, { y: 1 }, ...xs([], {}, { y: 1 })]),
  of("not there", { x: [{ exists: false }] }, [{}, { y: 1 }, ...xs([], {}, { y: 1 })], xs("", null, false)),
  of(
    "not there, nor what it would be in",
    { a: { b: { c: [{ exists: false }] } } },
    [{}, { a: 1 }, { a: {} }],
    [{ a: { b: { c: 1 } } }],
  ),
  of("not there, or a value", { x: [{ exists: false }, "a"] }, [{}, ...xs("a")], xs("b")),
  of("not there, besides another field", { x: ["a"], y: [{ exists: false }] }, xs("a"), [{ x: "a", y: 1 }, {}]),
  of("both there", { x: [{ exists: true }], y: [{ exists: true }] }, [{ x: 1, y: 2 }], [{ x: 1 }]),
];

const FIELDS: readonly RulerCase[] = [
  of("all fields", { x: ["a"], y: { z: [1] } }, [{ x: "a", y: { z: 1 }, more: 1 }], [{ x: "a" }, { x: "a", z: 1 }]),
  of("a value where the pattern has fields", { x: { y: ["a"] } }, [], xs("a", ["a"], null)),
  of("fields where the pattern has a value", { x: ["a"] }, [], xs({ a: "a" })),
  of("a point in a name of the pattern is a level", { "x.y": [1] }, [{ x: { y: 1 } }], [{ x: { z: 1 } }]),
  of("a point in a name of the event is a level", { x: { y: [1] } }, [{ "x.y": 1 }], [{ "x.z": 1 }]),
];

const ARRAYS: readonly RulerCase[] = [
  of("an element of the event's array", { x: ["a", "b"] }, xs(["c", "b"]), xs(["c"], [])),
  of("an element of an array in an array", { x: ["a"] }, xs([["a"], ["b"]], [[{ y: 1 }], "a"]), xs([["b"]])),
  of("a range in an array", { x: [{ numeric: [">", 0, "<", 10] }] }, xs([100, 5]), xs([100, -5])),
  of(
    "two fields in the same object of an array",
    { x: { k: ["color"], v: ["blue"] } },
    xs([{ k: "size" }, { k: "color", v: "blue" }]),
    xs(
      [{ k: "color" }, { v: "blue" }],
      [
        { k: "color", v: "red" },
        { k: "size", v: "blue" },
      ],
    ),
  ),
  of(
    "objects in arrays of objects",
    { a: { b: { k: [1], v: [2] } } },
    [{ a: [{ b: [{ k: 1, v: 2 }] }] }],
    [{ a: [{ b: [{ k: 1 }, { v: 2 }] }] }, { a: [{ b: { k: 1 } }, { b: { v: 2 } }] }],
  ),
  of(
    "different arrays do not go together",
    { a: { k: [1] }, b: { v: [2] } },
    [{ a: [{ k: 1 }, { k: 0 }], b: [{ v: 0 }, { v: 2 }] }],
    [{ a: [{ k: 1 }], b: [{ v: 1 }] }],
  ),
  of(
    "an array in an array keeps its objects together",
    { staff: { name: ["Anna"], ids: [1000] } },
    [{ staff: [[{ name: "Anna", ids: [999, 1000] }], [{ name: "John" }]] }],
    [{ staff: [[{ name: "Anna" }, { name: "John", ids: [1000] }]] }, { staff: [[{ name: "Anna" }], [{ ids: 1000 }]] }],
  ),
  of(
    "what is missing in the object where another field was found",
    { x: { b: ["y"], c: [{ exists: false }] } },
    xs([{ c: 1 }, { b: "y" }], [{ b: "y", c: [] }, { c: 1 }]),
    xs([{ b: "y", c: 1 }]),
  ),
  of(
    "what is missing, and comes first by its name, in all of the objects",
    { x: { a: [{ exists: false }], b: ["y"] } },
    xs([{ b: "y" }, { b: "z" }]),
    xs([{ a: 1 }, { b: "y" }]),
  ),
  of(
    "anything but, in the same object",
    { x: { n: [{ exists: true }], s: [{ "anything-but": "banned" }] } },
    xs([
      { n: 1, s: "banned" },
      { n: 2, s: "active" },
    ]),
    xs([{ n: 1, s: "banned" }, { s: "active" }]),
  ),
];

const COUNTS: readonly EventPattern[] = [
  { c: [{ numeric: [">", 0, "<=", 5] }] },
  { d: [{ numeric: ["<", 10] }] },
  { e: [{ numeric: ["=", 3.018e2] }] },
];

const ALTERNATIVES: readonly RulerCase[] = [
  of("one of several", { $or: COUNTS }, [{ c: 1 }, { d: 8 }, { e: 301.8 }, { c: 9, d: 8 }], [{ c: 9 }, {}]),
  of("besides a field", { a: [1], $or: COUNTS }, [{ a: 1, d: 8 }], [{ a: 2, d: 8 }, { a: 1 }]),
  of("below a field", { x: { a: [1], $or: COUNTS } }, [{ x: { a: 1, c: 1 } }], [{ x: { a: 1 }, c: 1 }]),
  of(
    "two of them, at different levels",
    { $or: [{ a: [1] }, { b: [1] }], x: { $or: [{ c: [1] }, { d: [1] }] } },
    [
      { a: 1, x: { c: 1 } },
      { b: 1, x: { d: 1 } },
    ],
    [{ a: 1, b: 1 }, { x: { c: 1, d: 1 } }],
  ),
  of(
    "several fields in one of them, and others inside",
    { a: [1], $or: [{ b: [1] }, { c: [1], d: [1], $or: [{ e: [1] }, { f: [1] }] }] },
    [
      { a: 1, b: 1 },
      { a: 1, c: 1, d: 1, f: 1 },
    ],
    [{ a: 1, c: 1, d: 1 }, { a: 1, c: 1, e: 1 }, { b: 1 }],
  ),
  of(
    "the same field in each",
    {
      $or: [
        { a: [1], b: [1] },
        { a: [2], b: [2] },
      ],
    },
    [
      { a: 1, b: 1 },
      { a: 2, b: 2 },
    ],
    [{ a: 1, b: 2 }],
  ),
];

export const RULER_CASES: readonly RulerCase[] = [
  ...VALUES,
  ...TEXTS,
  ...WILDCARDS,
  ...EXCLUSIONS,
  ...NUMBERS,
  ...BLOCKS,
  ...PRESENCE,
  ...FIELDS,
  ...ARRAYS,
  ...ALTERNATIVES,
];
