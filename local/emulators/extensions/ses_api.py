"""
Serves operations of the Amazon SES API v2, a REST API, with functions that take the request and return the response;
what no function is declared for is the emulator's own. The parts are extensions of their own that declare operations
here: ses_identities, ses_account, ses_sending, ses_events.
Follows: Amazon SES API v2 Reference, whose requests are checked against botocore's model.
Delete when: none of those extensions is left.
"""

import json
import re

from ministack.services import ses_v2

from .awsjson import JsonService
from .awsmodel import AwsError, service_model

SERVICE = JsonService("sesv2", {}, "BadRequestException")
# (method, expression of the path, name, function that looks at the request first or None)
_ROUTES = []


def invalid(message):
    return AwsError("BadRequestException", message)


def missing(message):
    return AwsError("NotFoundException", message, 404)


def _route(name, check=None):
    http = service_model("sesv2")["operations"][name]["http"]
    path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", http["requestUri"])
    _ROUTES.append((http["method"], re.compile(path), name, check))


def operation(name):
    """Serve an operation with the decorated function, in place of the emulator's own."""
    def bind(function):
        _route(name)
        return SERVICE.operation(name)(function)
    return bind


def before(name):
    """Let the decorated function look at a request ahead of the emulator's own; what it raises is the answer."""
    def bind(function):
        _route(name, function)
        return function
    return bind


def _json(body):
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        raise AwsError("SerializationException", "The request is no JSON document.") from None
    return document if isinstance(document, dict) else {}


def request_of(name, method, path, body):
    """The request of an operation, or None when the call is of another one."""
    for route_method, pattern, route_name, _check in _ROUTES:
        match = pattern.fullmatch(path.rstrip("/"))
        if route_name == name and route_method == method and match:
            return {**_json(body), **match.groupdict()}
    return None


def _answer(method, path, body):
    """The answer of a function that is declared here, or None to let the emulator answer."""
    for route_method, pattern, name, check in _ROUTES:
        match = pattern.fullmatch(path.rstrip("/"))
        if route_method != method or not match:
            continue
        try:
            request = {**_json(body), **match.groupdict()}
            if check is None:
                return SERVICE.operations[name](request)
            check(SERVICE.check(name, request))
        except AwsError as error:
            return SERVICE.refuse(error)
    return None


def install():
    standard = ses_v2.handle_request

    async def handle_request(method, path, headers, body, query_params):
        answer = _answer(method, path, body)
        return answer if answer else await standard(method, path, headers, body, query_params)

    ses_v2.handle_request = handle_request
