"""
Reads and writes the EC2 and Query protocols from the service models that ship with botocore.

An extension declares `@operation("ec2", "CreateCarrierGateway")` on a function that takes the request and returns the
response, both with the member names of the API reference; this module parses the parameters (an unknown one is refused,
as AWS does), answers DryRun, and turns the returned value into the XML that the SDKs expect.
Follows: botocore's `ec2` and `query` serializers; EC2 API Reference, "Common client error codes".
"""

import functools
import gzip
import importlib
import json
import os
from datetime import datetime, timezone
from xml.sax.saxutils import escape

import botocore

from ministack.core.responses import new_uuid

_VERSIONS = {"ec2": "2016-11-15", "autoscaling": "2011-01-01", "iam": "2010-05-08", "organizations": "2016-11-28",
             "budgets": "2016-10-20", "ce": "2017-10-25", "sesv2": "2019-09-27"}
# Where the emulator keeps the table of a service's operations, if not in _ACTION_MAP.
_TABLES = {"iam": "_IAM_HANDLERS"}
_COMMON_PARAMETERS = {"Action", "Version"}


class AwsError(Exception):
    """An error that the caller of the API sees: the code and message of the API reference."""

    def __init__(self, code, message, status=400):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@functools.lru_cache
def service_model(service):
    """The service's model as botocore ships it."""
    path = os.path.join(os.path.dirname(botocore.__file__), "data", service, _VERSIONS[service], "service-2.json.gz")
    with gzip.open(path) as file:
        return json.load(file)


def shape_members(service, shape_name):
    """The names of a structure's members."""
    return list(service_model(service)["shapes"][shape_name]["members"])


def _is_ec2(service):
    return service == "ec2"


def _request_name(service, name, member):
    """The name of a structure's member in a request."""
    if not _is_ec2(service):
        return member.get("locationName", name)
    if "queryName" in member:
        return member["queryName"]
    location = member.get("locationName")
    return location[0].upper() + location[1:] if location else name


def _nest(params):
    """{"Filter.1.Name": ["x"]} -> {"Filter": {"1": {"Name": "x"}}}"""
    tree = {}
    for key, value in params.items():
        if key in _COMMON_PARAMETERS:
            continue
        value = value[0] if isinstance(value, list) else value
        node = tree
        *parents, leaf = key.split(".")
        for part in parents:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise AwsError("InvalidParameterValue", f"The parameter {key} has both a value and members")
        node[leaf] = value
    return tree


def _read_scalar(kind, value, path):
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[value.lower()]
        if kind in ("integer", "long"):
            return int(value)
        if kind in ("float", "double"):
            return float(value)
    except (KeyError, ValueError, AttributeError):
        raise AwsError("InvalidParameterValue", f"Value ({value}) for parameter {path} is invalid.") from None
    return value


def _read(service, shape_name, node, path):
    shape = service_model(service)["shapes"][shape_name]
    kind = shape["type"]
    if kind == "structure":
        return _read_structure(service, shape, node, path)
    if kind == "list":
        if not _is_ec2(service) and isinstance(node, dict):
            node = node.get("member", {})
        if not isinstance(node, dict):
            # An empty list is sent as a bare name with an empty value.
            return []
        item = shape["member"]["shape"]
        return [_read(service, item, node[key], f"{path}.{key}") for key in sorted(node, key=int)]
    return _read_scalar(kind, node, path)


def _read_structure(service, shape, node, path):
    if not isinstance(node, dict):
        raise AwsError("InvalidParameterValue", f"Value ({node}) for parameter {path} is invalid.")
    rest = dict(node)
    result = {}
    for name, member in shape.get("members", {}).items():
        wire = _request_name(service, name, member)
        if wire in rest:
            result[name] = _read(service, member["shape"], rest.pop(wire), f"{path}.{wire}" if path else wire)
    for unknown in rest:
        raise AwsError("UnknownParameter", f"The parameter {path + '.' if path else ''}{unknown} is not recognized")
    return result


def read_members(service, shape_name, params, prefix=""):
    """Parse the parameters under a prefix as a structure of the model."""
    tree = _nest(params)
    for part in filter(None, prefix.split(".")):
        tree = tree.get(part, {})
    return _read(service, shape_name, tree, prefix)


def read_request(service, name, params):
    """Parse a whole request; a required member that is missing is refused."""
    shape_name = service_model(service)["operations"][name]["input"]["shape"]
    request = _read(service, shape_name, _nest(params), "")
    shape = service_model(service)["shapes"][shape_name]
    for required in shape.get("required", []):
        if required not in request:
            wire = _request_name(service, required, shape["members"][required])
            if _is_ec2(service):
                raise AwsError("MissingParameter", f"The request must contain the parameter {wire}")
            where = wire[0].lower() + wire[1:]
            raise AwsError("ValidationError", f"1 validation error detected: Value null at '{where}' failed to "
                           "satisfy constraint: Member must not be null")
    return request


def timestamp(seconds):
    """Seconds since the epoch as the APIs write them."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write(service, shape_name, value):
    shape = service_model(service)["shapes"][shape_name]
    kind = shape["type"]
    if kind == "structure":
        return write_members(service, shape_name, value)
    if kind == "list":
        tag = shape["member"].get("locationName", "member")
        item = shape["member"]["shape"]
        return "".join(f"<{tag}>{_write(service, item, entry)}</{tag}>" for entry in value)
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp" and isinstance(value, (int, float)):
        return timestamp(value)
    return escape(str(value))


def write_members(service, shape_name, value):
    """The members of a structure as XML, without an element around them; members that are None are left out."""
    members = service_model(service)["shapes"][shape_name].get("members", {})
    parts = []
    for name, entry in value.items():
        if entry is None:
            continue
        tag = members[name].get("locationName", name)
        parts.append(f"<{tag}>{_write(service, members[name]['shape'], entry)}</{tag}>")
    return "".join(parts)


def _respond(service, name, response):
    definition = service_model(service)["operations"][name].get("output")
    inner = write_members(service, definition["shape"], response or {}) if definition else ""
    namespace = service_model(service)["metadata"]["xmlNamespace"]
    if _is_ec2(service):
        body = f"{inner}<requestId>{new_uuid()}</requestId>"
    else:
        wrapper = definition.get("resultWrapper") if definition else None
        result = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else ""
        body = f"{result}<ResponseMetadata><RequestId>{new_uuid()}</RequestId></ResponseMetadata>"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Response xmlns="{namespace}">{body}</{name}Response>'
    return 200, {"Content-Type": "text/xml"}, xml.encode()


def _refuse(service, error):
    message = escape(error.message)
    if _is_ec2(service):
        xml = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{error.code}</Code>'
               f"<Message>{message}</Message></Error></Errors><RequestID>{new_uuid()}</RequestID></Response>")
    else:
        xml = (f'<ErrorResponse xmlns="{service_model(service)["metadata"]["xmlNamespace"]}"><Error><Type>Sender</Type>'
               f"<Code>{error.code}</Code><Message>{message}</Message></Error>"
               f"<RequestId>{new_uuid()}</RequestId></ErrorResponse>")
    return error.status, {"Content-Type": "text/xml"}, xml.encode()


def checked(service, handler):
    """Let a handler of the emulator's own form raise AwsError."""
    @functools.wraps(handler)
    def run(params):
        try:
            return handler(params)
        except AwsError as error:
            return _refuse(service, error)
    return run


def operation(service, name):
    """Serve an API operation with the decorated function, in place of the emulator's own where it has one."""
    module = importlib.import_module(f"ministack.services.{service}")
    actions = getattr(module, _TABLES.get(service, "_ACTION_MAP"))

    def bind(function):
        def handler(params):
            request = read_request(service, name, params)
            if request.pop("DryRun", False):
                raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
            return _respond(service, name, function(request))
        actions[name] = checked(service, handler)
        return function
    return bind


def page(items, request, size_member, default_size, minimum=1):
    """One page of a listing: (items, token of the next page or None)."""
    token = request.get("NextToken")
    try:
        start = int(token.removeprefix("page-")) if token else 0
    except ValueError:
        raise AwsError("InvalidParameterValue", f"Value ({token}) for parameter NextToken is invalid.") from None
    size = request.get(size_member, default_size)
    if size < minimum:
        raise AwsError("InvalidParameterValue", f"Value ( {size} ) for parameter {size_member} is invalid. "
                       f"Expecting a value of at least {minimum}.")
    end = start + size
    return items[start:end], f"page-{end}" if end < len(items) else None
