"""
Checks requests against the service models that ship with botocore: required members, kinds, lengths, ranges,
enumerations and patterns.
Follows: the messages of AWS's own model validation; EC2 API Reference, "Common client error codes".
"""

import datetime
import functools
import re

from .wire_requests import AwsError, protocol_of, wire_name

_KINDS = {"string": str, "blob": (str, bytes), "integer": int, "long": int, "float": (int, float),
          "double": (int, float), "boolean": bool, "list": list, "map": dict, "structure": dict,
          "timestamp": (int, float, str, datetime.datetime)}
# Character classes of Java, which the patterns are written for, within brackets; Python has none for M, P and S alone.
_CLASSES = {"L": r"\w", "N": r"\d", "Z": r"\s", "M": r"\W", "P": r"\W", "S": r"\W", "C": r"\x00-\x1f\x7f-\x9f",
            "Cntrl": r"\x00-\x1f\x7f", "Print": " -~", "Graph": "!-~", "ASCII": r"\x00-\x7f", "Upper": "A-Z",
            "Digit": "0-9", "XDigit": "0-9A-Fa-f"}
# The codes of AWS's services for a request that does not fit the model; each operation lists its own.
_CODES = ("InvalidParameterException", "InvalidInputException", "BadRequestException", "InvalidInput")


@functools.lru_cache
def expression(pattern):
    """A pattern of the models, in Python's notation."""
    flags = re.IGNORECASE if "(?i)" in pattern else 0
    pattern = pattern.replace("(?i)", "").replace(r"\uD800\uDC00-\uDBFF\uDFFF", "\U00010000-\U0010ffff")
    pattern = pattern.replace(r"\P{M}\p{M}", r"\s\S")
    # A hyphen behind a class of characters is one of the characters.
    pattern = re.sub(r"(\\[wd]|\\p{\w+})-(?=[^\]])", r"\1\\-", pattern)
    inside, parts = False, []
    for part in re.findall(r"\\p{\w+}|\\.|.", pattern, re.DOTALL):
        inside = part == "[" or inside and part != "]"
        if part.startswith(r"\p"):
            part = _CLASSES[part[3:-1]] if inside else f"[{_CLASSES[part[3:-1]]}]"
        parts.append(part)
    try:
        return re.compile("".join(parts), flags)
    except re.error:
        # A few of the models' patterns are none in any notation.
        return re.compile(r"[\s\S]*")


def _sizes(shape, value, path, what):
    size = value if what == "value" else len(value)
    if size < shape.metadata.get("min", size):
        yield path, value, f"have {what} greater than or equal to {shape.metadata['min']}"
    if size > shape.metadata.get("max", size):
        yield path, value, f"have {what} less than or equal to {shape.metadata['max']}"


def _text(shape, value, path):
    yield from _sizes(shape, value, path, "length")
    choices, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    if choices and value not in choices:
        yield path, value, f"satisfy enum value set: [{', '.join(choices)}]"
    if pattern and not expression(pattern).fullmatch(value):
        yield path, value, f"satisfy regular expression pattern: {pattern}"


def _structure(shape, value, path, protocol):
    def at(name):
        wire = wire_name(shape.members[name], name, protocol) if protocol == "ec2" else name[0].lower() + name[1:]
        return f"{path}.{wire}" if path else wire

    for name in shape.required_members:
        if value.get(name) is None:
            yield at(name), None, "not be null"
    for name, given in value.items():
        if given is not None:
            yield from _faults(shape.members[name], given, at(name), protocol)


def _faults(shape, value, path, protocol):
    """Everything in which a value breaks its shape, as (path, value, what it must)."""
    kind = shape.type_name
    if kind == "structure" and shape.is_document_type:
        return
    if not isinstance(value, _KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise AwsError("SerializationException", f"{path or 'The request'} is not of type {kind}")
    if kind == "string":
        yield from _text(shape, value, path)
    elif kind in ("integer", "long", "float", "double"):
        yield from _sizes(shape, value, path, "value")
    elif kind == "list":
        yield from _sizes(shape, value, path, "length")
        for number, item in enumerate(value, 1):
            place = f"{path}.{number}" if protocol == "ec2" else f"{path}.{number}.member"
            yield from _faults(shape.member, item, place, protocol)
    elif kind == "map":
        yield from _sizes(shape, value, path, "length")
        for key, item in value.items():
            yield from _faults(shape.key, key, f"{path}.{key}", protocol)
            yield from _faults(shape.value, item, f"{path}.{key}", protocol)
    elif kind == "structure":
        yield from _structure(shape, value, path, protocol)


def refused(operation, message):
    """The error of an operation for a request that does not fit."""
    model = operation.service_model
    if protocol_of(model) == "ec2":
        return AwsError("InvalidParameterValue", message)
    if protocol_of(model) == "query" or "awsQueryCompatible" in model.metadata:
        return AwsError("ValidationError", message)
    listed = {shape.error_code for shape in operation.error_shapes}
    return AwsError(next((code for code in _CODES if code in listed), "ValidationException"), message)


def check(request):
    """Refuse a request that does not fit its model."""
    if request.operation.input_shape is None:
        return
    protocol = protocol_of(request.operation.service_model)
    faults = list(_structure(request.operation.input_shape, request, "", protocol))
    if not faults:
        return
    if protocol == "ec2":
        path, value, rule = faults[0]
        if value is None:
            raise AwsError("MissingParameter", f"The request must contain the parameter {path}")
        raise refused(request.operation, f"Value ({value}) for parameter {path} is invalid. It must {rule}.")
    shown = [f"Value {quoted} at '{path}' failed to satisfy constraint: Member must {rule}"
             for path, value, rule in faults for quoted in ["null" if value is None else f"'{value}'"]]
    count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected"
    raise refused(request.operation, f"{count}: {'; '.join(shown)}")
