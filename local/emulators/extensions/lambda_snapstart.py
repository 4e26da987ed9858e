"""
Adds: what Lambda refuses of versions with snapshots: invocations, of whatever service, while one is being initialized,
and of one that was idle, which is initialized again; provisioned concurrency and file systems. A version whose
initialization fails says so. An alias with weights sends requests to either version, and takes no other weights than
Lambda does. The alias or version that a call names is part of the ARN it is authorized on.
Follows: Lambda Developer Guide, "Improving startup performance with Lambda SnapStart", "Lambda function states",
"Implement Lambda canary deployments using a weighted alias" and "Resources and conditions for Lambda actions"; Invoke
in the API Reference (SnapStartNotReadyException).
Delete when: the emulator does so.
"""

import contextvars
import json
import logging
import random
import threading

from ministack.core.lambda_runtime import acquire_worker, ensure_spawned, release_worker
from ministack.core.responses import error_response_json, request_scope
from ministack.services import lambda_svc

from . import lambda_java
from .iam_resources import resource_of
from .wire import AwsError, before

logger = logging.getLogger("aws-patterns")

# Actions whose resource is the version or alias that they name.
_QUALIFIED = {"Invoke", "InvokeWithResponseStream", "GetFunction", "GetFunctionConfiguration"}


@resource_of("lambda")
def _qualified_arn(request, region, account):
    name, qualifier = str(request.get("FunctionName") or ""), request.get("Qualifier")
    if request.operation.name not in _QUALIFIED or not qualifier or qualifier == "$LATEST":
        return None
    arn = name if name.startswith("arn:") else f"arn:aws:lambda:{region}:{account}:function:{name.split(':')[-1]}"
    return f"{':'.join(arn.split(':')[:7])}:{qualifier}"


def _has_snapshots(config):
    return (config.get("SnapStart") or {}).get("ApplyOn") == "PublishedVersions"


@before("lambda", "PutProvisionedConcurrencyConfig")
def _refuse_provisioned_concurrency(request):
    record, config = lambda_svc._get_func_record_for_qualifier(request["FunctionName"], request["Qualifier"])
    if record and _has_snapshots(config or {}):
        raise AwsError("InvalidParameterValueException",
                       "Provisioned Concurrency is not supported for functions enabled with SnapStart.")


@before("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def _refuse_file_systems(request):
    function = (lambda_svc._functions.get(request["FunctionName"]) or {}).get("config") or {}
    if _has_snapshots({**function, **request}) and ({**function, **request}).get("FileSystemConfigs"):
        raise AwsError("InvalidParameterValueException", "EFS is not supported for functions enabled with SnapStart.")


def _weights(alias):
    return (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}


@before("lambda", "CreateAlias", "UpdateAlias")
def _refuse_weights(request):
    func = lambda_svc._functions.get(request["FunctionName"]) or {}
    own = {**(func.get("aliases", {}).get(request["Name"]) or {}), **request}.get("FunctionVersion")
    others = list(_weights(request))
    versions = [func.get("versions", {}).get(version) or {"config": {}} for version in (own, *others)]
    roles = {version["config"].get("Role") for version in versions}
    if own and others and (len(others) > 1 or own in others or len(roles) > 1 or None in roles):
        raise AwsError("InvalidParameterValueException",
                       "An alias shares requests among two published versions with the same execution role.")


def _routed(func, qualifier):
    """The version that gets this request of an alias with weights, or what was named."""
    weights = _weights(((func or {}).get("aliases") or {}).get(qualifier) or {})
    chance = random.random()
    return next((version for version, weight in weights.items() if chance < weight), qualifier)


def _version_of(func, qualifier):
    """The record that a version or alias names."""
    alias = func.get("aliases", {}).get(qualifier)
    return func["versions"].get(alias["FunctionVersion"] if alias else qualifier)


def _not_ready(record):
    """Why a version cannot be invoked, as (code, message), or None; one that was idle is initialized again."""
    config = record["config"]
    if not lambda_java.takes_snapshot(config):
        return None
    if config.get("State") == "Inactive":
        _begin(config["FunctionName"], record)
        return "SnapStartNotReadyException", (
            "Lambda is initializing your function. It will be ready to invoke once your function state becomes ACTIVE.")
    if config.get("State") in ("Pending", "Failed"):
        return "ResourceConflictException", (
            "The operation cannot be performed at this time. The function is currently in the following state: "
            f"{config['State']}")
    return None


def _begin(name, record):
    record["config"].update(State="Pending", StateReason="The function is being created.",
                            StateReasonCode="Creating", LastUpdateStatus=None)
    lambda_svc._snapstart_provision_version_async(name, record)


def idle(name, account, region, version):
    """14 days without an invocation have passed: Lambda has deleted the snapshot. Answers whether there is one."""
    with request_scope(account, region):
        record = (lambda_svc._functions.get(name) or {"versions": {}})["versions"].get(version)
        if record:
            record["config"].update(State="Inactive", StateReason="The function is idle.", StateReasonCode="Idle")
        return record is not None


def _provision(name, record):
    config = record["config"]
    worker, _reason = acquire_worker(name, config, record.get("code_zip"), qualifier=config["Version"])
    try:
        ensure_spawned(worker)
        config.update(State="Active", StateReason="", StateReasonCode="", LastUpdateStatus="Successful")
    except Exception as error:  # whatever it is, the version has failed
        logger.warning("version %s of %s was not initialized: %s", config["Version"], name, error)
        config.update(State="Failed", StateReason=str(error), StateReasonCode="FunctionError",
                      LastUpdateStatus="Failed")
    finally:
        release_worker(worker)


def install():
    provision, invoke, execute, effective = (
        lambda_svc._snapstart_provision_version_async, lambda_svc._invoke, lambda_svc._execute_function,
        lambda_svc._effective_func_record_for_qualifier)

    def provision_java(name, record):
        record["config"]["LastUpdateStatus"] = None
        if not lambda_java.runs(record["config"]):
            return provision(name, record)
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(_provision, name, record), daemon=True).start()

    async def invoke_ready(name, event, headers, path_qualifier=None, query_params=None):
        func = lambda_svc._functions.get(name)
        qualifier = _routed(func, path_qualifier or lambda_svc._qp_first(query_params or {}, "Qualifier"))
        record = _version_of(func, qualifier) if func and qualifier else None
        problem = _not_ready(record) if record else None
        if problem:
            return error_response_json(problem[0], problem[1], 409)
        return await invoke(name, event, headers, qualifier, query_params)

    def execute_ready(func, event):
        config = func.get("config") or func
        stored = lambda_svc._functions.get(config.get("FunctionName"))
        record = stored and stored["versions"].get(config.get("Version"))
        problem = _not_ready(record) if record else None
        if problem:
            return {"body": {"errorType": problem[0], "errorMessage": problem[1]}, "error": True, "log": json.dumps(problem)}
        return execute(func, event)

    lambda_svc._snapstart_provision_version_async = provision_java
    lambda_svc._effective_func_record_for_qualifier = lambda func, it: effective(func, _routed(func, it))
    lambda_svc._invoke, lambda_svc._execute_function = invoke_ready, execute_ready
