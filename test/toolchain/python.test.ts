import * as assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { choosePython, ensurePython, environmentKey } from "../../local/toolchain/python";
import { fakePython, withMachine } from "./fakes";

const python = (version: string, canMakeVenv = true) => ({ executable: `/usr/bin/${version}`, version, canMakeVenv });

describe("the Python of the local cloud", () => {
  it("is the first on PATH that is recent enough and can make virtual environments", () => {
    const found = [python("3.9.18"), python("3.12.1", false), python("3.11.7"), python("3.13.0")];
    assert.equal(choosePython(found).version, "3.11.7");
    assert.equal(choosePython([python("3.10.0")]).version, "3.10.0");
  });

  it("is missed in one line that says what to install", () => {
    assert.throws(() => choosePython([]), /^ToolchainError: There is no Python on PATH: .* needs 3\.10\.0 or newer\./);
    assert.throws(() => choosePython([python("3.9.18"), python("2.7.18")]), {
      message:
        "Python 3.9.18 (/usr/bin/3.9.18) is too old: the local cloud needs 3.10.0 or newer. " +
        "Install a current Python, as python3 on PATH, then run it again.",
    });
    assert.throws(() => choosePython([python("3.9.18"), python("3.11.2", false)]), {
      message:
        "Python 3.11.2 (/usr/bin/3.11.2) cannot make virtual environments: it lacks venv or ensurepip. " +
        "Install them (on Debian and Ubuntu: apt-get install python3.11-venv), then run it again.",
    });
  });

  it("has its packages kept under a key of its version, its path and what is pinned", () => {
    const key = environmentKey(python("3.11.7"), "six==1.17.0");
    assert.ok(key.startsWith(`python-3.11.7-${process.platform}-${process.arch}-`));
    assert.equal(environmentKey(python("3.11.7"), "six==1.17.0"), key);
    assert.notEqual(environmentKey(python("3.11.7"), "six==1.17.1"), key);
    assert.notEqual(environmentKey({ ...python("3.11.7"), executable: "/opt/python" }, "six==1.17.0"), key);
    assert.notEqual(environmentKey(python("3.11.8"), "six==1.17.0"), key);
  });
});

describe("the Python packages", () => {
  const machine = withMachine();

  function requirements(text = "# pinned\nsix==1.17.0\n"): string {
    const path = join(machine().folder, "requirements.txt");
    writeFileSync(path, text);
    return path;
  }

  it("are installed into a virtual environment that works where it ends up", async () => {
    machine().executable("python3", fakePython("3.9.1"));
    machine().executable("python3.12", fakePython("3.12.1"));
    const found = await ensurePython(machine().context, requirements());
    const folder = dirname(dirname(found));
    assert.ok(folder.startsWith(join(machine().cache, "python-3.12.1-")));
    assert.equal(readFileSync(join(folder, "bin", "ministack"), "utf8"), `#!${folder}/bin/python\n`);
    assert.equal(readFileSync(join(folder, "pyvenv.cfg"), "utf8"), `command = ${folder}\n`);
    const said = machine().said.join("\n");
    assert.match(said, /^Python packages: making a virtual environment \(0 s\)$/m);
    assert.match(said, /^Python packages: installing 0 of 1 \(0 s\)$/m);
    assert.match(said, /Python 3\.12\.1, packages from the cache$/);
  });

  it("are installed once, and again when other ones are pinned", async () => {
    const log = join(machine().folder, "log");
    machine().executable("python3", fakePython("3.12.1", true, `echo installed >> ${log}`));
    const first = await ensurePython(machine().context, requirements());
    assert.equal(await ensurePython(machine().context, requirements()), first);
    assert.notEqual(await ensurePython(machine().context, requirements("six==1.16.0\n")), first);
    assert.equal(readFileSync(log, "utf8"), "installed\ninstalled\n");
  });

  it("say that the package index cannot be reached, and leave nothing half installed", async () => {
    const pip = "echo 'Retrying after NewConnectionError'; echo 'ERROR: No matching distribution'; exit 1";
    machine().executable("python3", fakePython("3.12.1", true, pip));
    await assert.rejects(
      ensurePython(machine().context, requirements()),
      /Installing the Python packages failed: the Python package index \(pip config\) cannot be reached/,
    );
    assert.deepEqual(readdirSync(machine().cache), []);
  });

  it("need no Python to say that there is none", async () => {
    await assert.rejects(ensurePython(machine().context, requirements()), /There is no Python on PATH/);
  });
});
