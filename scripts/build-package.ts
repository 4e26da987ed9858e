/**
 * `npm run build`, after the compiler: makes `dist` what is published. What Lambdas run is bundled as it would be at
 * deployment, and what few programs need is published with the packages that it uses, so that users install neither.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Format, type Plugin } from "esbuild";
import * as ts from "typescript";
import { BUNDLE_SUFFIX } from "../components/internal/packaging";
import { bundle, LAMBDA_PLUGINS, OPTIONS } from "../components/internal/packaging/bundle";

const ROOT = join(__dirname, "..");
const { bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { bin: Record<string, string> };
const DIST = join(ROOT, "dist");

interface Whole {
  readonly module: string;
  /** Packages that users have anyway, since they hand over what they made by them. */
  readonly external?: readonly string[];
  /** Whether handlers of users import it: an ES module is published beside it, of which bundlers take what is used. */
  readonly isImported?: boolean;
  readonly plugins?: readonly Plugin[];
}

/** What the stand-in provider asks for clients by name. */
const CLIENTS = /\/local\/provider\/engine\/clients\.ts$/;

/** The clients in a file of their own: the provider starts faster than they are read. */
const clientsBeside: Plugin = {
  name: "clients beside",
  setup: ({ onLoad }) => {
    const contents = 'export const clientPackage = (name) => require("./engine/clients.js").clientPackage(name);';
    onLoad({ filter: CLIENTS }, () => ({ contents }));
  },
};

const clientsInside: Plugin = {
  name: "clients inside",
  setup: ({ onLoad }) => {
    onLoad({ filter: CLIENTS }, ({ path }) => {
      const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, "local/package.json"), "utf8")) as Manifest;
      const clients = Object.keys(dependencies).filter((name) => name.startsWith("@aws-sdk/client-"));
      const loaders = clients.map((name) => `"${name}": () => require("${name}")`);
      const contents = `const clients = { ${loaders.join()} };\nexport const clientPackage = (name) => clients[name]();`;
      return { contents, resolveDir: dirname(path) };
    });
  },
};

/** Modules that are published with the packages that they use. */
const WHOLE: readonly Whole[] = [
  { module: "components/internal/asl" },
  { module: "components/nextjs-site/build" },
  { module: "components/open-api/read" },
  { module: "handlers/distributed-map/map-progress" },
  { module: "handlers/secured-function/handler", isImported: true },
  { module: "handlers/shared/one-off-schedules", external: ["@aws-sdk/client-scheduler"], isImported: true },
  { module: "handlers/shared/stream-records", external: ["@aws-sdk/client-s3", "zod"], isImported: true },
  { module: "local/command", external: ["@pulumi/pulumi", "esbuild"] },
  { module: "local/provider/engine/clients", plugins: [clientsInside] },
  { module: "local/provider/main", external: ["./engine/clients.js"], plugins: [clientsBeside] },
];

/** What the local cloud's command starts. */
const EMULATORS = "local/emulators";

/** Modules that nothing imports by name: `operationsOf` reads their folder. */
const READ_BY_FOLDER = /^components\/[^/]+\/operations\/.*\.js$/;

/** Files whose licences are to be published. */
const bundled = new Set<string>();

/** `import("x")` as the compiler writes it. */
const IMPORT = /\.then\(\(\) => __importStar\(require\("(\.[^"]+)"\)\)\)/g;

/** What callbacks of components import. */
function handlerModules(): string[] {
  const found = filesOfDist()
    .filter((file) => /^components\/.*\.js$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(DIST, file), "utf8").matchAll(IMPORT)].map(([, name = ""]) =>
        relative(DIST, resolve(DIST, dirname(file), name)),
      ),
    );
  return [...new Set(found)].filter((module) => module.startsWith("handlers/"));
}

async function writeBundle(module: string): Promise<void> {
  // Of the sources, not of what is compiled: what functions run is the same wherever they are deployed from.
  const { code, files } = await bundle(join(ROOT, module));
  // They are most of the package, and read only when they are deployed.
  writeFileSync(join(DIST, `${module}${BUNDLE_SUFFIX}`), gzipSync(code, { level: 9 }));
  for (const file of files) bundled.add(file);
}

async function writeWhole({ module, external = [], isImported = false, plugins = [] }: Whole): Promise<void> {
  const options = {
    ...OPTIONS,
    write: true,
    target: "node20",
    entryPoints: [join(ROOT, `${module}.ts`)],
    external: [...external],
    plugins: [...(isImported ? LAMBDA_PLUGINS : []), ...plugins],
  };
  const forms = { cjs: ".js", ...(isImported && { esm: ".mjs" }) };
  for (const [format, extension] of Object.entries(forms)) {
    const outfile = join(DIST, `${module}${extension}`);
    const { metafile } = await build({ ...options, format: format as Format, outfile, metafile: true });
    for (const file of Object.keys(metafile.inputs)) bundled.add(resolve(file));
  }
  if (isImported) {
    writeFileSync(join(DIST, `${module}.d.mts`), `export * from "./${module.split("/").at(-1)}.js";\n`);
  }
}

/** Removes what the compiler wrote of modules that are bundled into others. */
function removeUnused(): void {
  const files = filesOfDist();
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file) || !files.includes(file)) return;
    reached.add(file);
    const ends = file.endsWith("ts") ? [".d.ts", "/index.d.ts"] : [BUNDLE_SUFFIX, ".js", "/index.js"];
    if (file.endsWith(BUNDLE_SUFFIX)) return;
    for (const { fileName } of ts.preProcessFile(readFileSync(join(DIST, file), "utf8"), true, true).importedFiles) {
      const path = join(dirname(file), fileName).replace(/\.js$/, "");
      const end = fileName.startsWith(".") ? ends.find((it) => files.includes(`${path}${it}`)) : undefined;
      if (end !== undefined) reach(`${path}${end}`);
    }
  };
  const wholes = WHOLE.flatMap(({ module, isImported }) => [
    `${module}.js`,
    ...(isImported === true ? [`${module}.mjs`, `${module}.d.ts`, `${module}.d.mts`] : []),
  ]);
  const commands = Object.values(bin).map((path) => path.replace(/^dist\//, ""));
  const roots = ["components/index.js", "components/index.d.ts", ...wholes, ...commands];
  for (const file of [...roots, ...files.filter((it) => READ_BY_FOLDER.test(it))]) reach(file);
  for (const file of files) if (!reached.has(file)) rmSync(join(DIST, file));
}

/** The licences of the packages that are published within bundles; those with the same words together. */
function writeLicences(): void {
  const packages = new Map<string, string[]>();
  for (const file of bundled) {
    const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (folder === undefined || !existsSync(join(folder, "package.json"))) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    const [words] = readdirSync(folder).filter((it) => /^licen[cs]e/i.test(it));
    const text = words === undefined ? `Licence: ${license}` : readFileSync(join(folder, words), "utf8").trim();
    packages.set(text, [...new Set([...(packages.get(text) ?? []), `${name} ${version}`])]);
  }
  const parts = [...packages].map(([text, names]) => `${names.sort().join("\n")}\n\n${text}\n`).sort();
  writeFileSync(join(DIST, "third-party-licenses.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function filesOfDist(): string[] {
  return readdirSync(DIST, { recursive: true, encoding: "utf8" }).filter((file) => /\.(m?[jt]s|gz)$/.test(file));
}

async function main(): Promise<void> {
  for (const module of handlerModules()) await writeBundle(module);
  for (const whole of WHOLE) await writeWhole(whole);
  removeUnused();
  cpSync(join(ROOT, EMULATORS), join(DIST, EMULATORS), {
    recursive: true,
    filter: (file) => !/__pycache__|README/.test(file),
  });
  writeLicences();
}

void main();
