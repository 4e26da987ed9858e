/** Sets of address blocks: whether they are, taken together, (nearly) the whole internet. */
import { isIP, isIPv4 } from "node:net";

/** Both ends belong to it. */
interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

interface Family {
  readonly bits: number;
  /** Where addresses of the internet are. */
  readonly internet: string;
  /** Blocks inside of it that are never seen on the internet. */
  readonly inner: readonly string[];
  /** Prefix of the largest block that one organization has; Amazon S3 draws its line of "public" there, too. */
  readonly largest: number;
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/ipv6-address-space */
const FAMILIES: Readonly<Record<4 | 6, Family>> = {
  4: {
    bits: 32,
    internet: "0.0.0.0/0",
    inner: [
      "0.0.0.0/8",
      "10.0.0.0/8",
      "100.64.0.0/10",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "224.0.0.0/3",
    ],
    largest: 8,
  },
  6: { bits: 128, internet: "2000::/3", inner: [], largest: 32 },
};

/** Several blocks that are no block larger than one organization's are still the internet above this share of it. */
const LARGEST_SHARE = 16n;

function valueOf(address: string): bigint {
  const join = (parts: readonly string[], radix: string, bits: bigint): bigint =>
    parts.reduce((sum, part) => (sum << bits) + BigInt(`${radix}${part}`), 0n);
  if (isIPv4(address)) return join(address.split("."), "", 8n);
  const groups = (text: string): string[] =>
    text.split(":").flatMap((group) => {
      if (!isIPv4(group)) return group === "" ? [] : [group];
      return valueOf(group).toString(16).padStart(8, "0").match(/.{4}/g) ?? [];
    });
  const [before = [], after = []] = address.split("::").map(groups);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return join([...before, ...zeros, ...after], "0x", 16n);
}

interface Block extends Range {
  readonly family: 4 | 6;
}

/** A block, or a single address; undefined where a text is neither. */
function blockOf(text: string): Block | undefined {
  const [address = "", length, ...more] = text.split("/");
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || more.length > 0) return undefined;
  const { bits } = FAMILIES[family];
  const prefix = length === undefined ? bits : Number(length);
  if (length !== undefined && (!/^\d+$/.test(length) || prefix > bits)) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = (valueOf(address) / size) * size;
  return { family, first, last: first + size - 1n };
}

export function isBlock(text: string): boolean {
  return blockOf(text) !== undefined;
}

function without(ranges: readonly Range[], hole: Range): Range[] {
  return ranges.flatMap(({ first, last }) => {
    if (hole.last < first || last < hole.first) return [{ first, last }];
    const parts = [
      { first, last: hole.first - 1n },
      { first: hole.last + 1n, last },
    ];
    return parts.filter((part) => part.first <= part.last);
  });
}

/** The same addresses in ranges that neither overlap nor touch. */
function merged(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1));
  return sorted.reduce<Range[]>((result, { first, last }) => {
    const previous = result.at(-1);
    if (previous === undefined || first > previous.last + 1n) return [...result, { first, last }];
    return [...result.slice(0, -1), { first: previous.first, last: last > previous.last ? last : previous.last }];
  }, []);
}

function isInternetOf(family: 4 | 6, blocks: readonly Block[]): boolean {
  const { bits, internet, inner, largest } = FAMILIES[family];
  const whole = blockOf(internet);
  if (whole === undefined) throw new Error(`${internet} is no block`);
  const inside = blocks
    .filter((block) => block.family === family && block.first <= whole.last && whole.first <= block.last)
    .map(({ first, last }) => ({
      first: first > whole.first ? first : whole.first,
      last: last < whole.last ? last : whole.last,
    }));
  const holes = inner.flatMap((text) => blockOf(text) ?? []);
  const sizes = holes.reduce(without, merged(inside)).map(({ first, last }) => last - first + 1n);
  const total = sizes.reduce((sum, size) => sum + size, 0n);
  const limit = 1n << BigInt(bits - largest);
  return sizes.some((size) => size > limit) || total > (whole.last - whole.first + 1n) / LARGEST_SHARE;
}

/** Whether some blocks together hold (nearly) everybody: more than any organization has. Texts that are none count not. */
export function areInternet(texts: readonly string[]): boolean {
  const blocks = texts.flatMap((text) => blockOf(text) ?? []);
  return isInternetOf(4, blocks) || isInternetOf(6, blocks);
}
