/** Bundles a handler module with all that it imports, as one CommonJS file for Lambda. */
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { BuildOptions, Message, Plugin, PluginBuild } from "esbuild";

/** An optional package: what the components of this library run is bundled when the library is published. */
function esbuild(): typeof import("esbuild") {
  try {
    return createRequire(__filename)("esbuild") as typeof import("esbuild");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(
      "Handlers of your own are bundled by esbuild, which is not installed: npm install --save-dev esbuild",
    );
  }
}

/** Bundles are made once per program run, however many functions share a handler. */
const bundles = new Map<string, Promise<Bundle>>();

export interface Bundle {
  readonly code: string;
  /** The files that it was made of. */
  readonly files: readonly string[];
}

/** @throws Error with esbuild's own words, errors and warnings alike: either means that the code would not run as written */
export function bundle(entry: string): Promise<Bundle> {
  const existing = bundles.get(entry);
  if (existing !== undefined) return existing;
  const made = bundleAgain(entry, new Set());
  bundles.set(entry, made);
  return made;
}

/** What esbuild calls loading modules by computed names: such modules are not in the bundle. */
const COMPUTED = ["unsupported-dynamic-import", "unsupported-require-call", "indirect-require"] as const;

/** How handlers are bundled, when they are deployed and when the library is published. */
export const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  format: "cjs",
  platform: "node",
  target: "node22",
  // Prefer ES modules: they can be tree-shaken.
  mainFields: ["module", "main"],
  minify: true,
  // Libraries such as React choose by it; asked for at run time, what is not chosen would be in the archive too.
  define: { "process.env.NODE_ENV": '"production"' },
  // Errors and classes keep their names, which logs and Step Functions rely on.
  keepNames: true,
  legalComments: "none",
  logLevel: "silent",
  // In the project's own files these are refused; a dependency may have its reasons (an optional package, say).
  logOverride: Object.fromEntries(COMPUTED.map((id) => [id, "warning"])),
} as const satisfies BuildOptions;

/**
 * @param commonJs packages of which CommonJS code wants the `main` file; found out by bundling, so that it is done again
 *   when there are more of them
 */
async function bundleAgain(entry: string, commonJs: ReadonlySet<string>): Promise<Bundle> {
  const required = new Set(commonJs);
  const plugins = [...LAMBDA_PLUGINS, mainFiles(commonJs, required)];
  const { outputFiles, warnings, metafile } = await esbuild()
    .build({ ...OPTIONS, entryPoints: [entry], plugins })
    .catch((error: { errors?: Message[] }) => {
      throw error.errors === undefined ? error : new Error(error.errors.map(messageText).join("; "));
    });
  const refused = warnings.filter((warning) => !isOptionalImport(warning));
  if (refused.length > 0) throw new Error(refused.map(messageText).join("; "));
  if (required.size > commonJs.size) return bundleAgain(entry, required);
  // A project's `strict` holds for its own files; at the top of a bundle it would hold for all dependencies, too.
  const code = (outputFiles[0]?.text ?? "").replace(/^"use strict";\n?/, "");
  return { code, files: Object.keys(metafile.inputs).map((file) => resolve(file)) };
}

function isOptionalImport({ id, location }: Message): boolean {
  return COMPUTED.some((computed) => computed === id) && (location?.file.includes("node_modules/") ?? false);
}

function messageText({ text, location }: Message): string {
  if (location === null) return text;
  return `${shownPath(resolve(location.file))}:${location.line}:${location.column + 1}: ${text}`;
}

/**
 * The AWS SDK describes every operation of a service in one module, as object literals with constants for keys
 * (`{ [_xN]: … }`). A bundler has to take such keys for code with effects, and keeps all operations. With the constants'
 * values written in their place it keeps those in use: for EC2 about a twentieth.
 */
const pureSdkSchemas: Plugin = {
  name: "pure-sdk-schemas",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const constants = new Map<string, string>();
      for (const [, name = "", value = ""] of source.matchAll(/^const (\w+) = ("(?:[^"\\]|\\.)*");$/gm)) {
        constants.set(name, value);
      }
      const contents = source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
        const value = constants.get(name);
        return value === undefined ? key : `[${value}]:`;
      });
      return { contents };
    });
  },
};

/**
 * Lambda hands its role's credentials over in the environment, so the SDK's default chain of sources (profiles, single
 * sign-on, instance metadata: a fifth of an archive) is that one source.
 */
const environmentCredentials: Plugin = {
  name: "environment-credentials",
  setup({ onResolve, onLoad }) {
    const namespace = "environment-credentials";
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace,
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";`,
      resolveDir: String(pluginData),
    }));
  },
};

/** What holds in Lambda alone. */
export const LAMBDA_PLUGINS: readonly Plugin[] = [pureSdkSchemas, environmentCredentials];

/** A path as messages show it: from the working directory, where it lies in there. */
export function shownPath(path: string): string {
  const shorter = relative(process.cwd(), path);
  if (shorter === "") return ".";
  return shorter.startsWith("..") ? path : shorter;
}

/** Marks our own questions to esbuild, which would otherwise come back to us. */
const ASKED = Symbol("asked");

/**
 * A package with `main` and `module` but no `exports` has two forms. Code that says `require` was written for `main`,
 * and breaks with the other; since two copies of a package break, too, everybody then gets `main`.
 */
function mainFiles(commonJs: ReadonlySet<string>, required: Set<string>): Plugin {
  return {
    name: "main-files",
    setup({ onResolve, resolve: resolveIn }) {
      onResolve({ filter: /^[^./#]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === ASKED || (kind !== "require-call" && commonJs.size === 0)) return undefined;
        const found = await resolveIn(path, { kind, importer, resolveDir, pluginData: ASKED });
        const folder = twoFormed(found.path);
        if (folder === undefined || (kind !== "require-call" && !commonJs.has(folder))) return undefined;
        required.add(folder);
        return { path: createRequire(join(resolveDir, "_")).resolve(path) };
      });
    },
  };
}

/** The folder of the package whose `module` file this is, if the package has a `main` and no `exports`. */
function twoFormed(file: string): string | undefined {
  if (!file.includes("node_modules")) return undefined;
  const folder = packageFolder(file);
  if (folder === undefined) return undefined;
  const { main, module, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageFile;
  const isModule = module !== undefined && file.startsWith(resolve(folder, module));
  return main !== undefined && exports === undefined && isModule ? folder : undefined;
}

interface PackageFile {
  readonly main?: string;
  readonly module?: string;
  readonly exports?: unknown;
}

function packageFolder(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  return undefined;
}

/** Where a module lies that is named by a path alias or by a package's name; undefined when there is none. */
export async function resolveName(name: string, directory: string): Promise<string | undefined> {
  let found: string | undefined;
  const setup = ({ onResolve, resolve: resolveIn }: PluginBuild): void => {
    onResolve({ filter: /.*/ }, async ({ path, pluginData }) => {
      if (pluginData === ASKED) return undefined;
      const asked = { kind: "import-statement", resolveDir: directory, pluginData: ASKED } as const;
      const { path: file, errors } = await resolveIn(path, asked);
      if (errors.length === 0) found = file;
      return { path, external: true };
    });
  };
  const stdin = { contents: `import ${JSON.stringify(name)};`, resolveDir: directory };
  await esbuild().build({ ...OPTIONS, stdin, plugins: [{ name: "resolve-name", setup }] });
  return found;
}
