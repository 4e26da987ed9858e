/** `npm run bench -- NAME [--json]`; see bench/support/command.ts. */
import { describeError, progressToStandardError, red, say } from "../local/console";
import { benchCommand } from "./support/command";

// Standard output is for the figures alone.
progressToStandardError();

benchCommand({ folder: __dirname, print: console.log, progress: say })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(red(describeError(error)));
    process.exitCode = 1;
  });
