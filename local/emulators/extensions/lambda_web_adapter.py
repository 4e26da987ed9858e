"""
Adds: AWS Lambda Web Adapter. A function with its layer and AWS_LAMBDA_EXEC_WRAPPER=/opt/bootstrap starts its handler, a
program of the package, waits until that is ready, and makes HTTP requests of events and results of the answers. Links
of the package are links; one to /tmp leads to a folder of this package, and each environment has a port of its own, as
all of them share the machine's here. Packages hold sharp for Lambda's arm64: other machines find their own in the first
folder of AWS_PATTERNS_SHARP that is there, an application's node_modules/@img.
Follows: the adapter's documents, "How it works" and "Configuration"; API Gateway Developer Guide, "Create AWS Lambda
proxy integrations for HTTP APIs" (payload format 2.0). Other payloads, response streaming and compression are refused.
Delete when: the emulator runs layers.
"""

import base64
import http.client
import json
import os
import re
import stat
import sys
import time

_START = f"""#!/bin/sh
"{sys.executable}" "{os.path.abspath(__file__)}" &
exec "$LAMBDA_TASK_ROOT/$_HANDLER"
"""
_REFUSED = {"AWS_LWA_INVOKE_MODE": "buffered", "AWS_LWA_ENABLE_COMPRESSION": "false"}
_TEXT = re.compile(r"^(text/|application/(json|javascript|xml|xhtml\+xml|.*\+json|.*\+xml)|image/svg\+xml)", re.I)


def _ask(address, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(address)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read()


def _until_ready(app):
    path = os.environ.get("AWS_LWA_READINESS_CHECK_PATH", "/")
    while True:
        try:
            if _ask(app, "GET", path)[0].status < 500:
                return
        except OSError:
            pass
        time.sleep(0.01)


def _sent(event):
    """The request of an event."""
    if event.get("version") != "2.0":
        raise ValueError("the local cloud's web adapter takes payload format 2.0 only")
    headers = dict(event.get("headers", {}))
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    headers["x-amzn-request-context"] = json.dumps(event["requestContext"])
    body = event.get("body") or ""
    body = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    # What came in parts is whole here.
    headers = {name: value for name, value in headers.items()
               if name.lower() not in ("connection", "content-length", "transfer-encoding")}
    if body:
        headers["content-length"] = str(len(body))
    path = event["rawPath"] + (f"?{event['rawQueryString']}" if event.get("rawQueryString") else "")
    return event["requestContext"]["http"]["method"], path, body or None, headers


def _result(answer, body):
    headers, cookies = {}, []
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie":
            cookies.append(value)
        elif name.lower() not in ("connection", "keep-alive", "transfer-encoding"):
            headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    is_text = _TEXT.match(headers.get("content-type", "")) and "content-encoding" not in headers
    return {"statusCode": answer.status, "headers": headers, "cookies": cookies, "isBase64Encoded": not is_text,
            "body": body.decode() if is_text else base64.b64encode(body).decode()}


def _run():
    """The adapter's process: it ends when the runtime API does."""
    api, app = os.environ["AWS_LAMBDA_RUNTIME_API"], f"127.0.0.1:{os.environ['AWS_LWA_PORT']}"
    _until_ready(app)
    while True:
        answer, event = _ask(api, "GET", "/2018-06-01/runtime/invocation/next")
        if answer.status != 200:
            return
        at = f"/2018-06-01/runtime/invocation/{answer.headers['Lambda-Runtime-Aws-Request-Id']}"
        try:
            _ask(api, "POST", f"{at}/response", json.dumps(_result(*_ask(app, *_sent(json.loads(event))))))
        except (OSError, ValueError, http.client.HTTPException) as error:
            _ask(api, "POST", f"{at}/error", json.dumps({"errorMessage": str(error), "errorType": "WebAdapter"}))


def install():
    import io
    import socket
    import zipfile

    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    def runs(config):
        layers = [layer.get("Arn", "") for layer in config.get("Layers") or []]
        variables = config.get("Environment", {}).get("Variables", {})
        return any(":layer:LambdaAdapterLayer" in arn for arn in layers) and \
            variables.get("AWS_LAMBDA_EXEC_WRAPPER") == "/opt/bootstrap"

    def make_links(code_zip, folder):
        with zipfile.ZipFile(io.BytesIO(code_zip)) as package:
            for entry in package.infolist():
                if not stat.S_ISLNK(entry.external_attr >> 16):
                    continue
                target = package.read(entry).decode()
                path = os.path.join(folder, entry.filename)
                os.remove(path)
                os.symlink(f"{folder}-tmp{target.removeprefix('/tmp')}" if target.startswith("/tmp/") else target, path)

    def make_own_sharp(modules):
        own = next(filter(os.path.isdir, os.environ.get("AWS_PATTERNS_SHARP", "").split(os.pathsep)), None)
        os.makedirs(modules, exist_ok=True)
        if own:
            os.symlink(own, os.path.join(modules, "@img"))

    class AdapterWorker(lambda_runtime.ProvidedWorker):
        def _spawn(self, init_timeout=None):
            folder = lambda_svc._provided_runtime_code_dir(self.code_zip)
            bootstrap = os.path.join(folder, "bootstrap")
            with lambda_svc._provided_code_lock:
                if not os.path.exists(bootstrap):
                    make_links(self.code_zip, folder)
                    with open(bootstrap, "w", encoding="utf-8") as file:
                        file.write(_START)
                    os.chmod(bootstrap, 0o755)
                    make_own_sharp(f"{folder}-modules")
            super()._spawn(init_timeout)

    class_for, environment, warm = (
        lambda_runtime._worker_class_for, lambda_svc._provided_worker_env, lambda_svc._execute_function_warm)

    def environment_with_port(config, folder, port):
        variables = environment(config, folder, port)
        if runs(config):
            for name, only in _REFUSED.items():
                if variables.get(name, only).lower() != only:
                    raise RuntimeError(f"the local cloud's web adapter knows {name}={only} only")
            # Where Node.js looks last.
            variables["NODE_PATH"] = f"{folder}-modules"
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                variables["PORT"] = variables["AWS_LWA_PORT"] = str(free.getsockname()[1])
        return variables

    def execute(func, event, request_id):
        how = lambda_svc._execute_function_provided_warm if runs(func.get("config") or func) else warm
        return how(func, event, request_id)

    lambda_runtime._worker_class_for = lambda config: AdapterWorker if runs(config) else class_for(config)
    lambda_svc._provided_worker_env = environment_with_port
    lambda_svc._execute_function_warm = execute


if __name__ == "__main__":
    try:
        _run()
    except OSError:
        # The runtime API is gone, and with it the environment.
        pass
