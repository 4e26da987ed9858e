"""
Adds: Map states in DISTRIBUTED mode as Step Functions runs them, in place of the emulator's, which ignores batches,
results, paths and permissions: Map Runs whose child executions, Standard or Express, act with the machine's role, stop
at a tolerated number of failures or with their parent, are exported to S3, and are redriven.
Follows: Step Functions Developer Guide, "Using Map state in Distributed mode", "Setting failure thresholds for
Distributed Map states", "ResultWriter (Map)", "Redriving Map Runs", "IAM policies for using Distributed Map states".
A failed Map Run stops Standard children and lets Express ones end; what was written stays, and a redrive writes under
Redrive-<count>/.
Delete when: the emulator runs Distributed Map states in this way.
"""

import contextlib
import contextvars
import json
import threading
import uuid
from collections import Counter, deque

from ministack.core.arn import parse_arn
from ministack.core.responses import new_uuid, now_iso
from ministack.services import stepfunctions
from ministack.services.stepfunctions import _add_event, _ExecutionError

from .distributed_map_items import Fields, inputs_of, items_of
from .distributed_map_results import FAILURES, collect, export
from .iam_resources import resource_of
from .permissions import role_problem
from .stepfunctions_redrive import Stopped, machine_of, restart, walk
from .stepfunctions_tasks import actor_of

# Child executions that run here at a time where AWS runs up to 10,000: each is a thread and perhaps a function.
_MOST_AT_A_TIME = 100
_COUNTS = {"PENDING": "pending", "RUNNING": "running", "SUCCEEDED": "succeeded", "FAILED": "failed",
           "TIMED_OUT": "timedOut", "ABORTED": "aborted", "PENDING_REDRIVE": "pendingRedrive"}
# By the ARN of their Map Run.
_runs = {}


class MapRun:
    """One run of a Distributed Map state, over all of its redrives."""

    def __init__(self, fields, execution, processor):
        state, machine = fields.state, execution["stateMachineArn"].partition("/")[0]
        name = fields.context["State"]["Name"]
        label = state.get("Label") or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{machine}/{name}"))
        self.machine, self.label, self.id = machine, label, new_uuid()
        self.execution, self.state, self.processor = execution, name, processor
        self.language = fields.context["QueryLanguage"]
        self.express = processor["ProcessorConfig"].get("ExecutionType") == "EXPRESS"
        self.inputs, self.children, self.files, self.total = [], [], [], 0
        self.changed = threading.Condition()
        self.view = {
            "mapRunArn": self.arn("mapRun", self.id), "executionArn": execution["executionArn"], "status": "RUNNING",
            "startDate": now_iso(), "maxConcurrency": int(fields.number("MaxConcurrency") or 0),
            "toleratedFailureCount": int(fields.number("ToleratedFailureCount") or 0),
            "toleratedFailurePercentage": float(fields.number("ToleratedFailurePercentage", most=100) or 0),
            "redriveCount": 0, "_stateMachineArn": f"{machine}/{label}",
        }
        stepfunctions._map_runs[self.view["mapRunArn"]], _runs[self.view["mapRunArn"]] = self.view, self
        self.note("MapRunStarted", {"mapRunArn": self.view["mapRunArn"]})

    def arn(self, kind, name):
        return f"{self.machine.replace(':stateMachine:', f':{kind}:')}/{self.label}:{name}"

    def note(self, kind, details=None):
        key = f"{kind[0].lower()}{kind[1:]}EventDetails"
        _add_event(self.execution, kind, {key: details} if details else None)

    def count(self, of_items):
        """How many executions, or items in them, are in each status."""
        counts = Counter()
        for child, (_text, items) in zip(self.children, self.inputs):
            counts[child["status"] if child else "PENDING"] += items if of_items else 1
            counts["written"] += (items if of_items else 1) if child and child.get("_written") else 0
        view = {name: counts[status] for status, name in _COUNTS.items()}
        return view | {"total": sum(view.values()), "resultsWritten": counts["written"], "failuresNotRedrivable": 0}

    def require(self, action, resource):
        """Fails the state where the machine's role may not do something that Step Functions does with it."""
        role = machine_of(self.execution)["roleArn"]
        problem = role_problem(role, "states.amazonaws.com", action, resource)
        if problem:
            user = f"arn:aws:sts::{parse_arn(role).account_id}:assumed-role/{role.rsplit('/', 1)[-1]}/{self.label}"
            raise _ExecutionError("States.Permissions", f"User: {user} is not authorized to perform: {action} on resource: "
                                                        f"{resource} ({problem})")

    def redrive(self):
        """Makes a Map Run that ended run again, with what did not succeed."""
        self.require("states:RedriveExecution", self.arn("execution", "*"))
        self.view.update(status="RUNNING", redriveCount=self.view["redriveCount"] + 1, redriveDate=now_iso())
        self.view.pop("stopDate", None)
        self.note("MapRunRedriven", {"mapRunArn": self.view["mapRunArn"], "redriveCount": self.view["redriveCount"]})
        for child in filter(None, self.children):
            if child["status"] in FAILURES:
                child.update(_before=child["status"], status="PENDING_REDRIVE")

    def exceeded(self, failed):
        """Whether so many failed items are more than the Map Run tolerates."""
        most, share = self.view["toleratedFailureCount"], self.view["toleratedFailurePercentage"]
        if not most and not share:
            return failed > 0
        return bool(most and failed > most or share and failed * 100 > share * self.total)

    def _child(self, index):
        """The record of a child execution that starts, or starts again."""
        child, text = self.children[index], self.inputs[index][0]
        if child is None:
            name = f"{self.id}_{index:010}"
            name, kind = (f"{name}:{new_uuid()}", "express") if self.express else (name, "execution")
            child = {"executionArn": self.arn(kind, name), "stateMachineArn": self.view["_stateMachineArn"], "name": name,
                     "status": "RUNNING", "startDate": now_iso(), "stopDate": None, "input": text, "output": None,
                     "mapRunArn": self.view["mapRunArn"], "mockAttempts": {}, "redriveCount": 0, "events": [],
                     # Express executions send no events.
                     "sync": self.express}
            _add_event(child, "ExecutionStarted", {"executionStartedEventDetails": {"input": text}})
            stepfunctions._executions[child["executionArn"]] = self.children[index] = child
            return child
        del child["_before"]
        child.pop("_written", None)
        restart(child)
        if self.express:
            for key in ("_at", "_variables", "_resumed", "redriveDate"):
                child.pop(key, None)
        return child

    def _work(self, child, definition, machine):
        try:
            walk(child, definition, machine)
        finally:
            with self.changed:
                self.changed.notify()

    def _abort_children(self):
        for child in filter(None, self.children):
            if child["status"] == "RUNNING":
                child.update(status="ABORTED", stopDate=now_iso())
                _add_event(child, "ExecutionAborted", {"executionAbortedEventDetails": {}})
                stop_runs(child["executionArn"])

    def stop(self):
        """Ends the Map Run with the execution that it is part of, which was stopped."""
        with self.changed:
            if self.view["status"] == "RUNNING":
                self._abort_children()
                self.end("ABORTED")
            self.changed.notify_all()

    def end(self, status, error=None):
        for child in filter(None, self.children):
            if child["status"] == "PENDING_REDRIVE":
                child["status"] = child.pop("_before")
        self.view.update(status=status, stopDate=now_iso())
        self.note(f"MapRun{status.capitalize()}", error and {"error": error.error, "cause": error.cause})

    def work(self):
        """
        Starts children, as many at a time as may run, until all have ended or more have failed than are tolerated;
        answers whether they have.
        """
        definition = {"QueryLanguage": self.language, **self.processor}
        machine, attempt = machine_of(self.execution), self.view["redriveCount"]
        waiting = deque(index for index, child in enumerate(self.children)
                        if child is None or child["status"] == "PENDING_REDRIVE")
        running, failed = set(), 0
        with self.changed:
            while True:
                ended = {index for index in running if self.children[index]["status"] != "RUNNING"}
                running -= ended
                failed += sum(self.inputs[index][1] for index in ended if self.children[index]["status"] in FAILURES)
                over = self.exceeded(failed)
                if self.execution["status"] != "RUNNING" or (self.view["status"], attempt) != (
                        "RUNNING", self.view["redriveCount"]):
                    raise Stopped
                if over and not self.express:
                    self._abort_children()
                    running.clear()
                if not running and (over or not waiting):
                    return over
                most = min(self.view["maxConcurrency"] or _MOST_AT_A_TIME, _MOST_AT_A_TIME)
                while waiting and len(running) < most and not over:
                    running.add(index := waiting.popleft())
                    threading.Thread(target=contextvars.copy_context().run, daemon=True,
                                     args=(self._work, self._child(index), definition, machine)).start()
                # Not for ever: the limits of a running Map Run may be changed.
                self.changed.wait(0.2)

    def perform(self, fields):
        self.require("states:StartExecution", self.machine)
        actor = actor_of(machine_of(self.execution)["roleArn"])
        if not self.inputs:
            self.inputs = inputs_of(fields, items_of(fields, actor))
            self.children, self.total = [None] * len(self.inputs), sum(items for _text, items in self.inputs)
        exported = "Resource" in fields.state.get("ResultWriter", {})
        try:
            over = self.work()
        except Stopped:
            # Where it was redriven meanwhile, the Map Run is in other hands.
            if self.execution["status"] != "RUNNING":
                self.stop()
                if exported:
                    with contextlib.suppress(_ExecutionError):
                        export(self, fields, actor)
            raise
        result = export(self, fields, actor) if exported else None if over else collect(self, fields)
        if over:
            raise _ExecutionError("States.ExceedToleratedFailureThreshold",
                                  "The specified tolerated failure threshold was exceeded")
        return result


def _run_of(fields, execution, processor):
    """The Map Run that a redriven state goes on with, or its first one."""
    name = fields.context["State"]["Name"]
    if execution.get("_resumed") == name:
        del execution["_resumed"]
        runs = [run for run in _runs.values() if run.execution is execution and run.state == name]
        if runs and runs[-1].inputs:
            runs[-1].redrive()
            return runs[-1]
    return MapRun(fields, execution, processor)


def _perform(state, data, _effective, processor, execution, context):
    if execution["status"] != "RUNNING":
        raise Stopped
    fields = Fields(state, data, context)
    run = _run_of(fields, execution, processor)
    try:
        result = run.perform(fields)
    except _ExecutionError as error:
        run.end("FAILED", error)
        raise
    run.end("SUCCEEDED")
    following = stepfunctions._next_or_end(state)
    if fields.jsonata:
        output = stepfunctions._apply_jsonata_output(state, data, context, result=result, default=result)
        stepfunctions._apply_state_assign(state, data, context, result=result)
        return output, following
    output = stepfunctions._apply_result_path(state, data, stepfunctions._apply_result_selector(state, result))
    return stepfunctions._apply_output_path(state, output, context), following


def stop_runs(execution_arn):
    for run in list(_runs.values()):
        if run.view["executionArn"] == execution_arn:
            run.stop()


@resource_of("states")
def _map_run_arn(request, _region, _account):
    return request.get("mapRunArn")


def install():
    stop, public = stepfunctions._stop_execution, stepfunctions._map_run_view

    def stop_with_runs(request):
        answer = stop(request)
        execution = stepfunctions._executions.get(request.get("executionArn"))
        if execution and execution["status"] == "ABORTED":
            stop_runs(execution["executionArn"])
        return answer

    def view_with_counts(view):
        run = _runs[view["mapRunArn"]]
        return public(view) | {"itemCounts": run.count(True), "executionCounts": run.count(False)}

    stepfunctions._run_distributed_map = _perform
    stepfunctions._stop_execution = stop_with_runs
    stepfunctions._map_run_view = view_with_counts
