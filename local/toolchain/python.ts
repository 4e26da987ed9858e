import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EMULATORS } from "../folders";
import { ensureArtefact, type Artefact } from "./cache";
import { steps, telling, type Context } from "./context";
import { explainFailure, ToolchainError } from "./errors";
import { ask, findOnPath, run, type Variables } from "./run";
import { isAtLeast, MINIMUM_PYTHON } from "./versions";

/** What the local cloud's emulators need, pinned, dependencies included. */
export const requirementsFile = join(EMULATORS, "requirements.txt");

/** One Python of the machine. */
export interface PythonFound {
  /** Its own path, behind version managers' stand-ins and virtual environments. */
  readonly executable: string;
  /** "3.11.7" */
  readonly version: string;
  /** Whether it can make virtual environments; Debian splits that off. */
  readonly canMakeVenv: boolean;
}

const names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

const question = `
import importlib.util as u, json, platform, sys
print(json.dumps({
    "executable": getattr(sys, "_base_executable", sys.executable),
    "version": platform.python_version(),
    "canMakeVenv": all(u.find_spec(name) is not None for name in ("venv", "ensurepip")),
}))
`;

/** The Python to use among those found, in their order; throws the one line that says what is missing. */
export function choosePython(found: readonly PythonFound[]): PythonFound {
  const recent = found.filter((python) => isAtLeast(python.version, MINIMUM_PYTHON));
  const chosen = recent.find((python) => python.canMakeVenv);
  if (chosen) return chosen;
  if (recent[0]) {
    const minor = recent[0].version.split(".").slice(0, 2).join(".");
    throw new ToolchainError(
      `Python ${recent[0].version} (${recent[0].executable}) cannot make virtual environments: it lacks venv or ensurepip.`,
      `Install them (on Debian and Ubuntu: apt-get install python${minor}-venv), then run it again.`,
    );
  }
  const newest = found[0];
  throw new ToolchainError(
    newest
      ? `Python ${newest.version} (${newest.executable}) is too old: the local cloud needs ${MINIMUM_PYTHON} or newer.`
      : `There is no Python on PATH: the local cloud needs ${MINIMUM_PYTHON} or newer.`,
    "Install a current Python, as python3 on PATH, then run it again.",
  );
}

/** The python of a virtual environment that has what the emulators need. */
export async function ensurePython(context: Context, requirements: string = requirementsFile): Promise<string> {
  const python = choosePython(await findPythons(context.variables));
  const artefact = virtualEnvironment(python, await readFile(requirements, "utf8"), requirements, context);
  const folder = await ensureArtefact(artefact, context);
  context.onProgress(steps.python, `Python ${python.version}, packages from the cache`);
  return join(folder, "bin", "python");
}

async function findPythons(variables: Variables): Promise<PythonFound[]> {
  const found: PythonFound[] = [];
  for (const name of names) {
    const path = findOnPath(name, variables);
    const answer = path && (await ask(path, ["-I", "-c", question], variables));
    if (answer) found.push(JSON.parse(answer) as PythonFound);
    // The first one that will do is taken: no need to start the others.
    if (found.some((python) => python.canMakeVenv && isAtLeast(python.version, MINIMUM_PYTHON))) break;
  }
  return found;
}

/** The folder's name says all that the environment depends on: the very Python, and the pinned packages. */
export function environmentKey(python: PythonFound, pinned: string): string {
  const hash = createHash("sha256").update(`${python.executable}\n${pinned}`).digest("hex").slice(0, 16);
  return `python-${python.version}-${process.platform}-${process.arch}-${hash}`;
}

function virtualEnvironment(python: PythonFound, pinned: string, requirements: string, context: Context): Artefact {
  return {
    key: environmentKey(python, pinned),
    step: steps.python,
    title: "the Python packages",
    essential: ["bin/python", "pyvenv.cfg"],
    async build(folder, place) {
      const total = pinned.split("\n").filter((line) => /^\s*[A-Za-z0-9]/.test(line)).length;
      let collected = 0;
      const say = (text: string): void => context.onProgress(steps.python, text);
      const venv = ["-I", "-m", "venv", folder];
      await telling(
        (elapsed) => say(`making a virtual environment (${elapsed})`),
        runPython(python.executable, venv, "Making the Python virtual environment", folder, context),
      );
      const onLine = (line: string): void => void (line.startsWith("Collecting ") && (collected += 1));
      const pip = ["-I", "-m", "pip", "--no-input", "--disable-pip-version-check"];
      const own = join(folder, "bin", "python");
      // Without dependencies: the file pins them too, and pip check tells when it does not.
      const install = [...pip, "install", "--progress-bar", "off", "--no-deps", "-r", requirements];
      await telling(
        (elapsed) => say(`installing ${collected} of ${total} (${elapsed})`),
        runPython(own, install, "Installing the Python packages", folder, context, onLine),
      );
      await runPython(own, [...pip, "check"], `Checking ${requirements}`, folder, context);
      await renameInScripts(folder, place);
    },
  };
}

async function runPython(
  command: string,
  args: readonly string[],
  what: string,
  cwd: string,
  context: Context,
  onLine: (line: string) => void = () => undefined,
): Promise<void> {
  const variables = { ...context.variables, PIP_USER: "0" };
  const outcome = await run({ command, args, cwd, variables, signal: context.signal, onLine });
  if (!outcome.ok) throw explainFailure({ what, source: "the Python package index (pip config)" }, outcome.output);
}

/** Scripts of a virtual environment name their interpreter by its full path, which the renaming changes. */
async function renameInScripts(folder: string, place: string): Promise<void> {
  const scripts = (await readdir(join(folder, "bin"), { withFileTypes: true })).filter((entry) => entry.isFile());
  for (const path of [join(folder, "pyvenv.cfg"), ...scripts.map((entry) => join(folder, "bin", entry.name))]) {
    const text = await readFile(path, "latin1");
    if (text.includes(folder)) await writeFile(path, text.replaceAll(folder, place), "latin1");
  }
}
