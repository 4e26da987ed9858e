/** IP addresses and blocks as event patterns read them, which is not quite how the rest of the world does. */
import { isIPv6 } from "node:net";

export interface Address {
  /** 32 or 128. */
  readonly bits: number;
  readonly value: bigint;
}

export interface Block {
  readonly bits: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** The address, or undefined when the text is none. Leading zeros are no sign of octal numbers here. */
export function parseAddress(text: string): Address | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) return parseIpv4(text);
  // Event Ruler does not know addresses of which a part is written the IPv4 way, such as ::ffff:10.0.0.1.
  return isIPv6(text) && /^[\da-f:]+$/i.test(text) ? parseIpv6(text) : undefined;
}

function parseIpv4(text: string): Address | undefined {
  const bytes = text.split(".").map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return { bits: 32, value: joined(bytes, 8n) };
}

function parseIpv6(text: string): Address {
  const [head = [], tail = []] = text.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  const value = joined(
    [...head, ...zeros, ...tail].map((group) => parseInt(group, 16)),
    16n,
  );
  // ::ffff:0:0/96 are the IPv4 addresses.
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((sum, part) => (sum << width) | BigInt(part), 0n);
}

/** The addresses of a block, host bits or not; a text when it is no block that patterns can have. */
export function parseBlock(text: string): Block | string {
  const [ip = "", mask = "", ...others] = text.split("/");
  if (mask === "" || others.length > 0) return "a block has an address and a length, such as 10.0.0.0/24";
  const address = parseAddress(ip);
  if (address === undefined) return `"${ip}" is no IP address`;
  if (!/^\d+$/.test(mask)) return `"${mask}" is no length`;
  const { bits, value } = address;
  const length = Number(mask);
  if (length >= bits) return `the length is ${bits - 1} at most; for a single address, write it as a value: ["${ip}"]`;
  const host = (1n << BigInt(bits - length)) - 1n;
  return { bits, first: value & ~host, last: value | host };
}

export function isInBlock({ bits, value }: Address, block: Block): boolean {
  return bits === block.bits && value >= block.first && value <= block.last;
}
