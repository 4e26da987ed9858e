"""
Reads requests of all of AWS's protocols but CBOR, by the service models that ship with botocore: the operation, and its
members under the names of the API reference.
Follows: botocore's serializers, the other way round. EC2 refuses a parameter that it does not know ("Common client
error codes"); other services ignore it.
"""

import functools
import json
import re
from urllib.parse import parse_qs
from xml.etree import ElementTree

from botocore.parsers import RestXMLParser

from ministack.core import responses

_SECOND_VERSIONS = {"ses": "sesv2", "apigateway": "apigatewayv2"}
_ENVELOPE = {"Action", "Version"}
_BOOLEANS = {"true": True, "false": False}
_NUMBERS = {"integer": int, "long": int, "float": float, "double": float}


class AwsError(Exception):
    """An error that the caller of the API sees: code and message, and the further members that some errors have."""

    def __init__(self, code, message, status=None, **members):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members


class Request(dict):
    """The members of a request, with the operation (of botocore) that they are for."""

    def __init__(self, operation, members):
        super().__init__(members)
        self.operation = operation


def service_model(service):
    """The model of a service, known by the emulator's name or botocore's; None where it has none."""
    return responses._service_model(service)


def protocol_of(model):
    """The protocol of a service; CloudWatch's first one, CBOR, is not spoken here."""
    return next(name for name in model.metadata.get("protocols", [model.metadata["protocol"]]) if "cbor" not in name)


def wire_name(member, name, protocol):
    """The name of a structure's member in a request."""
    given = member.serialization.get("name", name)
    if protocol == "ec2":
        return member.serialization.get("queryName") or given[0].upper() + given[1:]
    return given


def _nested(params):
    """{"Filter.1.Name": ["x"]} -> {"Filter": {"1": {"Name": "x"}}}"""
    tree = {}
    for key, value in params.items():
        node = tree
        *parents, leaf = key.split(".")
        for part in parents:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise _invalid(value, key)
        node[leaf] = value[0] if isinstance(value, list) else value
    return tree


def _invalid(value, path):
    return AwsError("InvalidParameterValue", f"Value ({value}) for parameter {path} is invalid.")


def _scalar(shape, value, path):
    try:
        if shape.type_name == "boolean":
            return _BOOLEANS[value.lower()]
        return _NUMBERS.get(shape.type_name, str)(value)
    except (KeyError, ValueError):
        raise _invalid(value, path) from None


def _items(shape, node, container, path):
    """The entries of a list or map in their order; an empty one is sent as a bare name with an empty value."""
    if container and not shape.serialization.get("flattened") and isinstance(node, dict):
        node = node.get(container, {})
    if not isinstance(node, dict):
        return []
    if not all(key.isdigit() for key in node):
        raise _invalid(", ".join(node), path)
    return [(f"{path}.{key}", node[key]) for key in sorted(node, key=int)]


def _from_parameters(shape, node, path, protocol):
    if shape.type_name == "list":
        container = None if protocol == "ec2" else shape.member.serialization.get("name", "member")
        return [_from_parameters(shape.member, item, at, protocol) for at, item in _items(shape, node, container, path)]
    if shape.type_name == "map":
        key, value = (s.serialization.get("name", n) for s, n in ((shape.key, "key"), (shape.value, "value")))
        return {item.get(key): _from_parameters(shape.value, item.get(value, ""), at, protocol)
                for at, item in _items(shape, node, "entry", path)}
    if (shape.type_name == "structure") != isinstance(node, dict):
        raise _invalid(node, path)
    return _members(shape, node, path, protocol) if shape.type_name == "structure" else _scalar(shape, node, path)


def _members(shape, node, path, protocol):
    prefix, known = f"{path}." if path else "", {}
    for name, member in shape.members.items():
        known[wire_name(member, name, protocol)] = (name, member)
    for unknown in set(node) - set(known) if protocol == "ec2" else ():
        raise AwsError("UnknownParameter", f"The parameter {prefix}{unknown} is not recognized")
    return {known[wire][0]: _from_parameters(known[wire][1], value, f"{prefix}{wire}", protocol)
            for wire, value in node.items() if wire in known}


def read_members(service, shape_name, params, prefix):
    """Read the parameters under a prefix as a structure of the model."""
    model = service_model(service)
    node = _nested({key: value for key, value in params.items() if key.startswith(f"{prefix}.")}).get(prefix, {})
    return _members(model.shape_for(shape_name), node, prefix, protocol_of(model))


def _from_json(shape, value):
    """Members by the model's names; a value of another type than the model's is left for the checks to find."""
    if shape.type_name == "structure" and isinstance(value, dict) and not shape.is_document_type:
        named = ((name, member, value.get(member.serialization.get("name", name)))
                 for name, member in shape.members.items())
        return {name: _from_json(member, given) for name, member, given in named if given is not None}
    if shape.type_name == "list" and isinstance(value, list):
        return [_from_json(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _from_json(shape.value, item) for key, item in value.items()}
    return value


def _document(shape, body, protocol):
    """The structure that a body holds."""
    try:
        if protocol == "rest-xml":
            return RestXMLParser()._parse_shape(shape, ElementTree.fromstring(body)) if body else {}
        return _from_json(shape, json.loads(body or b"{}"))
    except (ElementTree.ParseError, ValueError):
        raise AwsError("SerializationException", "The request is no valid document.") from None


@functools.lru_cache
def _routes(service):
    """(method, expression of the path, labels in it, query that goes with it, operation), the most exact first."""
    routes, model = [], service_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        labels = re.findall(r"{([^}+]+)\+?}", path)
        expression = re.compile(re.sub(r"\\{.+?\\}", "(.+?)", re.escape(path.rstrip("/"))) + "/?")
        exactness = len([part for part in path.split("/") if part and part[0] != "{"]) + len(query)
        routes.append((exactness, operation.http["method"], expression, labels,
                       parse_qs(query, keep_blank_values=True), operation))
    return [route[1:] for route in sorted(routes, key=lambda route: -route[0])]


def _from_query(shape, value, path):
    values = value if isinstance(value, list) else [value]
    if shape.type_name == "list":
        return [_scalar(shape.member, item, path) for item in values]
    return _scalar(shape, values[0], path) if shape.type_name != "map" else {}


def _of_rest(service, protocol, method, path, headers, body, query):
    """A request that its path tells of: parts of it may be in the path, the query, the headers and the body."""
    for route_method, expression, labels, fixed, operation in _routes(service):
        match = expression.fullmatch(path) if method == route_method else None
        if not match or any(name not in query or value[0] not in ("", *query[name]) for name, value in fixed.items()):
            continue
        shape = operation.input_shape
        if shape is None:
            return Request(operation, {})
        payload, labels = shape.serialization.get("payload"), dict(zip(labels, match.groups()))
        members = {} if payload else _document(shape, body, protocol)
        for name, member in shape.members.items():
            place, wire = member.serialization.get("location"), member.serialization.get("name", name)
            source = {"uri": labels, "querystring": query, "header": headers}.get(place, {})
            key = wire.lower() if place == "header" else wire
            if key in source:
                members[name] = _from_query(member, source[key], wire)
            elif name == payload and body:
                structured = member.type_name == "structure"
                members[name] = _document(member, body, protocol) if structured else body
        return Request(operation, members)
    return None


def service_of(service, path):
    """The service of a call: two have an API of version 2 beside the first one."""
    return _SECOND_VERSIONS.get(service, service) if path.startswith("/v2/") else service


def read(service, method, path, headers, body, params):
    """The request of a call, whose parameters include those of a form in its body; None where no model has it."""
    service = service_of(service, path)
    model = service_model(service)
    if model is None:
        return None
    protocol, target = protocol_of(model), headers.get("x-amz-target", "").rpartition(".")[2]
    if protocol.startswith("rest-"):
        return _of_rest(service, protocol, method, path, headers, body, params)
    action = params.get("Action", "")
    name = target or (action[0] if isinstance(action, list) else action)
    if name not in model.operation_names:
        return None
    operation = model.operation_model(name)
    if operation.input_shape is None:
        return Request(operation, {})
    if target:
        members = _document(operation.input_shape, body, "json")
        return Request(operation, members if isinstance(members, dict) else {})
    node = _nested({key: value for key, value in params.items() if key not in _ENVELOPE})
    return Request(operation, _members(operation.input_shape, node, "", "ec2" if protocol == "ec2" else "query"))
