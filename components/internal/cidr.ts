/** IPv4 CIDR blocks: enough to check them and to cut subnets out of a VPC's. */

export interface Cidr {
  /** First address as a number. */
  readonly base: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** The block, or undefined when the text is not an exact one (`10.0.0.1/24` is not: it has host bits). */
export function parseCidr(text: string): Cidr | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text)?.slice(1);
  // Some read a leading zero as the sign of an octal number.
  if (parts === undefined || parts.some((part) => part !== String(Number(part)))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = parts.map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % size(prefix) === 0 ? { base, prefix } : undefined;
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.prefix >= outer.prefix && inner.base >= outer.base && inner.base < outer.base + size(outer.prefix);
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The `index`-th subnet with `prefix` of a block; undefined when the block has not so many. */
export function subnet(block: Cidr, prefix: number, index: number): string | undefined {
  const base = block.base + index * size(prefix);
  if (prefix < block.prefix || base >= block.base + size(block.prefix)) return undefined;
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix}`;
}
