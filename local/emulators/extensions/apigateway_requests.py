"""
Adds: a REST API's stage serves its deployment, not what was put since; it invokes functions that let it only, and calls
DynamoDB with its role's permissions; access logs, which need the account's role; #if and .matches() in mapping
templates; $context.error.validationErrorString; the tags of stages that were made with them;
requests from any account, or from nobody.
Follows: API Gateway Developer Guide, "Deploy REST APIs", "Set up CloudWatch logging", "Gateway responses", "Mapping
template reference"; API Reference, CreateDeployment, DeleteDeployment.
Delete when: the emulator does these.
"""

import asyncio
import contextvars
import copy
import json
import re
import time
from datetime import datetime, timezone

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from ministack.core.responses import request_scope
from ministack.services import apigateway_v1 as v1
from ministack.services import cloudwatch_logs as logs

from .apigateway_permissions import problem_of
from .role_sessions import client, credentials_of
from .wire import before
from .wire_requests import AwsError

_SERVED = ("_resources", "_models", "_request_validators")
# What the request of this task is answered from, and the request itself.
_deployment = contextvars.ContextVar("deployment", default=None)
_request = contextvars.ContextVar("request", default=None)


def _bad(message):
    return AwsError("BadRequestException", message, 400)


@before("apigateway", "CreateDeployment")
def check_methods(request):
    methods = [method for resource in (v1._resources.get(request["restApiId"]) or {}).values()
               for method in resource["resourceMethods"].values()]
    if not methods:
        raise _bad("The REST API doesn't contain any methods")
    if not all(method["methodIntegration"] for method in methods):
        raise _bad("No integration defined for method")


@before("apigateway", "DeleteDeployment")
def check_stages(request):
    stages = (v1._stages_v1.get(request["restApiId"]) or {}).values()
    if any(stage["deploymentId"] == request["deploymentId"] for stage in stages):
        raise _bad("Active stages pointing to this deployment must be moved or deleted")


@before("apigateway", "UpdateStage")
def check_log_role(request):
    role = (v1._account_settings.get("settings") or {}).get("cloudwatchRoleArn")
    if not role and any(patch.get("path", "").startswith("/accessLogSettings/")
                        for patch in request.get("patchOperations") or []):
        raise _bad("CloudWatch Logs role ARN must be set in account settings to enable logging")


def _served(api_id):
    """The id under which what a deployment has of an API is kept, where this task serves one."""
    return _deployment.get() or api_id


def _with_snapshot(create):
    def create_deployment(api_id, data):
        status, headers, body = create(api_id, data)
        if status < 400:
            for name in _SERVED:
                kept = getattr(v1, name)
                kept[f"{api_id}@{json.loads(body)['id']}"] = copy.deepcopy(kept.get(api_id, {}))
        return status, headers, body
    return create_deployment


def _with_tags(create):
    def create_stage(api_id, data):
        status, headers, body = create(api_id, data)
        if status < 400:
            v1._v1_tags[f"{v1._rest_api_arn(api_id)}/stages/{data['stageName']}"] = dict(data.get("tags") or {})
        return status, headers, body
    return create_stage


def _of_deployment(function):
    """A function that looks at an API, looking at what is deployed of it."""
    return lambda api_id, *arguments: function(_served(api_id), *arguments)


def _serve(api_id, stage_name):
    stage = (v1._stages_v1.get(api_id) or {}).get(stage_name) or {}
    name = f"{api_id}@{stage.get('deploymentId')}"
    return _deployment.set(name if name in v1._resources else None)


def _scope_of(_function):
    """Whose an API is, for requests of any account."""
    return lambda api_id: next(((account, region) for (account, region, known), _api in v1._rest_apis.all_items()
                                if known == api_id), None)


def _authorization_of(function):
    def authorization_type(api_id, stage_name, method, path):
        scope = v1.find_api_scope(api_id)
        if scope is None:
            return None
        with request_scope(*scope):
            token = _serve(api_id, stage_name)
            try:
                return function(api_id, stage_name, method, path)
            finally:
                _deployment.reset(token)
    return authorization_type


def _faults(schema, value):
    """What is wrong with a body, in the words of the validator that AWS uses."""
    schema, root = (v1._resolve_schema_ref(schema["$ref"], schema) if "$ref" in schema else (schema, schema))
    kind = schema.get("type")
    if kind and not v1._JSON_TYPES[kind](value):
        found = next(name for name in ("null", "boolean", "integer", "number", "string", "array", "object")
                     if v1._JSON_TYPES[name](value))
        return [f'instance type ({found}) does not match any allowed primitive type (allowed: ["{kind}"])']
    if not isinstance(value, dict):
        return [] if v1._json_schema_valid(schema, value, root) else [f"instance {json.dumps(value)} is not allowed"]
    properties, found = schema.get("properties") or {}, []
    missing = [name for name in schema.get("required") or [] if name not in value]
    if missing:
        found.append(f"object has missing required properties ({json.dumps(missing, separators=(',', ':'))})")
    extra = [name for name in value if name not in properties]
    if extra and schema.get("additionalProperties") is False:
        found.append("object instance has properties which are not allowed by the schema: "
                     f"{json.dumps(extra, separators=(',', ':'))}")
    return found + [fault for name in properties if name in value for fault in _faults(properties[name], value[name])]


def _explained(check):
    def check_request(method, api_id, request, headers, body, query):
        error = check(method, _served(api_id), request, headers, body, query)
        if error is not None and error.response_type == "BAD_REQUEST_BODY":
            model = (method.get("requestModels") or {}).get("application/json")
            try:
                faults = _faults(v1._model_schema(api_id, model) or {}, json.loads(body))
                request["faults"] = ", ".join(f"[{fault}]" for fault in faults)
            except ValueError:
                request["faults"] = ""
        return error
    return check_request


def _with_faults(render):
    def gateway_error_response(error, request):
        status, headers, body = render(error, request)
        text = json.dumps(request.get("faults") or error.message or "")[1:-1]
        return status, headers, body.replace(b"$context.error.validationErrorString", text.encode())
    return gateway_error_response


def _parameters(headers, query, path):
    flat = {name: value[0] if isinstance(value, (list, tuple)) else value for name, value in (query or {}).items()}
    return {**(headers or {}), **flat, **(path or {})}


async def _call_dynamodb(integration, action, region, headers, body, query, path):
    content_type = (v1._header_ci(headers, "content-type") or "application/json").split(";", 1)[0].strip().lower()
    template, text = (integration.get("requestTemplates") or {}).get(content_type), (body or b"").decode()
    parameters = _parameters(headers, query, path)
    sent = text if template is None else v1._render_request_template_v1(template, text, parameters)
    credentials = credentials_of(integration["credentials"], "apigateway.amazonaws.com")
    if credentials is None:
        return v1._gw_error("API_CONFIGURATION_ERROR", "Internal server error")
    try:
        call = getattr(client("dynamodb", region, *credentials), xform_name(action))
        answer = await asyncio.to_thread(call, **json.loads(sent))
        status, answered = 200, {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    except (ValueError, TypeError, ParamValidationError) as error:
        status, answered = 400, {"__type": "SerializationException", "message": str(error)}
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        answered = {"__type": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    accept = (v1._header_ci(headers, "accept") or "application/json").split(",", 1)[0].split(";", 1)[0].strip().lower()
    return v1._service_integration_response(integration, status, json.dumps(answered, default=str), accept, parameters)


def _checked(invoke):
    """An integration that asks the function's policy, or the role of a call to DynamoDB."""
    async def invoke_integration(integration, api_id, stage_name, stage, resource, path, method, headers, body, query,
                                 path_params, **options):
        spec = v1._parse_service_integration_uri(integration.get("uri", ""))
        if spec and spec[1:3] == ("dynamodb", "action"):
            return await _call_dynamodb(integration, spec[3], spec[0], headers, body, query, path_params)
        account, region = options["owner_account_id"], options["owner_region"]
        reference = v1._extract_lambda_ref_from_integration_uri(integration.get("uri", ""))
        source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage_name}/{method}{resource['path']}"
        if problem_of(reference, account, region, source):
            return v1._gw_error("API_CONFIGURATION_ERROR", "Internal server error")
        return await invoke(integration, api_id, stage_name, stage, resource, path, method, headers, body, query,
                            path_params, **options)
    return invoke_integration


def _render(original):
    def render(text, state):
        start = text.find("#if(")
        if start < 0:
            return original(text, state)
        close, end = v1._vtl_close_paren(text, start + 3), text.find("#end", start)
        then, _, otherwise = text[close + 1:end].partition("#else")
        holds = v1._vtl_value(text[start + 4:close], state)
        return (original(text[:start], state) + render(then if holds not in (None, False) else otherwise, state) +
                render(text[end + 4:], state))
    return render


def _walk(original):
    def walk(node, steps, state):
        if isinstance(node, str) and [name for name, _ in steps] == ["matches"]:
            return re.fullmatch(str(v1._vtl_value(steps[0][1], state)), node) is not None
        return original(node, steps, state)
    return walk


def _log(stage, request, method, status, started):
    settings = stage.get("accessLogSettings") or {}
    if not settings.get("destinationArn"):
        return
    now = datetime.now(timezone.utc)
    values = {
        "requestId": request["request_id"], "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S %z"), "status": status,
        "httpMethod": method, "resourcePath": request["resource_path"] or "-", "identity.sourceIp": "127.0.0.1",
        "responseLatency": int((time.monotonic() - started) * 1000), "error.responseType": request.get("error")}
    message = re.sub(r"\$context\.([\w.]+)", lambda match: str(values.get(match[1]) or "-"), settings["format"])
    names = {"logGroupName": settings["destinationArn"].split(":log-group:")[1].removesuffix(":*"),
             "logStreamName": request["stage_name"]}
    logs._create_log_stream(names)
    logs._put_log_events({**names, "logEvents": [{"timestamp": int(time.time() * 1000), "message": message}]})


def _noted(execute):
    async def execute_in_scope(request, api_id, *arguments):
        _request.set(request)
        answer = await execute(request, api_id, *arguments)
        if isinstance(answer, v1._GatewayError):
            request["error"] = answer.response_type
        return answer
    return execute_in_scope


def _logged(handle):
    async def handle_in_scope(api_id, stage_name, method, *arguments):
        started, token = time.monotonic(), _serve(api_id, stage_name)
        try:
            answer = await handle(api_id, stage_name, method, *arguments)
        finally:
            _deployment.reset(token)
        request = _request.get()
        if request and request["stage"]:
            _log(request["stage"], request, method, answer[0], started)
        return answer
    return handle_in_scope


_WRAPPED = {
    "find_api_scope": _scope_of,
    "_create_deployment": _with_snapshot, "_create_stage": _with_tags, "_match_resource_tree": _of_deployment,
    "_match_greedy_fallback": _of_deployment, "_model_schema": _of_deployment,
    "method_authorization_type": _authorization_of, "_check_request_validation": _explained,
    "_gateway_error_response": _with_faults, "_invoke_lambda_proxy_v1": _checked, "_invoke_lambda_custom_v1": _checked,
    "_vtl_render": _render, "_vtl_walk": _walk, "_execute_in_scope": _noted, "_handle_execute_in_scope": _logged,
}


def install():
    for name, wrap in _WRAPPED.items():
        setattr(v1, name, wrap(getattr(v1, name)))
