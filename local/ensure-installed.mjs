// Runs before every npm script, with nothing but Node.js: checks what a bare machine must have and installs the rest.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Node.js ${process.versions.node} is too old: aws-patterns needs 20.19 or newer. Install a current LTS release.`,
  );
}

const lock = join(root, "package-lock.json");
// npm writes this file last, so an interrupted installation counts as missing.
const installed = join(root, "node_modules", ".package-lock.json");
// Missing where only what users get was installed: `npm ci --workspaces=false`.
const local = join(root, "node_modules", "aws-patterns-local");
if (!existsSync(installed) || !existsSync(local) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error("Installing the Node.js packages (npm ci) ...");
  const npm = spawnSync("npm", ["ci", "--include=dev"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (npm.error) fail(`npm could not be started (${npm.error.message}). It comes with Node.js; put it on PATH.`);
  if (npm.status !== 0)
    fail("npm ci failed, see above. Check the network or the npm registry setting, then run it again.");
}
