import { createContext, Script } from "node:vm";
import { archiveFiles } from "./callback-process";
import type { Registered } from "./mocks";

/**
 * What a function's inline callback hands to the factory that it imports (`makeHandler(settings)`): the callback is run
 * as it was serialised, with a handler module of whose factories each only answers what it was given.
 */
export async function capturedSettings(lambda: Registered): Promise<unknown> {
  const { "index.js": index = "" } = await archiveFiles(lambda);
  const factories = new Proxy(
    { __esModule: true },
    {
      // A module with a `then` would be taken for a promise.
      get: (module, name) =>
        name === "then" || name in module
          ? Reflect.get(module, name)
          : (settings: unknown) => () => Promise.resolve(settings),
    },
  );
  const exports: { handler?: (event: unknown, context: unknown) => Promise<unknown> } = {};
  new Script(index).runInContext(createContext({ exports, require: () => factories }));
  if (exports.handler === undefined) throw new Error(`${lambda.name} exports no handler`);
  // A copy, since objects of another context are not equal to those of this one.
  return JSON.parse(JSON.stringify(await exports.handler({ Records: [] }, {}))) as unknown;
}
