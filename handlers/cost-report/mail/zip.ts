/**
 * A zip archive of one file, by Node's own compression: everybody can open it, and it needs no library.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { crc32, deflateRawSync } from "node:zlib";
import type { Day } from "../../shared/days";

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
/** The version that can read it, 2.0, and the method, deflate. */
const [VERSION, DEFLATE] = [20, 8];

/** @param name in ASCII; @param day that it is said to have been changed on, from 1980 on */
export function zipOf(name: string, content: Uint8Array, day: Day): Buffer {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const data = deflateRawSync(content);
  const file = Buffer.from(name, "ascii");
  // Flags, method, time, day, checksum, both sizes, length of the name, and none of more.
  const about = Buffer.concat([
    numbers(2, [VERSION, 0, DEFLATE, 0, ((year - 1980) << 9) | (month << 5) | date]),
    numbers(4, [crc32(content), data.length, content.length]),
    numbers(2, [file.length, 0]),
  ]);
  const local = [numbers(4, [LOCAL]), about, file, data];
  // No comment, on the first disk, no attributes, at the beginning.
  const central = [
    numbers(4, [CENTRAL]),
    numbers(2, [VERSION]),
    about,
    numbers(2, [0, 0, 0]),
    numbers(4, [0, 0]),
    file,
  ];
  const end = [
    numbers(4, [END]),
    numbers(2, [0, 0, 1, 1]),
    numbers(4, [lengthOf(central), lengthOf(local)]),
    numbers(2, [0]),
  ];
  return Buffer.concat([...local, ...central, ...end]);
}

/** Each in so many bytes, the lowest first. */
function numbers(bytes: 2 | 4, values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(bytes * values.length);
  values.forEach((value, n) => buffer.writeUIntLE(value, n * bytes, bytes));
  return buffer;
}

function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
