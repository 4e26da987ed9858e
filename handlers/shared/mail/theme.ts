/**
 * Colours and type of mails. Light colours are inlined; dark ones are rules for classes, for the clients that know
 * `prefers-color-scheme`. (Others invert by themselves, which the plain tones here survive.)
 */
import type { CSSProperties } from "react";

export const FONT =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Helvetica, Arial, sans-serif";

interface Tone {
  readonly light: { readonly color?: string; readonly background?: string; readonly border?: string };
  readonly dark: Tone["light"];
}

/** By class name; short, since each is written many times. */
const TONES = {
  page: { light: { background: "#f2f4f7" }, dark: { background: "#0b0f17" } },
  card: {
    light: { color: "#101828", background: "#ffffff" },
    dark: { color: "#f2f4f7", background: "#151b26" },
  },
  dim: { light: { color: "#5b6577" }, dark: { color: "#a3adbd" } },
  line: { light: { border: "#e6e9ef" }, dark: { border: "#2a3342" } },
  link: { light: { color: "#175cd3" }, dark: { color: "#84b6ff" } },
  note: { light: { color: "#7a4a05", background: "#fff6e5" }, dark: { color: "#f5cf8f", background: "#33270f" } },
  s0: { light: { color: "#475467", background: "#f0f2f5" }, dark: { color: "#c3cad6", background: "#262e3c" } },
  u0: { light: { color: "#475467", background: "#f0f2f5" }, dark: { color: "#c3cad6", background: "#262e3c" } },
  u1: { light: { color: "#7a5200", background: "#fdf5dc" }, dark: { color: "#f0d78c", background: "#302810" } },
  u2: { light: { color: "#8a3f06", background: "#fdebd3" }, dark: { color: "#f7bd84", background: "#3a260f" } },
  u3: { light: { color: "#9c2f0d", background: "#fddccd" }, dark: { color: "#ffab8c", background: "#452014" } },
  u4: { light: { color: "#ffffff", background: "#c4281c" }, dark: { color: "#ffffff", background: "#b3261e" } },
  d0: { light: { color: "#475467", background: "#f0f2f5" }, dark: { color: "#c3cad6", background: "#262e3c" } },
  d1: { light: { color: "#2c6a48", background: "#edf8f1" }, dark: { color: "#a5dcbc", background: "#15291f" } },
  d2: { light: { color: "#17653b", background: "#daf3e4" }, dark: { color: "#86dba8", background: "#123222" } },
  d3: { light: { color: "#0f5a33", background: "#bfead0" }, dark: { color: "#70dd9b", background: "#0f3d27" } },
  d4: { light: { color: "#ffffff", background: "#12784a" }, dark: { color: "#ffffff", background: "#12784a" } },
  nw: { light: { color: "#1849a9", background: "#e2edff" }, dark: { color: "#a6c8ff", background: "#172a4d" } },
  gn: { light: { color: "#475467", background: "#e4e7ec" }, dark: { color: "#c3cad6", background: "#303949" } },
} as const satisfies Record<string, Tone>;

export type ToneName = keyof typeof TONES;

/** The class and the inlined light colours of a tone; more style may be added. */
export function tone(name: ToneName, style: CSSProperties = {}): { className: ToneName; style: CSSProperties } {
  const { color, background, border }: Tone["light"] = TONES[name].light;
  return {
    className: name,
    style: {
      ...(color !== undefined && { color }),
      ...(background !== undefined && { backgroundColor: background }),
      ...(border !== undefined && { borderColor: border }),
      ...style,
    },
  };
}

function rule(name: string, { color, background, border }: Tone["light"]): string {
  const parts = [
    color === undefined ? "" : `color:${color}!important;`,
    background === undefined ? "" : `background-color:${background}!important;`,
    border === undefined ? "" : `border-color:${border}!important;`,
  ];
  return `.${name}{${parts.join("")}}`;
}

function rules(of: (tone: Tone) => Tone["light"]): string {
  return Object.entries<Tone>(TONES)
    .map(([name, both]) => rule(name, of(both)))
    .join("");
}

const darkRules = `@media (prefers-color-scheme:dark){${rules(({ dark }) => dark)}}`;

/** All tones, for pages that inline nothing. */
export function toneRules(): string {
  return rules(({ light }) => light) + darkRules;
}

/** Type for clients that reset it in tables, room on narrow screens, and the dark colours. */
export const STYLE_SHEET = [
  ":root{color-scheme:light dark;supported-color-schemes:light dark}",
  `body,table,caption,th,td,p,h1,h2,h3{font-family:${FONT}}`,
  "td{font-variant-numeric:tabular-nums}",
  "@media (max-width:480px){.pad{padding-left:18px!important;padding-right:18px!important}",
  ".big{font-size:34px!important;line-height:40px!important}",
  ".edge{padding-left:10px!important;padding-right:10px!important}}",
  "@media (max-width:380px){.wide{display:none!important}.day{font-size:9px!important}",
  ".below{display:block!important;width:auto!important}.below+.below{padding-top:0!important}}",
  darkRules,
].join("");
