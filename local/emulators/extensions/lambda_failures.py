"""
Adds: what a function could not work off, invoked asynchronously, goes to its failure destination or dead-letter queue
only when the function's role may send it there, which is what AWS does it with.
Follows: Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations", "Adding a dead-letter queue".
Delete when: the emulator checks the role.
"""

import logging

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


def install():
    route = lambda_svc._route_async_failure

    def route_if_allowed(target_arn, function_name, event, result):
        problem = _problem(target_arn, function_name)
        if problem:
            logger.warning("lost: the failed event of %s: %s", function_name, problem)
            return
        route(target_arn, function_name, event, result)

    lambda_svc._route_async_failure = route_if_allowed
