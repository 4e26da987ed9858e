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
  private readonly files = new Map<string, string>();

  private constructor(private readonly session: Session) {}

  private static opened: Promise<FunctionFiles> | undefined;

  /** One for the process, never closed: each new session is sent the list of all scripts. */
  static open(): Promise<FunctionFiles> {
    return (FunctionFiles.opened ??= FunctionFiles.start());
  }

  private static async start(): Promise<FunctionFiles> {
    const files = new FunctionFiles(new Session());
    files.session.connect();
    files.session.on("Debugger.scriptParsed", ({ params }) => files.files.set(params.scriptId, params.url));
    await files.session.post("Debugger.enable");
    return files;
  }

  /** The file that a function is written in; undefined for native functions, and for evaluated text. */
  async fileOf(written: AnyFunction): Promise<string | undefined> {
    const key = Symbol.for("aws-patterns.function");
    const holder = globalThis as { [key]?: AnyFunction };
    holder[key] = written;
    const expression = 'globalThis[Symbol.for("aws-patterns.function")]';
    // Evaluated before `post` returns, so that calls at the same time do not meet in the global variable.
    const evaluated = this.session.post("Runtime.evaluate", { expression });
    delete holder[key];
    const { result } = await evaluated;
    if (result.objectId === undefined) return undefined;
    const { internalProperties = [] } = await this.session.post("Runtime.getProperties", { objectId: result.objectId });
    // Otherwise the session would keep the function, and what it captures, for as long as the process lives.
    await this.session.post("Runtime.releaseObject", { objectId: result.objectId });
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
  const files = await FunctionFiles.open();
  for (const written of functions) {
    const modules = modulesOf(Function.prototype.toString.call(written));
    const file = modules.length === 0 ? undefined : await files.fileOf(written);
    if (file === undefined) continue;
    for (const module of modules) byModule.set(module, (byModule.get(module) ?? new Set()).add(file));
  }
  return { file: functions[0] === undefined ? undefined : await files.fileOf(functions[0]), byModule };
}
