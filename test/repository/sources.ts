/** The sources of this repository, and what each imports. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import * as ts from "typescript";

export const ROOT = join(__dirname, "..", "..");

/** Folders that are not this repository's own sources, or packages of their own. */
const FOREIGN = /(^|\/)(node_modules|dist|\.state|\.next[^/]*|\.git|peers)(\/|$)/;

export interface Source {
  /** Its path from the root. */
  readonly file: string;
  /** The folder below the root that it is in, or its name in the root. */
  readonly part: string;
  /** Modules that it imports, as they are written: of types, too, and by import() and require(). */
  readonly imports: readonly string[];
}

/** `package: "@aws-sdk/client-sqs"`; packages of Go are named so, too. */
function isSdk({ name, initializer }: ts.PropertyAssignment): boolean {
  return (
    ts.isIdentifier(name) &&
    name.text === "package" &&
    ts.isStringLiteral(initializer) &&
    initializer.text.startsWith("@aws-sdk/")
  );
}

/**
 * The module that a node imports: by a declaration, in a type, by a call of import() or require(), or as the `package`
 * that a service of the stand-in provider is loaded from when it is first used.
 */
function moduleOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isPropertyAssignment(node)) return isSdk(node) ? node.initializer : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: given } = node;
  const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport || (ts.isIdentifier(expression) && expression.text === "require") ? given[0] : undefined;
}

function specifiersOf(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const module = moduleOf(node);
    if (module !== undefined && ts.isStringLiteralLike(module)) found.push(module.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, false));
  return found;
}

/** Every file below a folder, as a path from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (FOREIGN.test(path)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

export function sources(): Source[] {
  return filesBelow("")
    .filter((file) => /\.(m?[jt]s|tsx)$/.test(file))
    .map((file) => sourceOf(file, readFileSync(join(ROOT, file), "utf8")));
}

export function sourceOf(file: string, text: string): Source {
  return { file, part: file.split("/")[0] ?? file, imports: specifiersOf(file, text) };
}

/** The packages that a source imports; `node:` modules are none. */
export function importedPackages({ imports }: Source): string[] {
  const names = imports.filter((name) => /^(@[\w.-]+\/)?[\w.-]+(\/|$)/.test(name) && !name.startsWith("."));
  const packages = names.map((name) =>
    name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/"),
  );
  return [...new Set(packages)].filter((name) => !builtinModules.includes(name));
}
