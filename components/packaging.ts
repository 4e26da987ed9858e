/**
 * Turns an inline callback into a Lambda archive of two files: `index.js`, the callback as Pulumi serialises it, and
 * `handler.js`, the handler module that the callback imports, bundled with its dependencies. The two stay apart because
 * serialised closures contain `with`, which strict (bundled) modules refuse.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { build, type Plugin } from "esbuild";

/** Any function that Lambda can run: asynchronous, of an event and a context. */
export type Callback = (event: never, context: never) => Promise<unknown>;

export interface CallbackFiles {
  /** Text of `index.js`. */
  index: string;
  /** Bundled handler modules by file name, `handler.js` first. */
  handlers: Record<string, string>;
}

// `import("../handlers/x")` reaches the serialised text as `require("../handlers/x")`.
const REQUIRE = /\brequire\((["'])([^"']+)\1\)/g;
const RELATIVE_REQUIRE = /\brequire\((["'])(\.{1,2}\/[^"']+)\1\)/g;

/** Bundles are made once per program run, however many functions share a handler. */
const bundles = new Map<string, Promise<string>>();

/**
 * Serialises `callback` and bundles every module that it imports by a relative path.
 *
 * @param directory where the callback is written; its imports are relative to it
 * @throws Error when the callback captures secrets (those belong in Secrets Manager or a SecureString parameter), or
 *   when it imports a package, or a module that cannot be found or bundled
 */
export async function packageCallback(callback: Callback, directory: string): Promise<CallbackFiles> {
  const { text } = await pulumi.runtime.serializeFunction(callback, { exportName: "handler" });
  checkModules(text, directory);
  const paths = [...new Set([...text.matchAll(RELATIVE_REQUIRE)].map((match) => match[2] ?? ""))];
  const fileNames = new Map(paths.map((path, i) => [path, i === 0 ? "handler.js" : `handler-${i + 1}.js`]));
  const handlers: Record<string, string> = {};
  for (const [path, fileName] of fileNames) {
    handlers[fileName] = await bundle(resolve(directory, path)).catch((error: unknown) => {
      throw new Error(
        `A callback in ${directory} imports "${path}", which cannot be bundled. Relative imports of a callback start ` +
          `at the folder of the file that it is written in. ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }
  const required = text.replace(RELATIVE_REQUIRE, (_, _quote, path: string) => `require("./${fileNames.get(path)}")`);
  // Loading the handlers right away moves their cost into Lambda's init phase, which has more CPU than an invocation.
  const preload = Object.keys(handlers).map((fileName) => `require("./${fileName}");\n`);
  return { index: `${preload.join("")}${required}`, handlers };
}

/** A package that the callback itself uses (a captured `@pulumi/aws`, say) would be missing in Lambda. */
function checkModules(text: string, directory: string): void {
  const packages = [...text.matchAll(REQUIRE)].map(([, , name = ""]) => name);
  const missing = packages.find((name) => !name.startsWith(".") && !isBuiltin(name));
  if (missing === undefined) return;
  throw new Error(
    `A callback in ${directory} uses the package "${missing}", which is not in its archive. Use it in a handler module ` +
      "that the callback imports by a relative path: that is bundled with its packages.",
  );
}

/** The folder of the file that calls the constructor of `constructed`: there the callback is written inline. */
export function callerDirectory(constructed: abstract new (...args: never[]) => unknown): string {
  const original = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_, callSites) => callSites[0]?.getFileName() ?? "";
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, constructed);
    return dirname(String(holder.stack));
  } finally {
    Error.prepareStackTrace = original;
  }
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

function bundle(entry: string): Promise<string> {
  const existing = bundles.get(entry);
  if (existing !== undefined) return existing;
  const made = build({
    entryPoints: [entry],
    bundle: true,
    write: false,
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
    plugins: [pureSdkSchemas, environmentCredentials],
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "");
  bundles.set(entry, made);
  return made;
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
