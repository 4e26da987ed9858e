"""
Adds: functions in Java, run by AWS's own runtime interface client on the machine's JDK, as many processes as there are
environments. A version with SnapStart is initialized when it is published: its hooks before the checkpoint run then,
those after the restore with the first invocation. No snapshot is taken: every further environment initializes itself.
Follows: Lambda Developer Guide, "Building Lambda functions with Java", "Lambda SnapStart runtime hooks for Java" and
"Building a custom runtime"; the client's requests to /runtime/restore/next.
Needs AWS_PATTERNS_LAMBDA_JAVA, the folder with the client's JARs; until it is there Java is what it is in the emulator.
Delete when: the emulator runs Java without Docker.
"""

import logging
import os
import platform
import time

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

logger = logging.getLogger("aws-patterns")

_CLIENT = os.environ.get("AWS_PATTERNS_LAMBDA_JAVA", "")

# Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle": or the timeout, where it is longer.
_SECONDS_BEFORE_SNAPSHOT = 130

_PACKAGE = "com.amazonaws.services.lambda.runtime.api.client"
# What the managed runtime starts, with the options that it gives.
_NATIVE = "aarch_64" if platform.machine() == "aarch64" else "x86_64"
_BOOTSTRAP = f"""#!/bin/sh
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true \\
  -Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac \\
  -D{_PACKAGE}.runtimeapi.NativeClient.JNI="$AWS_PATTERNS_LAMBDA_JAVA/jni/libaws-lambda-jni.linux-{_NATIVE}.so" \\
  -cp "$LAMBDA_TASK_ROOT:$LAMBDA_TASK_ROOT/lib/*:$AWS_PATTERNS_LAMBDA_JAVA/*" \\
  {_PACKAGE}.AWSLambda "$_HANDLER"
"""


def runs(config):
    return os.path.isdir(_CLIENT) and str(config.get("Runtime", "")).startswith("java")


def takes_snapshot(config):
    return (config.get("SnapStart") or {}).get("OptimizationStatus") == "On"


class JavaWorker(lambda_runtime.ProvidedWorker):
    """An environment whose process asks for its restore before its first invocation."""

    def _spawn(self, init_timeout=None):
        folder = lambda_svc._provided_runtime_code_dir(self.code_zip)
        bootstrap = os.path.join(folder, "bootstrap")
        with lambda_svc._provided_code_lock:
            if not os.path.exists(bootstrap):
                with open(bootstrap, "w", encoding="utf-8") as file:
                    file.write(_BOOTSTRAP)
                os.chmod(bootstrap, 0o755)
        super()._spawn(init_timeout)

    def _await_init(self, init_timeout=None):
        if takes_snapshot(self.config):
            # The ten seconds of other functions do not count before a snapshot.
            init_timeout = max(_SECONDS_BEFORE_SNAPSHOT, self.config.get("Timeout", 3))
        try:
            super()._await_init(init_timeout)
        except RuntimeError as error:
            # Lambda's reason says no more than the client; the log does.
            logger.warning("%s was not initialized: %s%s", self.func_name, error, self._init_log_suffix())
            raise

    def _build_handler_class(self, generation, pending):
        worker, standard = self, super()._build_handler_class(generation, pending)

        class Handler(standard):
            def do_GET(self):
                if "/runtime/restore/next" not in self.path:
                    return super().do_GET()
                # Here AWS takes the snapshot; what comes next happens in an environment that was restored from it.
                if not worker._mark_first_poll(generation):
                    return self._stopped()
                while pending.empty():
                    if worker._stopping or generation != worker._generation:
                        return self._stopped()
                    time.sleep(0.01)
                return self._respond(200)

            def do_POST(self):
                if "/runtime/restore/error" in self.path:
                    worker._record_init_error(generation, self._read_body().decode("utf-8", errors="replace"))
                    return self._respond(202)
                return super().do_POST()

        return Handler


def install():
    class_for, environment, docker = (
        lambda_runtime._worker_class_for, lambda_svc._provided_worker_env, lambda_svc._execute_function_docker)

    def environment_with_start(config, folder, port):
        variables = environment(config, folder, port)
        if runs(config):
            variables["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"
        if runs(config) and takes_snapshot(config):
            variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"
        return variables

    def execute(func, event, request_id):
        how = lambda_svc._execute_function_provided_warm if runs(func.get("config") or func) else docker
        return how(func, event, request_id)

    lambda_runtime._worker_class_for = lambda config: JavaWorker if runs(config) else class_for(config)
    lambda_svc._provided_worker_env = environment_with_start
    lambda_svc._execute_function_docker = execute
