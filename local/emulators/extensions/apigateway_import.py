"""
Adds: REST APIs by an OpenAPI 3.0 document (ImportRestApi, PutRestApi with mode overwrite): resources, methods with
parameters, models, request validators, security, integrations with templates, gateway responses. What AWS does not keep
of schemas is left out with a warning; what it refuses is refused.
Follows: API Gateway Developer Guide, "Develop REST APIs using OpenAPI", "Amazon API Gateway important notes" (schemas),
"OpenAPI extensions for API Gateway"; API Reference, PutRestApi.
Delete when: the emulator imports documents.
"""

import json
import re

import yaml
from ministack.services import apigateway_v1 as v1

from .wire import operation
from .wire_requests import AwsError

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}
# Keywords of OpenAPI's schemas that no model has.
_UNKNOWN = ("discriminator", "example", "exclusiveMinimum", "readOnly", "writeOnly", "nullable", "deprecated", "xml",
            "externalDocs", "minItems", "maxItems")
_REFERENCE = "#/components/"


def _refused(problems):
    lines = "".join(f"\n\t{problem}" for problem in problems)
    return AwsError("BadRequestException", f"Errors found during import:{lines}", 400)


def _done(answer):
    """What a call of the emulator's own answers, or its refusal as the import's."""
    status, _headers, body = answer
    answered = json.loads(body) if body else {}
    if status >= 400:
        raise _refused([answered.get("message", "")])
    return answered


class _Import:
    def __init__(self, api_id, spec):
        self.api_id, self.spec, self.warnings = api_id, spec, []
        self.validators = {}

    def resolved(self, value):
        """A parameter or response itself, where a reference to it is given."""
        while isinstance(value, dict) and "$ref" in value:
            value = self.at(value["$ref"])
        return value

    def at(self, reference):
        node = self.spec
        for key in reference.removeprefix("#/").split("/"):
            node = node.get(key.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
        if node is None or not reference.startswith(_REFERENCE):
            raise _refused([f"Unable to resolve reference '{reference}'"])
        return node

    def schema(self, value, place):
        """A schema as a model has it: in draft 4, with references to other models."""
        if isinstance(value, list):
            return [self.schema(entry, place) for entry in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            self.at(value["$ref"])
            return {"$ref": f"https://apigateway.amazonaws.com/restapis/{self.api_id}/models/"
                            f"{value['$ref'].rsplit('/', 1)[-1]}"}
        kept = {}
        for key, entry in value.items():
            # A property may be called like a keyword.
            if key in _UNKNOWN and not isinstance(entry, dict):
                self.warnings.append(f"{place}: '{key}' is not supported and is ignored")
            else:
                kept[key] = self.schema(entry, place)
        return kept

    def model(self, name, schema):
        text = json.dumps(self.schema(schema, name))
        _done(v1._create_model(self.api_id, {"name": name, "schema": text, "contentType": "application/json"}))
        return name

    def models(self):
        for name, schema in ((self.spec.get("components") or {}).get("schemas") or {}).items():
            if not re.fullmatch(r"[A-Za-z0-9]+", name):
                raise _refused([f"Model name must be alphanumeric: {name}"])
            self.model(name, schema)

    def request_models(self, operation):
        content = (self.resolved(operation.get("requestBody")) or {}).get("content") or {}
        models = {}
        for number, (kind, media) in enumerate(content.items()):
            schema = media.get("schema")
            if schema is None:
                continue
            name = schema["$ref"].rsplit("/", 1)[-1] if list(schema) == ["$ref"] else None
            models[kind] = name or self.model(f"MODEL{v1._new_id()[:6]}{number}", schema)
        return models

    def parameters(self, item, operation):
        wanted = {}
        for parameter in map(self.resolved, [*(item.get("parameters") or []), *(operation.get("parameters") or [])]):
            place = _PLACES.get(parameter["in"])
            if place is None:
                self.warnings.append(f"parameters in {parameter['in']} are not supported and are ignored")
                continue
            wanted[f"method.request.{place}.{parameter['name']}"] = bool(parameter.get("required"))
        return wanted

    def validator(self, operation):
        key = "x-amazon-apigateway-request-validator"
        name = operation.get(key, self.spec.get(key))
        if name is None:
            return None
        if name not in self.validators:
            settings = (self.spec.get(f"{key}s") or {}).get(name)
            if settings is None:
                raise _refused([f"Request validator '{name}' is not defined"])
            answer = _done(v1._create_request_validator(self.api_id, {"name": name, **settings}))
            self.validators[name] = answer["id"]
        return self.validators[name]

    def resource(self, path):
        resources = v1._resources[self.api_id]
        found = next(rid for rid, resource in resources.items() if resource["path"] == "/")
        for part in filter(None, path.split("/")):
            siblings = {r["pathPart"]: rid for rid, r in resources.items() if r["parentId"] == found}
            if part not in siblings and part.startswith("{"):
                other = next((name for name in siblings if name.startswith("{")), None)
                if other:
                    raise _refused([f"A sibling ({other}) of this resource already has a variable path part -- only "
                                    "one is allowed"])
            found = siblings.get(part) or _done(v1._create_resource(self.api_id, found, {"pathPart": part}))["id"]
        return found

    def method(self, resource_id, name, item, operation, schemes):
        security = operation["security"] if "security" in operation else self.spec.get("security")
        _done(v1._put_method(self.api_id, resource_id, name, {
            **v1._method_security(security, schemes), "operationName": operation.get("operationId", ""),
            "requestParameters": self.parameters(item, operation), "requestModels": self.request_models(operation),
            "requestValidatorId": self.validator(operation)}))
        declared = {}
        for status, response in (operation.get("responses") or {}).items():
            if not str(status).isdigit():
                continue
            headers = {f"method.response.header.{header}": False
                       for header in self.resolved(response).get("headers") or {}}
            declared[str(status)] = headers
            _done(v1._put_method_response(self.api_id, resource_id, name, str(status),
                                          {"responseParameters": headers}))
        self.integration(resource_id, name, operation, declared)

    def integration(self, resource_id, name, operation, declared):
        given = operation.get("x-amazon-apigateway-integration")
        if given is None:
            return
        behaviour = given.get("passthroughBehavior", "when_no_match").upper()
        _done(v1._put_integration(self.api_id, resource_id, name, {
            **given, "type": given["type"].upper(), "passthroughBehavior": behaviour}))
        for pattern, response in (given.get("responses") or {}).items():
            status = str(response["statusCode"])
            if status not in declared:
                raise _refused([f"Invalid response status code specified: {status}"])
            for header in response.get("responseParameters") or {}:
                if header not in declared[status]:
                    raise _refused([f"Invalid mapping expression parameter specified: {header}"])
            _done(v1._put_integration_response(self.api_id, resource_id, name, status, {
                **response, "selectionPattern": "" if pattern == "default" else pattern}))

    def run(self):
        spec = self.spec
        ids = [op["operationId"] for item in spec["paths"].values() for name, op in item.items()
               if name in _METHODS and "operationId" in op]
        repeated = sorted({name for name in ids if ids.count(name) > 1})
        if repeated:
            raise _refused([f"attribute operationId '{name}' is repeated" for name in repeated])
        self.models()
        schemes = v1._import_security_schemes(self.api_id, spec)
        for path, item in spec["paths"].items():
            resource_id = self.resource(path)
            for name in _METHODS:
                if name in item:
                    self.method(resource_id, name.upper(), item, item[name], schemes)
        for kind, response in (spec.get("x-amazon-apigateway-gateway-responses") or {}).items():
            _done(v1._put_gateway_response(self.api_id, kind, response))


def _parsed(body):
    try:
        spec = yaml.safe_load(body)
    except yaml.YAMLError:
        spec = None
    if not isinstance(spec, dict) or not isinstance(spec.get("paths"), dict):
        raise AwsError("BadRequestException", "Invalid OpenAPI input.", 400)
    if not str(spec.get("openapi", "")).startswith("3.0"):
        raise AwsError("BadRequestException", "The local cloud imports OpenAPI 3.0 only.", 400)
    return spec


_PARTS = ("_resources", "_models", "_request_validators", "_gateway_responses", "_authorizers_v1")


def _overwrite(api_id, spec, strict):
    """Put a document in place of what an API has; of one that is refused, nothing is left."""
    before = {name: getattr(v1, name).get(api_id, {}) for name in _PARTS}
    for name in _PARTS:
        getattr(v1, name)[api_id] = {}
    v1._resources[api_id] = {rid: {**resource, "resourceMethods": {}}
                             for rid, resource in before["_resources"].items() if resource["path"] == "/"}
    imported = _Import(api_id, spec)
    try:
        imported.run()
        if strict and imported.warnings:
            raise AwsError("BadRequestException", "Warnings found during import:\n\t" +
                           "\n\t".join(imported.warnings), 400)
    except AwsError:
        for name, value in before.items():
            getattr(v1, name)[api_id] = value
        raise
    return {**v1._rest_api_view(v1._rest_apis[api_id]), "warnings": imported.warnings or None}


def _view(answer):
    known = ("id", "name", "description", "createdDate", "version", "endpointConfiguration", "tags", "warnings")
    return {name: answer.get(name) for name in known}


@operation("apigateway", "PutRestApi")
def put_rest_api(request):
    api_id = request["restApiId"]
    if api_id not in v1._rest_apis:
        raise AwsError("NotFoundException", "Invalid API identifier specified", 404)
    if request.get("mode", "merge") != "overwrite":
        raise AwsError("BadRequestException", "The local cloud puts documents in mode overwrite only.", 400)
    return _view(_overwrite(api_id, _parsed(request["body"]), request.get("failOnWarnings")))


@operation("apigateway", "ImportRestApi")
def import_rest_api(request):
    spec = _parsed(request["body"])
    api = _done(v1._create_rest_api({"name": str((spec.get("info") or {}).get("title", ""))}))
    try:
        return _view(_overwrite(api["id"], spec, request.get("failOnWarnings")))
    except AwsError:
        v1._delete_rest_api(api["id"])
        raise
