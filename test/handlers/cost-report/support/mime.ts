/** Reads a MIME message back, strictly: what is not as RFC 2045 to 2047 have it is an error. */

export interface Part {
  readonly headers: ReadonlyMap<string, string>;
  /** "text/html". */
  readonly type: string;
  /** Of a multipart. */
  readonly parts: readonly Part[];
  /** Of any other part, with its transfer encoding undone. */
  readonly content: Buffer;
}

export interface Message {
  readonly root: Part;
  readonly raw: Buffer;
  header(name: string): string;
  /** The only part of this type. */
  part(type: string): Part;
  text(type: string): string;
  all(): Part[];
}

export function parseMessage(raw: Buffer): Message {
  const text = raw.toString("latin1");
  if (/[^\r]\n|\r[^\n]/.test(text)) throw new Error("Lines have to end with CR LF");
  const long = text.split("\r\n").find((line) => line.length > 998);
  if (long !== undefined) throw new Error(`A line has ${long.length} characters`);
  if (/[^\x00-\x7f]/.test(text)) throw new Error("A message in transit is ASCII");
  const root = parsePart(text);
  const all = (part: Part): Part[] => [part, ...part.parts.flatMap(all)];
  const one = (type: string): Part => {
    const found = all(root).filter((part) => part.type === type);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} parts are ${type}`);
    return found[0];
  };
  return {
    root,
    raw,
    header: (name) => decodeWords(root.headers.get(name.toLowerCase()) ?? ""),
    part: one,
    text: (type) => one(type).content.toString("utf8"),
    all: () => all(root),
  };
}

function parsePart(text: string): Part {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) throw new Error("A part has no end of its header");
  const headers = new Map<string, string>();
  for (const line of text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")) {
    const [, name = "", value = ""] = /^([\x21-\x39\x3b-\x7e]+):\s*(.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`No header: ${line}`);
    if (headers.has(name.toLowerCase())) throw new Error(`${name} is there twice`);
    headers.set(name.toLowerCase(), value);
  }
  const contentType = headers.get("content-type") ?? "text/plain";
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const body = text.slice(end + 4);
  if (!type.startsWith("multipart/")) return { headers, type, parts: [], content: decode(body, headers) };
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1] ?? "";
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`);
  const last = pieces.pop() ?? "";
  if (!last.startsWith("--")) throw new Error(`${type} is not closed`);
  const parts = pieces.slice(1).map((piece) => parsePart(piece.replace(/^[ \t]*\r\n/, "")));
  return { headers, type, parts, content: Buffer.alloc(0) };
}

function decode(body: string, headers: ReadonlyMap<string, string>): Buffer {
  const encoding = (headers.get("content-transfer-encoding") ?? "7bit").toLowerCase();
  switch (encoding) {
    case "base64":
      return Buffer.from(body, "base64");
    case "quoted-printable":
      return Buffer.from(unquote(body.replace(/=\r\n/g, "")), "latin1");
    case "7bit":
      return Buffer.from(body, "latin1");
    default:
      throw new Error(`Unknown encoding ${encoding}`);
  }
}

function unquote(text: string): string {
  return text.replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Encoded words of headers; what stands between two of them is nothing. */
function decodeWords(value: string): string {
  return value.replace(/\?=\s+=\?/g, "?==?").replace(/(?:=\?UTF-8\?[QB]\?[^?]*\?=)+/gi, (words) => {
    const bytes = [...words.matchAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi)].map(([, how = "", text = ""]) =>
      how.toUpperCase() === "B"
        ? Buffer.from(text, "base64")
        : Buffer.from(unquote(text.replaceAll("_", " ")), "latin1"),
    );
    return Buffer.concat(bytes).toString("utf8");
  });
}
