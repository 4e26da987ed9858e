"use strict";
/**
 * `node --require ./scripts/register.cjs`: lets `require` read TypeScript, and compiles each file once for all
 * processes. The result is kept in node_modules/.cache under a hash of everything that decides it. Types are checked by
 * `npm test`, not here. (ts-node, used before, compiles every file in every process.)
 */
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
const { join, relative, resolve } = require("node:path");

const root = resolve(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "typescript");
const settings = readFileSync(join(root, "tsconfig.json"), "utf8");
/** What decides the result besides the file itself. */
const surroundings = [require("typescript/package.json").version, settings, readFileSync(__filename, "utf8")];

/** Loaded when the first file has to be compiled. */
let compiler;
function compile(source, file) {
  if (compiler === undefined) {
    const typescript = require("typescript");
    const { options } = typescript.convertCompilerOptionsFromJson(JSON.parse(settings).compilerOptions, root);
    compiler = { typescript, options: { ...options, sourceMap: true } };
  }
  return compiler.typescript.transpileModule(source, { fileName: file, compilerOptions: compiler.options });
}

/** Another process may read the file at this moment: it finds the whole file or none. */
function writeWhole(file, text) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, file);
}

/** Files that this process loaded: where each one's compiled text and its source map are kept, without extension. */
const loaded = new Map();

function compiledText(file) {
  const source = readFileSync(file, "utf8");
  const hash = createHash("sha256");
  for (const part of [...surroundings, relative(root, file), source]) hash.update(part).update("\0");
  const kept = join(cache, hash.digest("hex"));
  loaded.set(file, kept);
  try {
    return readFileSync(`${kept}.js`, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const { outputText, sourceMapText } = compile(source, file);
  mkdirSync(cache, { recursive: true });
  writeWhole(`${kept}.map`, sourceMapText);
  writeWhole(`${kept}.js`, outputText);
  return outputText;
}

function load(module, file) {
  module._compile(compiledText(file), file);
}
require.extensions[".ts"] = load;
require.extensions[".tsx"] = load;

const maps = new Map();
/** A stack frame as text, with the place in the TypeScript source. */
function frame(site) {
  const file = site.getFileName();
  if (!loaded.has(file)) return String(site);
  if (!maps.has(file)) {
    const kept = `${loaded.get(file)}.map`;
    // Where the folder was emptied meanwhile, the stack is less helpful, but still that of the error.
    if (!existsSync(kept)) return String(site);
    maps.set(file, new SourceMap(JSON.parse(readFileSync(kept, "utf8"))));
  }
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const { originalLine, originalColumn } = maps.get(file).findEntry(line - 1, column - 1);
  if (originalLine === undefined) return String(site);
  return String(site).replace(`${file}:${line}:${column}`, `${file}:${originalLine + 1}:${originalColumn + 1}`);
}

/** Pulumi takes a stack trace for each of its promises, and shows it only when this variable asks for it. */
const showsPromises = Boolean(process.env.PULUMI_DEBUG_PROMISE_LEAKS);
Error.prepareStackTrace = (error, sites) => {
  if (!showsPromises && sites[0]?.getFunctionName() === "debuggablePromise") return "";
  return [String(error), ...sites.map((site) => `    at ${frame(site)}`)].join("\n");
};
