/** Comparisons of texts as event patterns make them. */

/** A piece of a wildcard's text that has to be there as it is; between two of them is a `*`. */
export type WildcardPieces = readonly [string, ...string[]];

/** The pieces of a wildcard; a text when it cannot be one. */
export function wildcardPieces(wildcard: string): WildcardPieces | string {
  const pieces: [string, ...string[]] = [""];
  let before = "";
  for (const { 0: token, index } of wildcard.matchAll(/\\[*\\]|[^]/gu)) {
    if (token === "\\") return `the "\\" at ${index} stands before no "*" and no "\\"`;
    if (token === "*" && before === "*") return `there are two "*" in a row at ${index - 1}`;
    if (token === "*") pieces.push("");
    else pieces.push((pieces.pop() ?? "") + (token.length > 1 && token.startsWith("\\") ? token.slice(1) : token));
    before = token;
  }
  return pieces;
}

/** Takes the first place that fits for each piece: later ones would leave less for the rest. */
export function matchesPieces(text: string, [first, ...others]: WildcardPieces): boolean {
  const last = others.at(-1);
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others.slice(0, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** A text in any case, as a part of a regular expression: each of its characters small or capital. */
function anyCase(text: string): string {
  return Array.from(text, (character) => {
    const forms = [character.toLowerCase(), character.toUpperCase()].map((form) => form.replace(/[^\w\s]/g, escaped));
    return `(?:${forms.join("|")})`;
  }).join("");
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

export function equalsAnyCase(text: string, other: string): boolean {
  return new RegExp(`^${anyCase(other)}$`, "u").test(text);
}

export function startsInAnyCase(text: string, start: string): boolean {
  return new RegExp(`^${anyCase(start)}`, "u").test(text);
}

export function endsInAnyCase(text: string, end: string): boolean {
  return new RegExp(`${anyCase(end)}$`, "u").test(text);
}
