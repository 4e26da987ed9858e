/** Where functions are written: relative imports start at the folder of their own file, no matter who calls them. */
import type { Debugger } from "node:inspector";
import { Session } from "node:inspector/promises";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { modulesOf } from "./module-uses";

/** Any function, whatever it takes. */
export type AnyFunction = (...args: never[]) => unknown;

/** Asks the running engine itself for the file of functions: nothing else knows it for sure. */
class FunctionFiles {
  private readonly session = new Session();
  private readonly files = new Map<string, string>();

  async open(): Promise<void> {
    this.session.connect();
    this.session.on("Debugger.scriptParsed", ({ params }) => this.files.set(params.scriptId, params.url));
    await this.session.post("Debugger.enable");
  }

  close(): void {
    this.session.disconnect();
  }

  /** The file that a function is written in; undefined for native functions, and for evaluated text. */
  async fileOf(written: AnyFunction): Promise<string | undefined> {
    const key = Symbol.for("aws-patterns.function");
    const holder = globalThis as { [key]?: AnyFunction };
    holder[key] = written;
    const expression = 'globalThis[Symbol.for("aws-patterns.function")]';
    const { result } = await this.session.post("Runtime.evaluate", { expression });
    delete holder[key];
    if (result.objectId === undefined) return undefined;
    const { internalProperties = [] } = await this.session.post("Runtime.getProperties", { objectId: result.objectId });
    const location = internalProperties.find(({ name }) => name === "[[FunctionLocation]]")?.value?.value as
      Debugger.Location | undefined;
    return location === undefined ? undefined : pathOf(this.files.get(location.scriptId) ?? "");
  }
}

function pathOf(script: string): string | undefined {
  const path = script.startsWith("file:") ? fileURLToPath(new URL(script)) : script;
  return isAbsolute(path) ? path : undefined;
}

/** Where functions are written: each one's file, and the files that name each imported module. */
export interface Origins {
  /** The file of the first function. */
  readonly file: string | undefined;
  readonly byModule: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function originsOf(functions: readonly AnyFunction[]): Promise<Origins> {
  const byModule = new Map<string, Set<string>>();
  const files = new FunctionFiles();
  await files.open();
  try {
    for (const written of functions) {
      const modules = modulesOf(Function.prototype.toString.call(written));
      const file = modules.length === 0 ? undefined : await files.fileOf(written);
      if (file === undefined) continue;
      for (const module of modules) byModule.set(module, (byModule.get(module) ?? new Set()).add(file));
    }
    return { file: functions[0] === undefined ? undefined : await files.fileOf(functions[0]), byModule };
  } finally {
    files.close();
  }
}
