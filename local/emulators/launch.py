"""
Starts the local cloud's emulator: ministack, with the extensions beside this file in the same process, so that its IAM
enforcement covers them.

It listens on 127.0.0.1 only, on GATEWAY_PORT, and it ends when its standard input ends: the process that starts it
holds the other end of a pipe, which closes even when that process is killed. Then the whole process group goes, Lambda
workers included, and so does the folder AWS_PATTERNS_WORK_DIRECTORY names.
"""

import os
import subprocess
import sys
import threading

# What outlives the group that it ends: itself in a session of its own, for a moment.
_SWEEP = """
import os, shutil, signal, sys, time
try:
    os.killpg(int(sys.argv[1]), signal.SIGKILL)
except ProcessLookupError:
    pass
time.sleep(0.2)
if sys.argv[2]:
    shutil.rmtree(sys.argv[2], ignore_errors=True)
"""


def _end_with_parent():
    def watch():
        while os.read(0, 4096):
            pass
        folder = os.environ.get("AWS_PATTERNS_WORK_DIRECTORY", "")
        subprocess.Popen([sys.executable, "-I", "-c", _SWEEP, str(os.getpgrp()), folder], start_new_session=True,
                         stdin=subprocess.DEVNULL, cwd="/")

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


def main():
    if os.getpgrp() != os.getpid():
        os.setpgrp()
    _end_with_parent()
    os.environ["BIND_HOST"] = "127.0.0.1"
    defaults = {"AUTH": "true", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "LOG_LEVEL": "INFO"}
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("GATEWAY_PORT"):
        sys.exit("GATEWAY_PORT must name the port to listen on.")

    # Only now: the emulator reads its settings when it is imported.
    import extensions
    from ministack import app

    extensions.install()
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
