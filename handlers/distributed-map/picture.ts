/** Small pictures of PNG and JPEG files, in JavaScript alone. */
import { createJimp } from "@jimp/core";
import jpeg from "@jimp/js-jpeg";
import png from "@jimp/js-png";
import { methods as resize } from "@jimp/plugin-resize";
import { BadPictureError } from "./errors";

const Jimp = createJimp({ formats: [png, jpeg], plugins: [resize] });

export interface Picture {
  readonly bytes: Uint8Array;
  readonly type: "image/jpeg" | "image/png";
  readonly width: number;
  readonly height: number;
}

/** Most pixels that fit into the function's memory, at four bytes each and a copy. */
const MOST_PIXELS = 50_000_000;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Width and height as a PNG's or JPEG's header has them, before anything is unpacked; undefined for another file. */
export function dimensions(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  // Segments follow each other; that of the frame has the size.
  for (let at = 2; at + 9 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const [marker, kind = 0] = [bytes[at], bytes[at + 1]];
    if (marker !== 0xff) return undefined;
    const isFrame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  }
  return undefined;
}

/**
 * A picture of the same kind that is at most `width` pixels wide, in the same proportions.
 *
 * @throws BadPictureError for what is no picture, or too large a one
 */
export async function thumbnail(key: string, bytes: Uint8Array, width: number): Promise<Picture> {
  const size = dimensions(bytes);
  if (size === undefined || size.width === 0 || size.height === 0) {
    throw new BadPictureError(key, "is neither a PNG nor a JPEG");
  }
  if (size.width * size.height > MOST_PIXELS) {
    throw new BadPictureError(key, `has ${size.width} × ${size.height} pixels, more than ${MOST_PIXELS}`);
  }
  try {
    const picture = await Jimp.fromBuffer(Buffer.from(bytes));
    if (picture.width > width) picture.resize({ w: width });
    const type = picture.mime === "image/jpeg" ? "image/jpeg" : "image/png";
    return { bytes: await picture.getBuffer(type), type, width: picture.width, height: picture.height };
  } catch (error) {
    throw new BadPictureError(key, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
