/**
 * Turns an inline callback into a Lambda archive of two files: `index.js`, the callback as Pulumi serialises it, and
 * `handler.js`, the handler module that the callback imports, bundled with its dependencies. The two stay apart because
 * serialised closures contain `with`, which strict (bundled) modules refuse.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { bundle, resolveName, shownPath } from "./bundle";
import { type ModuleUse, type ModuleUses, moduleUses } from "./module-uses";
import { type AnyFunction, type Origins, originsOf } from "./origins";

/** Any function that Lambda can run: asynchronous, of an event and a context. */
export type Callback = (event: never, context: never) => Promise<unknown>;

/** What the name of a bundled handler ends with, in the folder of its module. */
export const BUNDLE_SUFFIX = ".bundle.js.gz";

export interface CallbackFiles {
  /** Text of `index.js`. */
  index: string;
  /** Bundled handler modules by file name, `handler.js` first. */
  handlers: Record<string, string>;
}

/** `import("x")` of a module that is bundled as CommonJS: what it exports, as Node.js would give it. */
const IMPORT_MODULE =
  "const __importModule = (file) => Promise.resolve().then(() => require(file))" +
  ".then((module) => (module.__esModule ? module : { ...module, default: module }));\n";

/**
 * Serialises `callback` and bundles every module that it imports.
 *
 * @param directory where its imports start; without it, each at the folder of the file that it is written in
 * @throws Error when the callback captures secrets (those belong in Secrets Manager or a SecureString parameter), or
 *   when it imports a package, a module that cannot be found or bundled, or one whose name is computed
 */
export async function packageCallback(callback: Callback, directory?: string): Promise<CallbackFiles> {
  const functions: AnyFunction[] = [callback];
  const { text, containsSecrets } = await serialise(callback, functions);
  const origins = await originsOf(functions);
  const where = origins.file === undefined ? "the callback" : `the callback in ${shownPath(origins.file)}`;
  if (containsSecrets) {
    throw new Error(
      `${where} captures a secret, which everybody who can read the function's code could see. Keep it in Secrets ` +
        "Manager or in a SecureString parameter, capture its name, and read it in the handler.",
    );
  }
  const uses = modulesIn(text, where);
  const fileNames = new Map<string, string>();
  const handlers: Record<string, string> = {};
  for (const { specifier } of uses) {
    if (fileNames.has(specifier)) continue;
    const fileName = fileNames.size === 0 ? "handler.js" : `handler-${fileNames.size + 1}.js`;
    handlers[fileName] = await bundleModule(specifier, directory ?? folderOf(specifier, origins), where);
    fileNames.set(specifier, fileName);
  }
  // Loading the handlers right away moves their cost into Lambda's init phase, which has more CPU than an invocation.
  const preload = Object.keys(handlers).map((fileName) => `require("./${fileName}");\n`);
  const helper = uses.some(({ kind }) => kind === "import") ? IMPORT_MODULE : "";
  return { index: `${preload.join("")}${helper}${withFiles(text, uses, fileNames)}`, handlers };
}

/** @param functions to which every function in the callback's text is added */
function serialise(callback: Callback, functions: AnyFunction[]) {
  const serialize = (captured: unknown): boolean => {
    if (typeof captured === "function") functions.push(captured as AnyFunction);
    return true;
  };
  return pulumi.runtime.serializeFunction(callback, { serialize, allowSecrets: true });
}

/** What the callback loads besides Node.js's own modules. */
function modulesIn(text: string, where: string): ModuleUse[] {
  let found: ModuleUses;
  try {
    found = moduleUses(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${where} uses syntax that exists in modules only (${why}). Move it to a handler module.`);
  }
  if (found.computed.length > 0) {
    throw new Error(
      `${where} computes the name of a module: ${found.computed[0]}. Write the name as a constant, so that the module ` +
        "can be put into the archive; to choose at run time, import each of the candidates.",
    );
  }
  return found.uses.filter(({ specifier }) => !isBuiltin(specifier));
}

function folderOf(specifier: string, { byModule }: Origins): string {
  const files = [...(byModule.get(specifier) ?? [])];
  const [first, ...others] = new Set(files.map((file) => dirname(file)));
  // Captured packages are in the text, but in no function; they are named from the program's packages.
  if (first === undefined && !specifier.startsWith(".")) return process.cwd();
  if (first === undefined) {
    throw new Error(
      `the callback imports "${specifier}", but is written in no file (bound or evaluated functions are not). Say in ` +
        "`directory` at which folder its imports start.",
    );
  }
  if (others.length > 0 && specifier.startsWith(".")) {
    throw new Error(
      `the callback and a function that it uses import "${specifier}" from different folders: ` +
        `${files.map(shownPath).join(" and ")}. Import by paths that differ, or say in \`directory\` at which folder ` +
        "all imports start.",
    );
  }
  return first;
}

/** @param directory the folder of the file that imports the module */
async function bundleModule(specifier: string, directory: string, where: string): Promise<string> {
  const built = specifier.startsWith(".") ? builtBundle(resolve(directory, specifier)) : undefined;
  if (built !== undefined) return built;
  const file = specifier.startsWith(".")
    ? sourceFile(resolve(directory, specifier))
    : await resolveName(specifier, directory);
  // A package that the callback itself uses (a captured `@pulumi/aws`, say) would need all of it in the archive.
  if (file?.includes(`${sep}node_modules${sep}`) === true && !specifier.startsWith(".")) {
    throw new Error(
      `${where} uses the package "${specifier}", which is not in its archive. Use it in a handler module that the ` +
        "callback imports by a relative path: that is bundled with its packages.",
    );
  }
  if (file === undefined) {
    throw new Error(`${where} imports "${specifier}", which is neither a package nor a path alias of the project.`);
  }
  const { code } = await bundle(file).catch((error: unknown) => {
    throw new Error(
      `${where} imports "${specifier}", which cannot be bundled. Relative imports of a callback start at the folder of ` +
        `the file that it is written in. ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return code;
}

/** The file of a relative import, which may have no extension, or one that it gets only when it is compiled. */
function sourceFile(path: string): string {
  if (existsSync(path)) return path;
  const source = path.replace(/\.([cm]?)jsx?$/, ".$1ts");
  return [source, `${source}x`].find((candidate) => candidate !== path && existsSync(candidate)) ?? path;
}

/** What the published library has of each handler of its components, made by `npm run build`; the repository has none. */
function builtBundle(path: string): string | undefined {
  const file = `${path}${BUNDLE_SUFFIX}`;
  const isOwn = path.startsWith(resolve(__dirname, "../../../handlers") + sep);
  return isOwn && existsSync(file) ? gunzipSync(readFileSync(file)).toString() : undefined;
}

/** The text with its modules' names replaced by the files of the archive. */
function withFiles(text: string, uses: readonly ModuleUse[], fileNames: ReadonlyMap<string, string>): string {
  let result = "";
  let done = 0;
  for (const { specifier, kind, start, end } of uses) {
    const load = kind === "import" ? "__importModule" : "require";
    result += `${text.slice(done, start)}${load}("./${fileNames.get(specifier)}")`;
    done = end;
  }
  return result + text.slice(done);
}

/**
 * The archive for `aws.lambda.Function`. Equal sources give equal hashes, on any machine. Handlers are referred to by
 * file, so that stack state holds a path and a hash in place of the code.
 */
export function callbackArchive({ index, handlers }: CallbackFiles): pulumi.asset.AssetArchive {
  const files = Object.entries(handlers).map(
    ([name, code]) => [name, new pulumi.asset.FileAsset(stored(code))] as const,
  );
  return new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset(index),
    ...Object.fromEntries(files),
  });
}

/** Where a bundle lies while the engine uploads it: named by its contents, so that runs side by side can share it. */
function stored(code: string): string {
  // By number: a container's user need not have a name.
  const folder = join(tmpdir(), `aws-patterns-${process.getuid?.() ?? "user"}`);
  const file = join(folder, `${createHash("sha256").update(code).digest("hex")}.js`);
  // Whatever happened to the file since it was written, what is uploaded is what was bundled now.
  if (!existsSync(file) || readFileSync(file, "utf8") !== code) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  }
  return file;
}
