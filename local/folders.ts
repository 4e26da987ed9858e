/**
 * Where the local cloud's files are: `local/` in the project. In the package its command is one file, beside what that
 * starts.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./toolchain/cache";

const LOCAL = __dirname;

/** The package's stand-in provider, ready to be started; in the project each run makes its own from the sources. */
const builtProvider = join(LOCAL, "provider", "main.js");
export const BUILT_PROVIDER = existsSync(builtProvider) ? builtProvider : undefined;

/** Where it was started: npm starts scripts in the project's folder. */
export const CALLED_IN = BUILT_PROVIDER === undefined ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd();

export const PROVIDER_SOURCE = join(LOCAL, "provider", "main.ts");
export const EMULATORS = join(LOCAL, "emulators");

/** What runs write. */
export const STATE = BUILT_PROVIDER === undefined ? join(LOCAL, ".state") : join(cacheFolder(process.env), "runs");
