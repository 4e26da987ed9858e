/** Stack files with one fault each, and the place where it is: what people, editors and merges make of them. */

export interface BrokenFile {
  readonly content: string | Buffer;
  /** What the message begins with, after the file's name. */
  readonly message: RegExp;
  /** False for what the Pulumi CLI reads in another way, or in part, without a word. Default: it refuses the file, too. */
  readonly refusedByCli?: boolean;
}

const ACCOUNTS = `config:\n  aws-patterns:accounts:\n    dev: { id: "111111111111" }\n`;

const bytes = (...parts: (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));

const silent = { refusedByCli: false } as const;

export const BROKEN_FILES: Readonly<Record<string, BrokenFile>> = {
  "an empty file": { content: "", message: /^:1:1: the file is empty/, ...silent },
  "white space": { content: " \n\n  \n", message: /^:1:1: the file is empty/, ...silent },
  "only comments": { content: "# config:\n#   x: y\n", message: /^:1:1: the file is empty/, ...silent },
  "only a document's mark": { content: "---\n", message: /^:1:1: the file is empty/, ...silent },
  null: { content: "null\n", message: /^:1:1: the file is empty/, ...silent },
  "a list": { content: "- config\n", message: /^:1:1: the file is no map, but a list/ },
  "a text": { content: "hello\n", message: /^:1:1: the file is no map, but a text/ },
  "a number": { content: "3\n", message: /^:1:1: the file is no map, but a number/ },
  "a web page": { content: "<html><body>404</body></html>\n", message: /^:1:1: the file is no map/ },
  "no configuration": { content: "# x\nconfig:\n", message: /^:2:1: there is no configuration/, ...silent },
  "a list for the configuration": { content: "config: [1]\n", message: /^:1:1: "config" is no map, but a list/ },
  "a text for the configuration": { content: "config: dev\n", message: /^:1:1: "config" is no map, but a text/ },
  "a misspelt top": {
    content: "confg:\n  aws:region: x\n",
    message: /^:1:1: .*"confg".* Did you mean "config"\?/,
    ...silent,
  },
  "a top in capitals": {
    content: "Config:\n  aws:region: x\n",
    message: /^:1:1: .*Did you mean "config"\?/,
    ...silent,
  },
  "settings that are not indented": {
    content: `config:\naws-patterns:accounts: {}\n`,
    message: /^:2:1: .*Indent it under "config:"/,
    ...silent,
  },
  "an unknown key at the top": { content: `${ACCOUNTS}notes: x\n`, message: /^:4:1: .*"notes"/, ...silent },
  "tabs for indentation": { content: "config:\n\taws-patterns:accounts: {}\n", message: /^:2:1: tab characters/ },
  "a tab after spaces": {
    content: `config:\n  aws-patterns:accounts:\n  \tdev: 1\n`,
    message: /^:3:3: tab characters/,
  },
  "a key twice at the top": { content: ACCOUNTS + ACCOUNTS, message: /^:4:1: duplicated mapping key config\./ },
  "a setting twice": {
    content: `${ACCOUNTS}  aws-patterns:accounts: {}\n`,
    message: /^:4:3: duplicated mapping key aws-patterns:accounts\./,
  },
  "a key twice in brackets": {
    content: 'config:\n  aws-patterns:accounts: { dev: { id: "1", id: "2" } }\n',
    message: /^:2:44: duplicated mapping key id\./,
  },
  "a brace that is not closed": {
    content: 'config:\n  aws-patterns:accounts: { dev: { id: "1" }\n',
    message: /^:2:26: \{ is not closed/,
  },
  "a bracket that is not closed": {
    content: "config:\n  aws-patterns:guardrails: { regions: [us-east-1 }\n",
    message: /^:2:\d+: /,
  },
  "a bracket too many": { content: "config:\n  aws:region: [a]]\n", message: /^:2:\d+: / },
  "a quotation mark that is not closed": { content: 'config:\n  aws:region: "x\n', message: /^:2:15: " is not closed/ },
  "an apostrophe that is not closed": { content: "config:\n  aws:region: 'x\n", message: /^:2:15: ' is not closed/ },
  "a comment in brackets": { content: "config:\n  a:b: { c: d #e }\n", message: /^:2:8: \{ is not closed/ },
  "a missing comma": { content: "config:\n  a:b: { c: 1 d: 2 }\n", message: /^:2:16: missed comma/ },
  "two commas": { content: "config:\n  a:b: [1,,2]\n", message: /^:2:11: / },
  "a colon within a value": { content: "config:\n  a:b: { c: d: e }\n", message: /^:2:14: / },
  "a value that begins with @": { content: "config:\n  a:b: { c: @d }\n", message: /^:2:13: / },
  "a value that begins with a backtick": { content: "config:\n  a:b: { c: `d` }\n", message: /^:2:13: / },
  "a value that begins with %": { content: "config:\n  a:b: { c: %d }\n", message: /^:2:13: / },
  "an unquoted ? in brackets": {
    content: "config:\n  a:b: { schedule: cron(0 7 ? * MON-FRI *), c: d }\n",
    message: /^:2:29: a text with "\?".* Write "cron\(0 7 \? \* MON-FRI \*\)"\./,
  },
  "an unquoted ? at a text's end": { content: "config:\n  a:b: [ what?, c ]\n", message: /^:2:14: a text with "\?"/ },
  "an address with a query in brackets": {
    content: "config:\n  a:b: [ https://x.example/?q=1 ]\n",
    message: /^:2:28: a text with "\?"/,
  },
  "an unquoted ? in a second line": {
    content: "config:\n  a:b: { c: d\n   ? e }\n",
    message: /^:3:4: .*Write "d \? e"/,
  },
  "no space after a colon in braces": { content: "config:\n  a:b: {c:{d: 1}}\n", message: /^:2:10: there is no space/ },
  "no value after a colon in braces": {
    content: "config:\n  a:b: { c:, d: 1 }\n",
    message: /^:2:11: there is no space/,
    ...silent,
  },
  "no space after a setting": {
    content: "config:\n  aws-patterns:accounts:{ dev: 1 }\n",
    message: /^:2:3: "aws-patterns:accounts:\{ dev" is no key/,
  },
  "a key of four parts": { content: "config:\n  a:b:c:d: 1\n", message: /^:2:3: "a:b:c:d" is no key/ },
  "an alias without an anchor": { content: "config:\n  a:b: *base\n", message: /^:2:13: unidentified alias "base"/ },
  "a pattern that begins with *": {
    content: "config:\n  aws-patterns:guardrails: { zones: [*-1a] }\n",
    message: /^:2:\d+: .*quotation marks/,
  },
  "an anchor that contains itself": {
    content: "config:\n  a:b: &a { c: *a }\n",
    message: /^:2:16: aliases repeat too much, or contain themselves/,
  },
  "aliases that multiply": {
    content: ["config:", "  k: &a [1,1,1,1,1,1,1,1,1,1]"]
      .concat([..."bcdefg"].map((name, i) => `  k${name}: &${name} [${Array(10).fill(`*${"abcdef"[i]}`).join(",")}]`))
      .join("\n"),
    message: /^:3:\d+: aliases repeat too much/,
  },
  "an unknown tag": { content: "config:\n  a:b: !secret x\n", message: /^:2:\d+: unknown tag/, ...silent },
  "indentation too deep": { content: "config:\n  a:b: 1\n   c:d: 2\n", message: /^:3:\d+: bad indentation/ },
  "indentation too shallow": {
    content: "config:\n  aws-patterns:accounts:\n    dev:\n      id: 1\n     region: x\n",
    message: /^:5:\d+: bad indentation/,
  },
  "an unresolved merge": {
    content: `config:\n<<<<<<< HEAD\n  a:b: 1\n=======\n  a:b: 2\n>>>>>>> branch\n`,
    message: /^:2:1: there is an unresolved merge conflict/,
  },
  "two documents": { content: `${ACCOUNTS}---\nconfig: {}\n`, message: /^:4:1: expected a single document/, ...silent },
  "the directive of YAML 1.2": {
    content: `%YAML 1.2\n---\n${ACCOUNTS}`,
    message: /^:1:1: the Pulumi CLI reads YAML 1\.1/,
  },
  "an unknown escape": { content: 'config:\n  a:b: "\\q"\n', message: /^:2:\d+: / },
  "half of an escape": { content: 'config:\n  a:b: "\\u12"\n', message: /^:2:\d+: / },
  "nesting without end": { content: `config:\n  a:b: ${"[".repeat(20_000)}`, message: /^:2:\d+: nesting exceeded/ },
  "an archive": {
    content: bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b),
    message: /^:1:2: the byte 0x8b is not UTF-8/,
  },
  "a picture": { content: bytes(0x89, "PNG\r\n", 0x1a, "\n", 0, 0), message: /^:1:1: the byte 0x89 is not UTF-8/ },
  zeros: { content: Buffer.alloc(64), message: /^:1:1: there is the character U\+0000/ },
  "a control character": { content: "config:\n  a:b: x\u0007\n", message: /^:2:9: there is the character U\+0007/ },
  "Latin-1": { content: bytes(ACCOUNTS, "# caf", 0xe9, "\n"), message: /^:4:6: the byte 0xe9 is not UTF-8/ },
  "half of a character": {
    content: bytes("config:\n  a:b: ", 0xc3, "\n"),
    message: /^:2:8: the byte 0xc3 is not UTF-8/,
  },
  "UTF-16": { content: Buffer.from(`\ufeff${ACCOUNTS}`, "utf16le"), message: /^:1:1: .*UTF-16/, ...silent },
  "UTF-16, the other way round": {
    content: Buffer.from(`\ufeff${ACCOUNTS}`, "utf16le").swap16(),
    message: /^:1:1: .*UTF-16/,
    ...silent,
  },
  "a line separator of Unicode": { content: "config:\n  a:b: x\u2028y\n", message: /^:2:9: .*U\+2028/ },
  "the next-line character": { content: "config:\n  a:b: x\u0085y\n", message: /^:2:9: .*U\+0085/ },
  "no-break spaces for indentation": {
    content: "config:\n\u00a0\u00a0aws-patterns:accounts: {}\n",
    message: /^:2:1: .*Indent it under "config:"/,
    ...silent,
  },
};

/** What the Pulumi CLI refuses and a parser of YAML 1.2 does not see. */
export const REFUSED_BY_CLI_ALONE: Readonly<Record<string, BrokenFile>> = {
  "a number that JSON has not": {
    content: "config:\n  a:b: { c: .nan }\n",
    message: /: the Pulumi CLI cannot read it: .*NaN/,
  },
  "an escaped slash": {
    content: 'config:\n  a:b: "x\\/y"\n',
    message: /^:2:1: the Pulumi CLI cannot read it: .*escape/,
  },
  "a map for a key": { content: "config:\n  a:b: { ? { c: d } : e }\n", message: /: the Pulumi CLI cannot read it: / },
  "a very long key": {
    content: `config:\n  ${"k".repeat(2000)}:b: 1\n`,
    message: /^:2:1: the Pulumi CLI cannot read it: /,
  },
  "a secret": {
    content: "config:\n  a:b: { secure: AAAA }\n",
    message: /^: the local cloud cannot decrypt its secrets/,
  },
  "an environment": { content: `environment: [x]\n${ACCOUNTS}`, message: /^: the local cloud has no Pulumi ESC/ },
};

/** What looks odd and is right: both read it alike. */
export const SOUND_FILES: Readonly<Record<string, string>> = {
  plain: ACCOUNTS,
  "a mark of the encoding": `\ufeff${ACCOUNTS}`,
  "line ends of Windows": ACCOUNTS.replaceAll("\n", "\r\n"),
  "no line end at the end": ACCOUNTS.trimEnd(),
  JSON: '{"config":{"aws-patterns:accounts":{"dev":{"id":"111111111111"}}}}',
  "keys in quotation marks": 'config: { "aws-patterns:accounts": { \'dev\': { "id":"111111111111" } } }\n',
  "no namespace": 'config:\n  accounts: { dev: { id: "111111111111" } }\n',
  "a document's marks": `---\n${ACCOUNTS}...\n`,
  "the directive of YAML 1.1": `%YAML 1.1\n---\n${ACCOUNTS}`,
  "an anchor": 'config:\n  aws-patterns:accounts: { dev: &a { id: "111111111111" }, two: *a }\n',
  "a merge": 'config:\n  aws-patterns:accounts: { dev: &a { id: "1" }, two: { <<: *a, region: x } }\n',
  "a schedule in a block": `${ACCOUNTS}  a:b:\n    schedule: cron(0 7 ? * MON-FRI *)\n`,
  "a schedule in quotation marks": `${ACCOUNTS}  a:b: { schedule: "cron(0 7 ? * MON-FRI *)" }\n`,
  "a quoted text behind an anchor": `${ACCOUNTS}  a:b: { c: &x "what?", d: *x }\n`,
  "a comment with all signs": `${ACCOUNTS}  # ? { [ * & ! % @ \`\n  a:b: [ c, # ?\n    d ]\n`,
  "a text of several lines": `${ACCOUNTS}  a:b:\n    c: |\n      what? { [\n    d: >-\n      folded ?\n      text\n`,
  "other letters": `${ACCOUNTS}  a:b: { c: "Zürich 😀", d: 日本 }\n`,
  "a tab before a comment": `${ACCOUNTS}  a:b: [c]\t# d\n`,
};
