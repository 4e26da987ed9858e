"""
Adds: RedriveExecution, which continues an unsuccessful execution at the state that did not end, and the members of
DescribeExecution about it. A Parallel or inline Map state that did not end is run again as a whole; a Distributed Map
runs again only what did not succeed (distributed_map_runs.py). Errors that AWS lets nobody catch are not caught.
Follows: Step Functions API Reference, RedriveExecution and DescribeExecution; Step Functions Developer Guide,
"Restarting state machine executions with redrive" and "Handling errors in Step Functions workflows".
Delete when: the emulator redrives executions.
"""

import contextvars
import json
import logging
import threading
import time

from ministack.core.responses import now_iso
from ministack.services import stepfunctions
from ministack.services.stepfunctions import _add_event, _ExecutionError, _iso_to_epoch_ms

from .wire import AwsError, operation

logger = logging.getLogger("aws-patterns")

REDRIVABLE_SECONDS = 14 * 24 * 3600
_MOST_EVENTS, _MOST_REDRIVES = 24_999, 1_000
_UNSUCCESSFUL = ("FAILED", "ABORTED", "TIMED_OUT")


class Stopped(Exception):
    """The execution was stopped while a state ran; nothing catches it."""


def machine_of(execution):
    """The state machine of an execution, or of the Distributed Map state that started it; None when it is deleted."""
    return stepfunctions._state_machines.get(execution["stateMachineArn"].partition("/")[0])


def _step(state, name, data, execution, context):
    """Runs one state: (output, name of the next one or None)."""
    kind = state.get("Type")
    context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
    execution["_at"] = name, data
    _add_event(execution, f"{kind}StateEntered",
               {"stateEnteredEventDetails": {"name": name, "input": json.dumps(data)}})
    if kind == "Fail":
        raise _ExecutionError(*stepfunctions._fail_state_error(state, data, context))
    if kind == "Succeed":
        output = stepfunctions._apply_output_path(
            state, stepfunctions._apply_input_path(state, data, context), context)
        following = None
    else:
        perform = getattr(stepfunctions, f"_execute_{str(kind).lower()}", None)
        if perform is None:
            raise _ExecutionError("States.Runtime", f"Unknown state type: {kind}")
        more = (execution, context) if kind in ("Task", "Parallel", "Map") else (context,)
        output, following = perform(state, data, *more)
    _add_event(execution, f"{kind}StateExited",
               {"stateExitedEventDetails": {"name": name, "output": json.dumps(output)}})
    return output, following


def _end(execution, output):
    execution.update(status="SUCCEEDED", output=json.dumps(output), stopDate=now_iso())
    _add_event(execution, "ExecutionSucceeded", {"executionSucceededEventDetails": {"output": execution["output"]}})
    stepfunctions._emit_execution_status_event(execution)


def walk(execution, definition, machine):
    """Runs an execution to its end, from the state that did not end when it is redriven."""
    name, data = execution.get("_at") or (definition.get("StartAt"), json.loads(execution["input"]))
    context = {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "Execution": {"Id": execution["executionArn"], "Input": json.loads(execution["input"]),
                      "Name": execution["name"], "StartTime": execution["startDate"],
                      "RoleArn": machine["roleArn"], "RedriveCount": execution.get("redriveCount", 0)},
        "StateMachine": {"Id": execution["stateMachineArn"], "Name": machine["name"]},
        "variables": execution.setdefault("_variables", {}),
    }
    error, attempt = None, execution.get("redriveCount", 0)

    def live():
        # Neither stopped meanwhile, nor stopped and redriven.
        return execution["status"] == "RUNNING" and execution.get("redriveCount", 0) == attempt

    try:
        while name and live():
            if name not in definition.get("States", {}):
                raise _ExecutionError("States.Runtime", f"State '{name}' not found in definition")
            data, name = _step(definition["States"][name], name, data, execution, context)
    except Stopped:
        return
    except _ExecutionError as failure:
        error = failure
    except Exception as failure:
        logger.exception("Unexpected error in execution %s", execution["executionArn"])
        error = _ExecutionError("States.Runtime", str(failure))
    if live():
        if error:
            stepfunctions._fail_execution(execution, error.error, error.cause)
        else:
            _end(execution, data)


def _run(execution_arn):
    execution = stepfunctions._executions[execution_arn]
    machine = machine_of(execution)
    if machine is None:
        stepfunctions._fail_execution(execution, "StateMachineDeleted", "State machine no longer exists")
        return
    # A redriven execution keeps the definition that it started with.
    walk(execution, json.loads(execution.setdefault("_definition", machine["definition"])), machine)


def redrive_status(execution):
    """(redriveStatus, redriveStatusReason or None)"""
    status, machine = execution["status"], machine_of(execution)
    stopped = _iso_to_epoch_ms(execution.get("stopDate")) or 0
    by_map_run = "mapRunArn" in execution and execution.get("sync")
    if status not in _UNSUCCESSFUL:
        return "NOT_REDRIVABLE", f"Execution is {status} and cannot be redriven"
    if machine is None:
        return "NOT_REDRIVABLE", "State machine is in DELETING status"
    if machine["type"] == "EXPRESS":
        return "NOT_REDRIVABLE", "Execution of an EXPRESS state machine cannot be redriven"
    if time.time() - stopped / 1000 > REDRIVABLE_SECONDS:
        return "NOT_REDRIVABLE", "Execution redrivable period exceeded"
    if len(execution["events"]) >= _MOST_EVENTS or execution.get("redriveCount", 0) >= _MOST_REDRIVES:
        return "NOT_REDRIVABLE", "Execution history event limit exceeded"
    return ("REDRIVABLE_BY_MAP_RUN" if by_map_run else "REDRIVABLE"), None


def restart(execution):
    """Makes an unsuccessful execution a running one again."""
    execution.update(status="RUNNING", stopDate=None, output=None, error=None, cause=None,
                     redriveCount=execution.get("redriveCount", 0) + 1, redriveDate=now_iso(),
                     _resumed=execution.get("_at", ("",))[0])
    _add_event(execution, "ExecutionRedriven",
               {"executionRedrivenEventDetails": {"redriveCount": execution["redriveCount"]}})


@operation("states", "RedriveExecution")
def _redrive(request):
    execution = stepfunctions._executions.get(request["executionArn"])
    if execution is None:
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{request['executionArn']}'")
    dates, token = execution.setdefault("_redrives", {}), request.get("clientToken")
    if token is None or token not in dates:
        status, reason = redrive_status(execution)
        if status != "REDRIVABLE" or "mapRunArn" in execution:
            raise AwsError("ExecutionNotRedrivable", reason or "Execution can only be redriven by its Map Run")
        restart(execution)
        stepfunctions._emit_execution_status_event(execution)
        dates[token] = stepfunctions._timestamp_response_value(execution["redriveDate"])
        threading.Thread(target=contextvars.copy_context().run, args=(_run, execution["executionArn"]),
                         daemon=True).start()
    return {"redriveDate": dates[token]}


def _described(standard):
    def describe(request):
        status, headers, body = standard(request)
        execution = stepfunctions._executions.get(request.get("executionArn"))
        if execution is None:
            return status, headers, body
        redrivable, reason = redrive_status(execution)
        more = {"redriveCount": execution.get("redriveCount", 0), "redriveDate": execution.get("redriveDate"),
                "redriveStatus": redrivable, "redriveStatusReason": reason}
        # What an unsuccessful execution puts out is its error and cause.
        hidden = ("output", "outputDetails") if execution["status"] != "SUCCEEDED" else ()
        described = {key: value for key, value in json.loads(body).items() if key not in hidden}
        described.update((key, value) for key, value in more.items() if value is not None)
        return stepfunctions.json_response(described)
    return describe


def install():
    matches = stepfunctions._error_matches
    stepfunctions._run_execution = _run
    stepfunctions._describe_execution = _described(stepfunctions._describe_execution)
    stepfunctions._error_matches = lambda names, error: (
        matches(names, error) and (error != "States.DataLimitExceeded" or error in names))
