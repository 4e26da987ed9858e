"""
Serves API operations with functions that take the request and return the response, both with the member names of the
API reference. All requests but those to S3 and SQS, whose own errors are better, are first held to their models.

`@operation` serves an operation in place of the emulator, `@before` looks at requests ahead of it, and `@around` gives
the context in which a service's requests run; what these raise as AwsError is the answer.
Follows: botocore's parsers, the other way round, for the protocols `ec2`, `query`, `json` and `rest-json`.
"""

import contextlib
import functools
import json
import re
from datetime import datetime, timezone
from xml.sax.saxutils import escape

import botocore.session

from ministack import app
from ministack.core.responses import error_response_json, get_account_id, new_uuid
from ministack.services import ses_v2

from .wire_checks import check, refused
from .wire_requests import AwsError, protocol_of, read, service_model, service_of

_UNCHECKED = {"s3", "sqs"}
_operations, _checks, _contexts = {}, {}, {}


def operation(service, name):
    """Serve an operation with the decorated function, in place of the emulator's own where it has one."""
    def bind(function):
        _operations[service, name] = function
        return function
    return bind


def before(service, *names):
    """Let the decorated function look at requests, of all operations unless some are named, ahead of their answer."""
    def bind(function):
        for name in names or [None]:
            _checks.setdefault((service, name), []).append(function)
        return function
    return bind


def around(service):
    """Run all requests to a service in the context manager that the decorated function makes of each."""
    def bind(function):
        _contexts[service] = function
        return function
    return bind


def timestamp(seconds):
    """Seconds since the epoch as the XML protocols write them."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _known(shape, value):
    """The members of a structure that go on the wire: (shape, name there, value); those with _ are the emulator's."""
    for name, entry in value.items():
        if entry is not None and not name.startswith("_"):
            member = shape.members[name]
            yield member, member.serialization.get("name", name), entry


def _to_xml(shape, value):
    kind = shape.type_name
    if kind == "structure":
        return "".join(f"<{tag}>{_to_xml(member, entry)}</{tag}>" for member, tag, entry in _known(shape, value))
    if kind == "list":
        tag = shape.member.serialization.get("name", "member")
        return "".join(f"<{tag}>{_to_xml(shape.member, entry)}</{tag}>" for entry in value)
    if kind == "boolean":
        return "true" if value else "false"
    return timestamp(value) if kind == "timestamp" and isinstance(value, (int, float)) else escape(str(value))


def _to_json(shape, value):
    if shape.type_name == "structure":
        return {name: _to_json(member, entry) for member, name, entry in _known(shape, value)}
    if shape.type_name == "list":
        return [_to_json(shape.member, entry) for entry in value]
    return value


def write_members(service, shape_name, value):
    """The members of a structure as XML, without an element around them; members that are None are left out."""
    return _to_xml(service_model(service).shape_for(shape_name), value)


def _xml(body, status=200):
    return status, {"Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()


def _answer(called, response):
    model, shape = called.service_model, called.output_shape
    protocol = protocol_of(model)
    if protocol not in ("ec2", "query"):
        body = _to_json(shape, response or {}) if shape else {}
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
    inner = _to_xml(shape, response or {}) if shape else ""
    if protocol == "ec2":
        body = f"{inner}<requestId>{new_uuid()}</requestId>"
    else:
        wrapper = shape and shape.serialization.get("resultWrapper")
        result = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else ""
        body = f"{result}<ResponseMetadata><RequestId>{new_uuid()}</RequestId></ResponseMetadata>"
    return _xml(f'<{called.name}Response xmlns="{model.metadata["xmlNamespace"]}">{body}</{called.name}Response>')


def _refuse(model, error, headers):
    shape, protocol = model.shape_for_error_code(error.code), protocol_of(model)
    metadata, members = (shape.metadata, shape.members) if shape else ({}, {})
    status = error.status or metadata.get("error", {}).get("httpStatusCode", 400)
    if "x-amz-target" in headers or protocol == "rest-json":
        # Services spell the member that holds an error's message one way or the other.
        key = "Message" if "Message" in members else "message"
        return error_response_json(error.code, error.message, status, error.members, message_key=key)
    fault = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
    if protocol == "ec2":
        return _xml(f"<Response><Errors><Error>{fault}</Error></Errors><RequestID>{new_uuid()}</RequestID></Response>",
                    status)
    namespace = model.metadata.get("xmlNamespace", "")
    return _xml(f'<ErrorResponse xmlns="{namespace}"><Error><Type>Sender</Type>{fault}</Error>'
                f"<RequestId>{new_uuid()}</RequestId></ErrorResponse>", status)


def request_of(service, *call):
    """The request of a call, or None where no model has it or it does not fit."""
    try:
        request = read(service, *call)
        if request is not None:
            check(request)
        return request
    except AwsError:
        # The call itself will say what is wrong with it.
        return None


def serve(service, handler):
    """A handler of the emulator's for a service, behind what the extensions declare."""
    async def handle(method, path, headers, body, query_params):
        params = app._routing_params(method, path, headers, body, query_params)
        try:
            request = read(service, method, path, headers, body, params)
            if request is None:
                return await handler(method, path, headers, body, query_params)
            check(request)
            called, name = request.operation, service_of(service, path)
            with _contexts.get(name, contextlib.nullcontext)(request):
                for look in (*_checks.get((name, None), ()), *_checks.get((name, called.name), ())):
                    look(request)
                function = _operations.get((name, called.name))
                if function is None:
                    return await handler(method, path, headers, body, query_params)
                if request.pop("DryRun", False):
                    raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
                return _answer(called, function(request))
        except AwsError as error:
            return _refuse(service_model(service_of(service, path)), error, headers)
    return handle


@functools.lru_cache
def _paginators(service):
    return botocore.session.get_session().get_paginator_model(service)


# Where botocore has no paginator.
_PAGED = {"DescribeInstanceRefreshes": ("MaxRecords", "InstanceRefreshes"),
          "ListEmailIdentities": ("PageSize", "EmailIdentities")}


def _paging(called):
    if called.name in _PAGED:
        limit, result = _PAGED[called.name]
        return {"input_token": "NextToken", "output_token": "NextToken", "limit_key": limit, "result_key": result}
    return _paginators(called.service_model.service_name).get_paginator(called.name)


def page(request, items, size, view=None):
    """
    The response with one page of a listing, of `size` unless the request says otherwise, by botocore's paginators.
    `view` makes the members of the response from the items on the page.
    """
    called = request.operation
    named, prefix = _paging(called), f"page-{get_account_id()}-"
    token = request.get(named["input_token"])
    if token and not re.fullmatch(rf"{prefix}\d+", token):
        codes = [shape.error_code for shape in called.error_shapes if "InvalidNextToken" in shape.error_code]
        message = f"The pagination token is invalid: {token}"
        raise AwsError(codes[0], message) if codes else refused(called, message)
    start = int(token.removeprefix(prefix)) if token else 0
    end = start + (request.get(named["limit_key"]) or size)
    shown, more = items[start:end], end < len(items)
    response = {named["result_key"]: view(shown) if view else shown,
                named["output_token"]: f"{prefix}{end}" if more else None}
    return {**response, named["more_results"]: more} if "more_results" in named else response


def install():
    for service, handler in app.SERVICE_HANDLERS.items():
        if service not in _UNCHECKED:
            app.SERVICE_HANDLERS[service] = serve(service, handler)
    ses_v2.handle_request = serve("ses", ses_v2.handle_request)
