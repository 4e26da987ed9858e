"""
Adds: what a function could not work off, invoked asynchronously, goes to its failure destination or dead-letter queue
only when the function's role may send it there, which is what AWS does it with. An error of a function has the type
that the function gave it, by which state machines match errors, and its trace.
Follows: Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations", "Adding a dead-letter queue",
"Understanding function errors in Node.js" and "… in Python".
Delete when: the emulator checks the role, and reports types of errors.
"""

import logging

from ministack.core import lambda_runtime
from ministack.core.arn import ArnParseError, parse_arn
from ministack.services import lambda_svc

from .permissions import role_problem

logger = logging.getLogger("aws-patterns")

_ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction",
            "events": "events:PutEvents", "s3": "s3:PutObject"}


def _problem(target_arn, function_name):
    try:
        action = _ACTIONS.get(parse_arn(target_arn).service)
    except ArnParseError:
        return f"{target_arn} is no ARN"
    config = (lambda_svc._functions.get(function_name) or {}).get("config") or {}
    return role_problem(config.get("Role"), "lambda.amazonaws.com", action, target_arn) if action else None


class _Error(str):
    """The message of a function's error, with its type and trace."""

    kind = "Error"
    trace = ()


# What the workers print of an error, and what they print besides it.
_PRINTED = {
    "_NODEJS_WORKER_SCRIPT": (
        'trace: err.stack || ""',
        'trace: err.stack || "", type: err instanceof Error ? err.name : typeof err'),
    "_PYTHON_WORKER_SCRIPT": ('"trace": traceback.format_exc()', '"trace": traceback.format_exc(), "type": type(e).__name__'),
}


def _install_types():
    for script, (old, new) in _PRINTED.items():
        text = getattr(lambda_runtime, script)
        assert old in text, f"{script} of the emulator has changed"
        setattr(lambda_runtime, script, text.replace(old, new))
    invoke, execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm

    def invoke_keeping_type(self, *args, **options):
        result = invoke(self, *args, **options)
        if "type" in result:
            error = _Error(result["error"])
            error.kind, error.trace = result["type"], result.get("trace", "").splitlines()
            result["error"] = error
        return result

    def execute_with_type(*args, **options):
        answer = execute(*args, **options)
        message = answer["body"].get("errorMessage") if answer.get("error") else None
        if isinstance(message, _Error):
            body = {"errorType": message.kind, "errorMessage": str(message), "trace": list(message.trace)}
            return {**answer, "body": body}
        return answer

    lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm = invoke_keeping_type, execute_with_type


def install():
    _install_types()
    route = lambda_svc._route_async_failure

    def route_if_allowed(target_arn, function_name, event, result):
        problem = _problem(target_arn, function_name)
        if problem:
            logger.warning("lost: the failed event of %s: %s", function_name, problem)
            return
        route(target_arn, function_name, event, result)

    lambda_svc._route_async_failure = route_if_allowed
