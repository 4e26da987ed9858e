import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importedPackages, ROOT, sources } from "./sources";

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
}

const read = (folder: string): unknown => JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));

const manifest = read(".") as Manifest & {
  readonly peerDependencies: Versions;
  readonly workspaces: readonly string[];
};
const { dependencies, devDependencies, peerDependencies, workspaces } = manifest;

/** Packages that live in a folder, with the packages that they declare. */
const members = new Map(
  workspaces.map((folder) => {
    const member = read(folder) as Manifest;
    return [folder, { ...member.dependencies, ...member.devDependencies } satisfies Versions];
  }),
);
const declaredByMembers = Object.assign({}, ...members.values()) as Versions;

/** What is run, or named by a file of settings, and so is imported nowhere. */
const TOOLS = ["dependency-cruiser", "eslint", "keep-a-changelog", "prettier", "ts-node"];

/** What `npm pack` publishes: the parts that are compiled for it, without the files that are left out. */
const BUILD = JSON.parse(readFileSync(join(ROOT, "tsconfig.build.json"), "utf8")) as {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
};

/** The packages that sources import, with the files that do. */
const importers = new Map<string, string[]>();
/** Those of them that are imported by what is published. */
const published = new Set<string>();
for (const source of sources()) {
  const isPublished = BUILD.include.includes(source.part) && !(BUILD.exclude?.includes(source.file) ?? false);
  for (const name of importedPackages(source)) {
    importers.set(name, [...(importers.get(name) ?? []), source.file]);
    if (isPublished) published.add(name);
  }
}

/** Whether a source outside the packages that live in folders imports a package. */
const isImportedAtRoot = (name: string): boolean =>
  importers.get(name)?.some((file) => !workspaces.some((folder) => file.startsWith(`${folder}/`))) ?? false;

const typesOf = (name: string): string => `@types/${name.replace(/^@(.+)\/(.+)$/, "$1__$2")}`;

describe("the packages in package.json", () => {
  it("that users get are imported by what users get", () => {
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      assert.ok(published.has(name), `${name} is imported by none of ${BUILD.include.join(", ")}`);
    }
  });

  it("that developers get are imported outside the packages in folders, or are tools", () => {
    for (const name of Object.keys(devDependencies)) {
      if (name.startsWith("@types/")) continue;
      assert.ok(isImportedAtRoot(name) || TOOLS.includes(name), `${name} is imported nowhere`);
      assert.ok(!(name in dependencies), `${name} is there twice`);
    }
  });

  it("are declared wherever they are imported, not found by chance because others need them", () => {
    const ofRoot = { ...dependencies, ...devDependencies };
    for (const [name, files] of importers) {
      for (const file of files) {
        const [part = ""] = file.split("/");
        // Tests of such a package need what it needs.
        const declared = members.get(part) ?? (part === "test" ? { ...ofRoot, ...declaredByMembers } : ofRoot);
        assert.ok(name in declared || typesOf(name) in declared, `${name}, imported by ${file}`);
      }
    }
  });

  it("of a folder's package are imported by it, in the versions of the root", () => {
    for (const [folder, declared] of members) {
      for (const [name, version] of Object.entries(declared)) {
        const ofRoot = dependencies[name] ?? devDependencies[name] ?? version;
        assert.equal(version, ofRoot, `${name} in ${folder} and in the root`);
        if (name.startsWith("@types/")) continue;
        assert.ok(
          importers.get(name)?.some((file) => file.startsWith(`${folder}/`)),
          `${name} is not imported by ${folder}`,
        );
      }
    }
  });

  it("with types are for packages that are used, and have none of their own", () => {
    const environments = ["@types/node", "@types/mocha"];
    for (const name of Object.keys({ ...devDependencies, ...declaredByMembers })) {
      if (!name.startsWith("@types/") || environments.includes(name)) continue;
      const user = [...importers.keys()].find((candidate) => typesOf(candidate) === name);
      assert.ok(user, `${name} is for nothing that is imported`);
      const file = join(ROOT, "node_modules", user, "package.json");
      const { types, typings } = existsSync(file)
        ? (JSON.parse(readFileSync(file, "utf8")) as { types?: string; typings?: string })
        : {};
      assert.equal(types ?? typings, undefined, `${user} has types of its own`);
    }
  });

  it("of peers are tested in the oldest version that they promise", () => {
    for (const [name, range] of Object.entries(peerDependencies)) {
      assert.equal(range, `^${devDependencies[name]?.replace(/^\^/, "")}`);
    }
  });
});
