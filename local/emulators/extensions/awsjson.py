"""
Checks requests and writes answers of the JSON protocol from the service models that ship with botocore.

An extension makes one `JsonService` and declares `@SERVICE.operation("CreateBudget")` on a function that takes the
request and returns the response, both with the member names of the API reference. Before the function runs, the request
is held against the model: required members, kinds, lengths, ranges, patterns and enumerations.
Follows: botocore's `json` serializer; the constraint messages of AWS's own model validation.
"""

import functools
import json
import re

from ministack.core.responses import error_response_json, get_account_id

from .awsmodel import AwsError, service_model

_KINDS = {"string": str, "blob": str, "integer": int, "long": int, "float": (int, float), "double": (int, float),
          "boolean": bool, "list": list, "map": dict, "structure": dict, "timestamp": (int, float, str)}


class JsonError(AwsError):
    """An error with further members, such as the Reason of a ConstraintViolationException."""

    def __init__(self, code, message, status=400, **members):
        super().__init__(code, message, status)
        self.members = members


def _constraint(value, path, rule):
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: Member must {rule}"


def _member_path(path, name):
    name = name[0].lower() + name[1:]
    return f"{path}.{name}" if path else name


def _size_faults(shape, value, path, what):
    size = value if what == "value" else len(value)
    if "min" in shape and size < shape["min"]:
        yield _constraint(value, path, f"have {what} greater than or equal to {shape['min']}")
    if "max" in shape and size > shape["max"]:
        yield _constraint(value, path, f"have {what} less than or equal to {shape['max']}")


@functools.lru_cache
def _expression(pattern):
    """A pattern of the models, which are written for Java, in Python's notation."""
    flags = re.IGNORECASE if "(?i)" in pattern else 0
    for java, python in (("(?i)", ""), (r"\p{Z}-_", r"\s\-_"), (r"\p{L}", r"\w"), (r"\p{N}", r"\d"), (r"\p{Z}", r"\s")):
        pattern = pattern.replace(java, python)
    return re.compile(pattern, flags)


def _text_faults(shape, value, path):
    yield from _size_faults(shape, value, path, "length")
    if "enum" in shape and value not in shape["enum"]:
        yield _constraint(value, path, f"satisfy enum value set: [{', '.join(shape['enum'])}]")
    if "pattern" in shape and not _expression(shape["pattern"]).fullmatch(value):
        yield _constraint(value, path, f"satisfy regular expression pattern: {shape['pattern']}")


def _faults(service, shape_name, value, path):
    """Everything in which a value breaks its shape."""
    shape = service_model(service)["shapes"][shape_name]
    kind = shape["type"]
    if not isinstance(value, _KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise JsonError("SerializationException", f"{path or 'The request'} is not of type {kind}")
    if kind == "string":
        yield from _text_faults(shape, value, path)
    elif kind in ("integer", "long", "float", "double"):
        yield from _size_faults(shape, value, path, "value")
    elif kind == "list":
        yield from _size_faults(shape, value, path, "length")
        for number, item in enumerate(value, 1):
            yield from _faults(service, shape["member"]["shape"], item, f"{path}.{number}.member")
    elif kind == "map":
        yield from _size_faults(shape, value, path, "length")
        for key, item in value.items():
            yield from _faults(service, shape["key"]["shape"], key, f"{path}.{key}")
            yield from _faults(service, shape["value"]["shape"], item, f"{path}.{key}")
    elif kind == "structure":
        yield from _structure_faults(service, shape, value, path)


def _structure_faults(service, shape, value, path):
    for name in shape.get("required", []):
        if value.get(name) is None:
            yield _constraint(None, _member_path(path, name), "not be null")
    for name, member in shape.get("members", {}).items():
        if value.get(name) is not None:
            yield from _faults(service, member["shape"], value[name], _member_path(path, name))


class JsonService:
    """One service: its table of operations, and the code of the error for a request that its model refuses."""

    def __init__(self, name, operations, invalid):
        self.name = name
        self.operations = operations
        self.invalid = invalid

    def check(self, name, request):
        """Refuse a request that does not fit the model; members that it does not know are dropped, as by AWS."""
        definition = service_model(self.name)["operations"][name].get("input")
        if definition is None:
            return {}
        faults = list(_faults(self.name, definition["shape"], request, ""))
        if faults:
            count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected"
            raise AwsError(self.invalid, f"{count}: {'; '.join(faults)}")
        members = service_model(self.name)["shapes"][definition["shape"]].get("members", {})
        return {key: value for key, value in request.items() if key in members and value is not None}

    def refuse(self, error):
        members = service_model(self.name)["shapes"].get(error.code, {}).get("members", {})
        # Services spell the member that holds an error's message one way or the other.
        key = "Message" if "Message" in members else "message"
        return error_response_json(error.code, error.message, error.status, getattr(error, "members", None),
                                   message_key=key)

    def before(self, name, check):
        """Let a check look at the request ahead of the emulator's own operation; what it raises is the answer."""
        standard = self.operations[name]

        def run(payload):
            try:
                check(self.check(name, payload))
            except AwsError as error:
                return self.refuse(error)
            return standard(payload)

        self.operations[name] = run

    def operation(self, name):
        """Serve an API operation with the decorated function, in place of the emulator's own where it has one."""
        def bind(function):
            def handler(payload):
                try:
                    response = function(self.check(name, payload)) or {}
                except AwsError as error:
                    return self.refuse(error)
                body = {key: value for key, value in response.items() if value is not None}
                return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
            self.operations[name] = handler
            return function
        return bind


def page(items, request, size_member, token_member, default_size, invalid_token):
    """One page of a listing: (items, token of the next page or None)."""
    token = request.get(token_member)
    prefix = f"page-{get_account_id()}-"
    if token and not re.fullmatch(rf"{prefix}\d+", token):
        raise AwsError(invalid_token, f"The pagination token is invalid: {token}")
    start = int(token.removeprefix(prefix)) if token else 0
    end = start + (request.get(size_member) or default_size)
    return items[start:end], f"{prefix}{end}" if end < len(items) else None
