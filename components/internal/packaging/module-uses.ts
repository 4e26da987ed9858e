/** Which modules a piece of JavaScript loads, found in its syntax tree: a string that looks like a call is no call. */
import { type CallExpression, type ImportExpression, type Node, parse } from "acorn";
import { simple } from "acorn-walk";

/** One `require("x")` or `import("x")`. */
export interface ModuleUse {
  readonly specifier: string;
  readonly kind: "require" | "import";
  /** Where the whole call stands in the text. */
  readonly start: number;
  readonly end: number;
}

export interface ModuleUses {
  readonly uses: readonly ModuleUse[];
  /** Source text of calls whose module is computed, so that nobody can say beforehand which one it is. */
  readonly computed: readonly string[];
}

/** @throws SyntaxError when `text` is no script (`import.meta`, for example, exists in modules only) */
export function moduleUses(text: string): ModuleUses {
  const uses: ModuleUse[] = [];
  const computed: string[] = [];
  const note = (call: CallExpression | ImportExpression, kind: ModuleUse["kind"], argument?: Node): void => {
    const specifier = constantText(argument);
    if (specifier === undefined) computed.push(text.slice(call.start, call.end));
    else uses.push({ specifier, kind, start: call.start, end: call.end });
  };
  simple(parse(text, { ecmaVersion: "latest", sourceType: "script", allowHashBang: true }), {
    ImportExpression: (call) => note(call, "import", call.source),
    CallExpression: (call) => {
      const { callee } = call;
      if (callee.type === "Identifier" && callee.name === "require") note(call, "require", call.arguments[0]);
      const target = callee.type === "MemberExpression" ? callee.object : undefined;
      if (target?.type === "Identifier" && target.name === "require") computed.push(text.slice(call.start, call.end));
    },
  });
  return { uses: uses.sort((one, other) => one.start - other.start), computed };
}

/** The value of `"x"`, `'x'` or a template without expressions. */
function constantText(node: Node | undefined): string | undefined {
  const { type, value, quasis = [] } = (node ?? {}) as { type?: string; value?: unknown; quasis?: Quasi[] };
  if (type === "Literal" && typeof value === "string") return value;
  return type === "TemplateLiteral" && quasis.length === 1 ? (quasis[0]?.value.cooked ?? undefined) : undefined;
}

interface Quasi {
  readonly value: { readonly cooked?: string | null };
}

/** The modules that one function loads; none for text that is no JavaScript (a native function's). */
export function modulesOf(functionText: string): readonly string[] {
  // An arrow function or function expression; a method in its short form; a getter's or class's text is like one of them.
  for (const script of [`(${functionText})`, `({${functionText}})`, `(class {${functionText}})`]) {
    try {
      return moduleUses(script).uses.map(({ specifier }) => specifier);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return [];
}
