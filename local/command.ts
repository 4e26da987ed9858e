#!/usr/bin/env node
/** `aws-patterns`, the command of the package; in the project `npm run local`. */
import { Command } from "commander";
import { fail } from "./console";
import { localCommand } from "./own-program";

new Command("aws-patterns")
  .description("What aws-patterns brings besides its components.")
  .enablePositionalOptions()
  .addCommand(localCommand())
  .parseAsync()
  .catch(fail);
