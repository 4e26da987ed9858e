/** Forms of texts among the arguments of CostReport. */
import { FORMATS as COMMON } from "../internal/formats";
import type { Format } from "../internal/schema";

export const FORMATS: Readonly<Record<string, Format>> = {
  ...COMMON,
  "https-address": {
    test: (text) => text.length <= 2_000 && URL.canParse(text) && new URL(text).protocol === "https:",
    allowed: "an https address of up to 2,000 characters",
    fix: "Begin it with https://, and leave out what need not be in it.",
  },
  "key-prefix": {
    test: /^([A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]{0,200}\/)?$/,
    allowed: "letters, digits and -_.!'()/ ending in /, not beginning with it",
    fix: "For example costs/.",
  },
  "sender-name": {
    test: /^[^\p{Cc}"\\<>]{1,128}$/u,
    allowed: "1 to 128 characters, without line breaks, backslashes, quotation marks, < and >",
    fix: "Shorten or simplify the name.",
  },
  words: { test: /\S/, allowed: "a name as Cost Explorer has it", fix: "Take out what is empty." },
};
