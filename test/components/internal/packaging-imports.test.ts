import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Callback, packageCallback } from "../../../components/internal/packaging";

/** A project on disk: its files by path. Its programs are JavaScript, as compilers leave them for Node.js. */
class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "aws-patterns-project-")));

  constructor(files: Readonly<Record<string, string>>) {
    this.write("", files);
  }

  private write(prefix: string, files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, prefix, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  /** What a program exports. */
  load(program: string): Record<string, Callback> {
    return createRequire(join(this.folder, "_"))(`./${program}`) as Record<string, Callback>;
  }

  /** Packages a callback, puts the archive into a folder of its own, and invokes it there, as Lambda would. */
  async invoke(callback: Callback, directory?: string): Promise<unknown> {
    const { index, handlers } = await packageCallback(callback, directory);
    const lambda = `lambda-${Math.random()}`;
    this.write(lambda, { ...handlers, "index.js": index, "package.json": "{}" });
    const { handler } = createRequire(join(this.folder, lambda, "_"))("./index.js") as { handler: Callback };
    return handler("event" as never, {} as never);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe("what a callback imports", () => {
  let project: Project;
  const with_ = (files: Readonly<Record<string, string>>): Project => (project = new Project(files));
  const program = (text: string, others: Readonly<Record<string, string>> = {}): Callback => {
    const found = with_({ "program.mjs": `export ${text}`, ...others }).load("program.mjs").callback;
    assert.ok(found);
    return found;
  };
  const refused = async (callback: Callback, ...words: (string | RegExp)[]): Promise<void> => {
    await assert.rejects(packageCallback(callback), ({ message }: Error) => {
      for (const word of words) {
        assert.ok(typeof word === "string" ? message.includes(word) : word.test(message), `"${word}" in ${message}`);
      }
      return true;
    });
  };

  afterEach(() => project.remove());

  it("is bundled from a program that Node.js runs as ES module", async () => {
    const callback = program(`const callback = async () => (await import("./handler.mjs")).answer;`, {
      "handler.mjs": "export const answer = 42;",
    });
    assert.equal(await project.invoke(callback), 42);
  });

  it("is bundled from a program whose compiler keeps import(): .js stands for .ts, .mjs for .mts, .js for .tsx", async () => {
    const { callback } = with_({
      "program.js": `exports.callback = async () => {
        const modules = await Promise.all([import("./one.js"), import("./two.mjs"), import("./three.js")]);
        return modules.map((module) => module.name);
      };`,
      "one.ts": `export const name: string = "one";`,
      "two.mts": `export const name: string = "two";`,
      "three.tsx": `export const name: string = "three";`,
    }).load("program.js");
    assert.ok(callback);
    assert.deepEqual(await project.invoke(callback), ["one", "two", "three"]);
  });

  it("is given with names and default, whether the handler is an ES module or CommonJS", async () => {
    const callback = program(
      `const callback = async () => {
        const [esm, cjs] = await Promise.all([import("./esm.mjs"), import("./cjs.cjs")]);
        return [esm.default, esm.name, cjs.default.name, cjs.name];
      };`,
      { "esm.mjs": `export default "d"; export const name = "n";`, "cjs.cjs": `module.exports = { name: "c" };` },
    );
    assert.deepEqual(await project.invoke(callback), ["d", "n", "c", "c"]);
  });

  it("is left alone in strings and comments, which import nothing", async () => {
    const callback = program(`const callback = async () => 'require("x") import("./y")'; // require("z")`);
    assert.equal(await project.invoke(callback), 'require("x") import("./y")');
  });

  it("may be named by a template without expressions", async () => {
    const callback = program("const callback = async () => (await import(`./h.mjs`)).h;", {
      "h.mjs": "export const h = 1;",
    });
    assert.equal(await project.invoke(callback), 1);
  });

  for (const [kind, call] of [
    ["import() of a variable", "import(event)"],
    ["import() of a template with expressions", "import(`./${event}`)"],
    ["import() of a sum", 'import("./" + event)'],
    ["require() of a variable", "require(event)"],
    ["require.resolve()", 'require.resolve("./handler")'],
  ] as const) {
    it(`is refused where its name is computed: ${kind}`, async () => {
      const { callback } = with_({ "program.js": `exports.callback = async (event) => ${call};` }).load("program.js");
      assert.ok(callback);
      await refused(callback, `computes the name of a module: ${call}`, join(project.folder, "program.js"));
    });
  }

  it("is refused where it cannot be found, with the names of both files", async () => {
    const callback = program(`const callback = async () => import("./missing.mjs");`);
    await refused(callback, `in ${join(project.folder, "program.mjs")} imports "./missing.mjs"`, "Could not resolve");
  });

  it("is refused where it is a package, with the way to use one", async () => {
    const callback = program(`const callback = async () => import("left");`, {
      "node_modules/left/package.json": `{ "name": "left" }`,
      "node_modules/left/index.js": "",
    });
    await refused(callback, 'uses the package "left"', "Use it in a handler module");
  });

  it("is refused where the name is neither a package nor an alias", async () => {
    const callback = program(`const callback = async () => import("@app/missing");`);
    await refused(callback, 'imports "@app/missing", which is neither a package nor a path alias');
  });

  it("is bundled by a path alias of the project's tsconfig.json, and by an import map of its package.json", async () => {
    const callback = program(
      `const callback = async () => [(await import("@app/one")).name, (await import("#two")).name];`,
      {
        "tsconfig.json": JSON.stringify({ compilerOptions: { paths: { "@app/*": ["./src/*"] } } }),
        "package.json": JSON.stringify({ imports: { "#two": "./src/two.ts" } }),
        "src/one.ts": `export const name: string = "one";`,
        "src/two.ts": `export const name: string = "two";`,
      },
    );
    assert.deepEqual(await project.invoke(callback), ["one", "two"]);
  });

  it("starts at the file of the callback, anyone who makes the function", async () => {
    const { make } = with_({
      "stacks/program.js": `exports.make = () => require("../library/helper").wrap(async () => (await import("./handler.js")).place);`,
      "stacks/handler.js": `exports.place = "stacks";`,
      "library/helper.js": `exports.wrap = (inner) => async () => "wrapped " + (await inner());`,
      "library/handler.js": `exports.place = "library";`,
    }).load("stacks/program.js");
    const callback = make?.(undefined as never, undefined as never) as unknown as Callback;
    assert.equal(await project.invoke(callback), "wrapped stacks");
  });

  it("is refused where two files in different folders mean different files by one path", async () => {
    const { make } = with_({
      "stacks/program.js": `exports.make = () => require("../library/helper").wrap(async () => import("./handler.js"));`,
      "stacks/handler.js": "",
      "library/helper.js": `exports.wrap = (inner) => async () => [await inner(), await import("./handler.js")];`,
      "library/handler.js": "",
    }).load("stacks/program.js");
    const callback = make?.(undefined as never, undefined as never) as unknown as Callback;
    const files = [join(project.folder, "library", "helper.js"), join(project.folder, "stacks", "program.js")];
    await refused(callback, 'import "./handler.js" from different folders', ...files, "`directory`");
  });

  it("starts at the folder that the argument names", async () => {
    const { callback } = with_({
      "program.js": `exports.callback = (0, eval)('(async () => (await import("./handler.js")).place)');`,
      "other/handler.js": `exports.place = "other";`,
    }).load("program.js");
    assert.ok(callback);
    await refused(callback, "is written in no file", "`directory`");
    assert.equal(await project.invoke(callback, join(project.folder, "other")), "other");
  });

  it("keeps one copy of a package of two forms, the one that CommonJS code asks for", async () => {
    const callback = program(`const callback = async () => (await import("./handler.mjs")).results;`, {
      "handler.mjs": `import dual from "dual"; import { made } from "uses-dual";
        export const results = [dual(), made, Object.keys(dual)];`,
      "node_modules/dual/package.json": `{ "name": "dual", "main": "main.js", "module": "module.js" }`,
      "node_modules/dual/main.js": `module.exports = () => "main"; module.exports.extra = 1;`,
      "node_modules/dual/module.js": `export default () => "module";`,
      "node_modules/uses-dual/index.js": `exports.made = require("dual")();`,
    });
    assert.deepEqual(await project.invoke(callback), ["main", "main", ["extra"]]);
  });

  it("takes the ES module of a package of two forms where nobody requires it", async () => {
    const callback = program(`const callback = async () => (await import("./handler.mjs")).result;`, {
      "handler.mjs": `import dual from "dual"; export const result = dual();`,
      "node_modules/dual/package.json": `{ "name": "dual", "main": "main", "module": "module" }`,
      "node_modules/dual/main.js": `module.exports = () => "main";`,
      "node_modules/dual/module.js": `export default () => "module";`,
    });
    assert.equal(await project.invoke(callback), "module");
  });

  it("leaves dependencies in sloppy mode, whatever the project's tsconfig.json says", async () => {
    const callback = program(`const callback = async () => (await import("./handler.js")).result;`, {
      "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true } }),
      "handler.ts": `import { mode } from "sloppy"; export const result: string = mode();`,
      "node_modules/sloppy/index.js": `exports.mode = function () { return (function () { return this; })() === undefined ? "strict" : "sloppy"; };`,
    });
    assert.equal(await project.invoke(callback), "sloppy");
  });

  it("is refused with the bundler's own words where it would not run as written", async () => {
    const callback = program(`const callback = async () => import("./handler.mjs");`, {
      "handler.mjs": "export const here = () => new URL('x', import.meta.url);",
    });
    await refused(callback, /handler\.mjs:1:40: "import\.meta" is not available/);
  });

  it("is refused where a handler computes what it loads; a dependency may", async () => {
    const callback = program(`const callback = async () => import("./handler.mjs");`, {
      "handler.mjs": `import { maybe } from "optional"; export const load = (name) => import(name), found = maybe();`,
      "node_modules/optional/index.js": `exports.maybe = (name) => { try { return require(name); } catch {} };`,
    });
    await refused(callback, /handler\.mjs:1:65: .*import/);
  });

  it("is refused with place and text where it has a mistake of syntax", async () => {
    const callback = program(`const callback = async () => import("./handler.mjs");`, {
      "handler.mjs": "export const = 1;",
    });
    await refused(callback, /handler\.mjs:1:14: Expected identifier/);
  });
});
