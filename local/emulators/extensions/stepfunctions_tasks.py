"""
Adds: tasks of state machines as Step Functions performs them: calls to the services' own APIs with the permissions of
the machine's role, or of the role in Credentials, so that IAM decides about each; errors with the names that AWS gives
them. A role that Step Functions cannot assume is refused when the machine is created.
Follows: Step Functions Developer Guide, "How Step Functions generates IAM policies for integrated services",
"Integrating services", "Learning to use AWS service SDK integrations", "Accessing resources in other AWS accounts",
"Handling errors in Step Functions workflows", and the pages of the optimized integrations.
Delete when: the emulator's state machines act with the permissions of their roles.
"""

import contextvars
import datetime
import json
import time

from botocore.exceptions import ClientError, ParamValidationError
from ministack.core.responses import get_region
from ministack.services import stepfunctions
from ministack.services.stepfunctions import _ExecutionError

from .permissions import can_assume
from .role_sessions import client as client_of
from .role_sessions import credentials_of
from .stepfunctions_redrive import machine_of
from .wire import AwsError, before

_SERVICE = "states.amazonaws.com"
_PREFIX = "arn:aws:states:::"
# What an optimized integration is called in the SDK and in errors, and what an error without a name of its own is.
_OPTIMIZED = {
    "dynamodb": ("dynamodb", "DynamoDB", "AmazonDynamoDBException"),
    "events": ("events", "EventBridge", "AmazonEventBridgeException"),
    "lambda": ("lambda", "Lambda", "AWSLambdaException"),
    "sns": ("sns", "SNS", "AmazonSNSException"),
    "sqs": ("sqs", "SQS", "AmazonSQSException"),
    "states": ("stepfunctions", "StepFunctions", "AWSStepFunctionsException"),
}
# Members that may be given as JSON values, and are sent as text.
_JSON_TEXTS = {"sqs": "MessageBody", "sns": "Message", "states": "Input"}
# SDK for Java's names of services that are called differently in botocore.
_CLIENTS = {"sfn": "stepfunctions", "cloudwatchlogs": "logs", "eventbridge": "events", "costexplorer": "ce"}

# The role that the task of this context acts with.
_acting = contextvars.ContextVar("acting", default=None)
_OTHER = object()


def actor_of(role_arn):
    credentials = credentials_of(role_arn, _SERVICE)
    if credentials is None:
        raise _ExecutionError("States.Runtime", f"The role {role_arn} is not authorized to be assumed by {_SERVICE}.")
    return credentials


def _text(value):
    """JSON as Step Functions writes it."""
    return json.dumps(value, separators=(",", ":"))


def _plain(value):
    """An SDK's answer as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    value = value.read() if hasattr(value, "read") else value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _error_name(operation, code, other):
    """What the SDK for Java calls an error of an operation."""
    for shape in operation.error_shapes:
        if code in (shape.name, shape.metadata.get("error", {}).get("code")):
            name = shape.name.removesuffix("Fault")
            return name if name.endswith("Exception") else f"{name}Exception"
    return other


def cause_of(client, error):
    """What Step Functions says of an error that a client of a service got."""
    details, meta = error.response["Error"], error.response["ResponseMetadata"]
    return (f"{details.get('Message', '')} (Service: {client.meta.service_model.service_id}, "
            f"Status Code: {meta.get('HTTPStatusCode')}, Request ID: {meta.get('RequestId')})")


def _call(service, name, parameters, prefix, other, actor=None):
    """
    Calls an API operation.

    prefix, other: how names of errors begin, and what is said of those that the operation does not declare
    """
    client = client_of(service, get_region(), *(actor or _acting.get()))
    try:
        operation = client.meta.service_model.operation_model(name)
    except Exception:
        raise _ExecutionError("States.Runtime", f"{service} has no operation {name}") from None
    arguments = (stepfunctions._sdk_json_param_value(parameters or {}, operation.input_shape)
                 if operation.input_shape else {})
    try:
        answer = client._make_api_call(name, arguments)
    except ParamValidationError as error:
        raise _ExecutionError("States.Runtime", str(error)) from None
    except ClientError as error:
        code = error.response["Error"]["Code"].rsplit(".", 1)[-1]
        raise _ExecutionError(f"{prefix}.{_error_name(operation, code, other)}", cause_of(client, error)) from None
    answer.pop("ResponseMetadata", None)
    return stepfunctions._sdk_json_value(_plain(answer), operation.output_shape) if operation.output_shape else {}


def _invoke_function(parameters):
    payload = parameters.get("Payload", {})
    client, prefix, other = _OPTIMIZED["lambda"]
    answer = _call(client, "Invoke", {**parameters, "Payload": _text(payload).encode()}, prefix, other)
    text = answer.get("Payload") or "null"
    value = json.loads(text)
    if answer.get("FunctionError"):
        kind = value.get("errorType", "Lambda.Unknown") if isinstance(value, dict) else "Lambda.Unknown"
        raise _ExecutionError(kind, text)
    return {**answer, "Payload": value}


def _started(parameters, wait, as_json):
    """Starts an execution; with `wait`, ends when it has ended."""
    client, prefix, other = _OPTIMIZED["states"]
    answer = _call(client, "StartExecution", parameters, prefix, other)
    while wait:
        execution = _call(client, "DescribeExecution", {"ExecutionArn": answer["ExecutionArn"]}, prefix, other)
        if execution["Status"] == "SUCCEEDED":
            output = execution.get("Output", "{}")
            return {**execution, "Output": json.loads(output) if as_json else output}
        if execution["Status"] != "RUNNING":
            raise _ExecutionError("States.TaskFailed", _text(execution))
        time.sleep(0.1)
    return answer


def _optimized(service, action, parameters, suffix):
    client, prefix, other = _OPTIMIZED[service]
    text = _JSON_TEXTS.get(service)
    if text in parameters and not isinstance(parameters[text], str):
        parameters = {**parameters, text: _text(parameters[text])}
    if (service, action) == ("lambda", "invoke"):
        return _invoke_function(parameters)
    if (service, action) == ("states", "startExecution"):
        return _started(parameters, suffix.startswith("sync"), suffix == "sync:2")
    if service != "events":
        return _call(client, action[0].upper() + action[1:], parameters, prefix, other)
    entries = [{**entry, "Detail": entry["Detail"] if isinstance(entry.get("Detail"), str)
                else _text(entry.get("Detail", {}))} for entry in parameters.get("Entries", [])]
    answer = _call(client, "PutEvents", {**parameters, "Entries": entries}, prefix, other)
    if answer.get("FailedEntryCount"):
        raise _ExecutionError("EventBridge.FailedEntry", _text(answer))
    return answer


def perform(resource, parameters):
    """
    Performs one task: an optimized integration, a call of the SDK, or a function named by its ARN; answers _OTHER for
    what is left to the emulator (activities, ECS).
    """
    if ":function:" in resource and not resource.startswith(_PREFIX):
        return _invoke_function({"FunctionName": resource, "Payload": parameters})["Payload"]
    name, _, suffix = resource.removeprefix(_PREFIX).partition(".")
    parts = name.split(":")
    if resource.startswith(_PREFIX) and parts[0] in _OPTIMIZED:
        return _optimized(parts[0], parts[1], parameters, suffix)
    if resource.startswith(_PREFIX) and parts[0] == "aws-sdk" and len(parts) == 3:
        service, action = parts[1].lower(), parts[2]
        prefix = stepfunctions._AWS_SDK_ERROR_PREFIX.get(service, service.capitalize())
        return _call(_CLIENTS.get(service, service), action[0].upper() + action[1:], parameters, prefix,
                     f"{prefix}Exception")
    return _OTHER


def _role_in_credentials(state, data, context):
    template = state.get("Credentials")
    if template is None:
        return None
    if stepfunctions._state_query_language(state, context) == "JSONata":
        return stepfunctions._apply_jsonata_template(template, data, context)["RoleArn"]
    return stepfunctions._resolve_params_obj(template, data, context)["RoleArn"]


def _assumed(actor, role_arn):
    """Credentials of another role, which the machine's own role asks for."""
    answer = _call("sts", "AssumeRole", {"RoleArn": role_arn, "RoleSessionName": "states"}, "States", "TaskFailed",
                   actor)["Credentials"]
    return answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"]


@before("states", "CreateStateMachine", "UpdateStateMachine")
def _check_role(request):
    if "roleArn" in request and not can_assume(request["roleArn"], _SERVICE):
        raise AwsError("AccessDeniedException", f"Neither the global service principal {_SERVICE}, nor the regional "
                       "one is authorized to assume the provided role.")


def install():
    original = {name: getattr(stepfunctions, name) for name in ("_execute_task", "_invoke_resource")}

    def execute_task(state, data, execution, context):
        machine = machine_of(execution) if execution else None
        if machine is None:
            return original["_execute_task"](state, data, execution, context)
        actor = actor_of(machine["roleArn"])
        other = _role_in_credentials(state, data, context)
        token = _acting.set(_assumed(actor, other) if other else actor)
        try:
            return original["_execute_task"](state, data, execution, context)
        finally:
            _acting.reset(token)

    def invoke_resource(resource, parameters):
        answer = perform(resource, parameters) if _acting.get() else _OTHER
        return original["_invoke_resource"](resource, parameters) if answer is _OTHER else answer

    def for_callback(resource, parameters):
        return perform(f"{resource}.waitForTaskToken", parameters)

    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_resource = invoke_resource
    # What a task that waits for its token calls.
    stepfunctions._call_lambda = lambda function, event: perform(
        f"{_PREFIX}lambda:invoke", {"FunctionName": function, "Payload": event})["Payload"]
    stepfunctions._invoke_aws_sdk_integration = for_callback
    stepfunctions._invoke_nested_start_execution = for_callback
    for name in list(stepfunctions._SERVICE_DISPATCH):
        if name.removeprefix(_PREFIX).split(":")[0] in _OPTIMIZED:
            stepfunctions._SERVICE_DISPATCH[name] = for_callback
