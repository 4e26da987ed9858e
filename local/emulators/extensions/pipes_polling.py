"""
Adds: EventBridge Pipes that read their sources, filter, enrich, transform and deliver, with the permissions of their
roles, in place of the emulator's own poller, which moves records of DynamoDB streams to two kinds of target and ignores
all settings. A pipe is checked as AWS checks it: its role and the types it names in the call, the permission to read
its source before it runs; the permissions for enrichment and target only show when events are delivered.
Follows: EventBridge User Guide, "Amazon EventBridge Pipes" with the pages that the files pipes_*.py name; Amazon
EventBridge Pipes API Reference. The reasons of states are those that AWS gives (StateReason).
Delete when: the emulator polls all sources, and runs enrichments, templates and targets, as the pipe's role may.
"""

import contextvars
import logging
import threading
import time

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import eventbridge, pipes

from .permissions import can_assume
from .pipes_delivery import ENRICHMENTS, PRINCIPAL, TARGETS, Failure, is_standard, kind_of
from .pipes_queues import QueueSource
from .pipes_streams import StreamSource
from .wire import AwsError, operation
from .wire_requests import service_model

logger = logging.getLogger("aws-patterns")

_SOURCES = {"sqs": QueueSource, "dynamodb": StreamSource, "kinesis": StreamSource}
_STREAM_PARAMETERS = {"dynamodb": "DynamoDBStreamParameters", "kinesis": "KinesisStreamParameters"}
_POLL_SECONDS, _RETRY_SECONDS = 0.2, 1.0
# States on the way: what a pipe becomes when the way fails.
_FAILED = {"CREATING": "CREATE_FAILED", "UPDATING": "UPDATE_FAILED", "STARTING": "START_FAILED"}
_ON_THE_WAY = {*_FAILED, "STOPPING"}
# Parameters of targets that AWS cannot do without.
_REQUIRED = {"kinesis": ("KinesisStreamParameters", "PartitionKey"),
             "logs": ("CloudWatchLogsParameters", "LogStreamName")}
_BATCHES_OF_TEN = {"sqs", "sns", "events:event-bus"}
_UPDATABLE = ("Description", "Enrichment", "EnrichmentParameters", "Target", "TargetParameters", "RoleArn",
              "LogConfiguration", "KmsKeyIdentifier")


class _Work:
    """The deliveries that a pipe is busy with, each in a thread of its own."""

    def __init__(self):
        self.busy, self.wake, self._lock = 0, threading.Event(), threading.Lock()

    def _count(self, change):
        with self._lock:
            self.busy += change

    def start(self, function, *arguments):
        context = contextvars.copy_context()

        def run():
            try:
                context.run(function, *arguments)
            except Exception as error:
                logger.warning("a pipe's delivery failed: %s", error)
            finally:
                self._count(-1)
                self.wake.set()

        self._count(1)
        threading.Thread(target=run, daemon=True, name="pipe-delivery").start()


class _Runner:
    """Takes a pipe through its states, and polls its source while it runs; has no thread while the pipe rests."""

    def __init__(self, account, region, pipe):
        self.scope, self.pipe = (account, region), pipe
        self.work, self.source = _Work(), _SOURCES[kind_of(pipe["Source"])](pipe)
        self._thread, self._lock = None, threading.Lock()

    def change(self, state):
        """Lets the pipe go to a state."""
        with self._lock:
            self.pipe["CurrentState"] = state
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name=f"pipe-{self.pipe['Name']}")
                self._thread.start()
        self.work.wake.set()

    def is_current(self):
        """Whether the pipe still exists."""
        return pipes._pipes.get_scoped(*self.scope, self.pipe["Name"]) is self.pipe

    def _run(self):
        with request_scope(*self.scope):
            while self.is_current():
                pause = self._step()
                with self._lock:
                    if self.pipe["CurrentState"] not in (*_ON_THE_WAY, "RUNNING"):
                        self._thread = None
                        return
                self.work.wake.wait(pause)
                self.work.wake.clear()

    def _step(self):
        """Does what the pipe's state asks for; answers the seconds until the next step."""
        state = self.pipe["CurrentState"]
        try:
            if state == "RUNNING":
                self.source.poll(self.work)
                self.pipe["StateReason"] = ""
            elif not self.work.busy:
                self._settle(state)
                return 0
        except Exception as error:
            if not isinstance(error, Failure):
                logger.exception("pipe %s", self.pipe["Name"])
            if self.pipe.get("StateReason") != str(error):
                logger.warning("pipe %s cannot read its source: %s", self.pipe["Name"], error)
            self.pipe["StateReason"] = str(error)
            return _RETRY_SECONDS
        return _POLL_SECONDS

    def _settle(self, state):
        """Ends a change that is on the way."""
        problem = None if state == "STOPPING" else self.source.problem()
        self.pipe["StateReason"] = f"Input parameter is invalid from the request due to : {problem}" if problem else ""
        self.pipe["CurrentState"] = _FAILED[state] if problem else self.pipe["DesiredState"]


_runners = {}


def _runner_of(account, region, pipe):
    key = (account, region, pipe["Name"])
    if key not in _runners or _runners[key].pipe is not pipe:
        _runners[key] = _Runner(account, region, pipe)
    return _runners[key]


def _start_all():
    """Lets the pipes run that come from the state of an earlier emulator or from CloudFormation."""
    for account, region, pipe in pipes._iter_all_pipes():
        if pipe["CurrentState"] == "RUNNING" and kind_of(pipe["Source"]) in _SOURCES:
            runner = _runner_of(account, region, pipe)
            if runner._thread is None:
                runner.change("STARTING")


def _refuse(message):
    raise AwsError("ValidationException", message)


def _not_emulated(what, arn, file):
    _refuse(f"The local cloud's pipes have no {what} of the type of {arn}; "
            f"local/emulators/extensions/{file} is the place to add it.")


def _check_source(request):
    source, kind = request["Source"], kind_of(request["Source"])
    if kind not in _SOURCES:
        _not_emulated("source", source, "pipes_polling.py")
    parameters = request.get("SourceParameters") or {}
    name = _STREAM_PARAMETERS.get(kind)
    if name and "StartingPosition" not in (parameters.get(name) or {}):
        _refuse(f"SourceParameters.{name}.StartingPosition: Missing required parameter.")
    for item in (parameters.get("FilterCriteria") or {}).get("Filters") or []:
        reason = eventbridge._event_pattern_error(item.get("Pattern"))
        if reason:
            _refuse(f"Event pattern is not valid. Reason: {reason}")
    settings = parameters.get(name or "SqsQueueParameters") or {}
    size = settings.get("BatchSize", 0)
    if kind == "sqs" and size > 10 and (source.endswith(".fifo") or not settings.get("MaximumBatchingWindowInSeconds")):
        _refuse("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10, "
                "and 10 is the maximum batch size for FIFO queues.")
    if size > 10 and kind_of(request["Target"]) in _BATCHES_OF_TEN:
        _refuse(f"BatchSize {size} is more than the 10 that {request['Target']} takes.")


def _check_ends(request):
    """Refuses enrichments and targets that cannot work."""
    target, kind, parameters = request["Target"], kind_of(request["Target"]), request.get("TargetParameters") or {}
    enrichment = request.get("Enrichment")
    if enrichment and kind_of(enrichment) not in ENRICHMENTS:
        _not_emulated("enrichment", enrichment, "pipes_delivery.py")
    if kind not in TARGETS:
        _not_emulated("target", target, "pipes_delivery.py")
    name, member = _REQUIRED.get(kind, ("", ""))
    if name and not (parameters.get(name) or {}).get(member):
        _refuse(f"TargetParameters.{name}.{member}: Missing required parameter.")
    invocation = (parameters.get("StepFunctionStateMachineParameters") or {}).get("InvocationType", "REQUEST_RESPONSE")
    if kind == "states" and invocation == "REQUEST_RESPONSE" and is_standard(target):
        _refuse("STANDARD state machine workflows do not support the REQUEST_RESPONSE invocation type, which is the "
                "default one. Use FIRE_AND_FORGET instead.")
    if enrichment and kind_of(enrichment) == "states" and is_standard(enrichment):
        _refuse("Only EXPRESS state machine workflows are supported as an enrichment.")


def _check(request):
    try:
        pipes.check_same_region(request["Source"], request["Target"], request.get("Enrichment") or "")
        pipes.check_target_supported(request["Target"])
    except ValueError as error:
        _refuse(str(error))
    if not can_assume(request["RoleArn"], PRINCIPAL):
        _refuse(f"Provided role '{request['RoleArn']}' cannot be assumed by principal '{PRINCIPAL}'.")
    _check_source(request)
    _check_ends(request)


def _pipe(name):
    pipe = pipes._pipes.get(name)
    if pipe is None:
        raise AwsError("NotFoundException", f"Pipe {name} does not exist.")
    return pipe


def _settled_pipe(name):
    pipe = _pipe(name)
    if pipe["CurrentState"] in _ON_THE_WAY:
        raise AwsError("ConflictException", f"Pipe {name} is in the state {pipe['CurrentState']}.")
    return pipe


def _change(pipe, state):
    pipe["LastModifiedTime"] = int(time.time())
    _runner_of(get_account_id(), get_region(), pipe).change(state)
    # As the call leaves it: the pipe's thread may be quicker than the answer.
    return {**pipes._lifecycle_response(pipe), "CurrentState": state}


@operation("pipes", "CreatePipe")
def _create(request):
    name, now = request["Name"], int(time.time())
    if name in pipes._pipes:
        raise AwsError("ConflictException", f"Pipe {name} already exists.")
    _check(request)
    pipe = {
        **request, "Arn": f"arn:aws:pipes:{get_region()}:{get_account_id()}:pipe/{name}", "StateReason": "",
        "DesiredState": request.get("DesiredState", "RUNNING"), "CreationTime": now, "Tags": request.get("Tags") or {},
    }
    pipes._pipes[name] = pipe
    return _change(pipe, "CREATING")


@operation("pipes", "DescribePipe")
def _describe(request):
    pipe = _pipe(request["Name"])
    members = service_model("pipes").operation_model("DescribePipe").output_shape.members
    return {name: pipe[name] for name in members if name in pipe}


def _updated_source(pipe, request):
    """The settings of a source after an update: those of a service are replaced as a whole, but for the start."""
    before, after = pipe.get("SourceParameters") or {}, request.get("SourceParameters") or {}
    merged = {**before, **after}
    for name in _STREAM_PARAMETERS.values():
        start = {key: value for key, value in before.get(name, {}).items() if key.startswith("StartingPosition")}
        if name in after:
            merged[name] = {**start, **after[name]}
    return merged


@operation("pipes", "UpdatePipe")
def _update(request):
    pipe = _settled_pipe(request["Name"])
    changed = {name: request[name] for name in _UPDATABLE if name in request}
    changed["SourceParameters"] = _updated_source(pipe, request)
    changed["DesiredState"] = request.get("DesiredState", pipe["DesiredState"])
    _check({**pipe, **changed})
    pipe.update(changed)
    return _change(pipe, "UPDATING")


@operation("pipes", "StartPipe")
def _start(request):
    pipe = _settled_pipe(request["Name"])
    pipe["DesiredState"] = "RUNNING"
    return pipes._lifecycle_response(pipe) if pipe["CurrentState"] == "RUNNING" else _change(pipe, "STARTING")


@operation("pipes", "StopPipe")
def _stop(request):
    pipe = _settled_pipe(request["Name"])
    pipe["DesiredState"] = "STOPPED"
    return pipes._lifecycle_response(pipe) if pipe["CurrentState"] == "STOPPED" else _change(pipe, "STOPPING")


@operation("pipes", "DeletePipe")
def _delete(request):
    pipe = _pipe(request["Name"])
    pipes.delete_pipe(request["Name"])
    runner = _runners.pop((get_account_id(), get_region(), request["Name"]), None)
    if runner:
        runner.work.wake.set()
    return {**pipes._lifecycle_response(pipe), "DesiredState": "DELETED", "CurrentState": "DELETING"}


def install():
    pipes._ensure_poller = _start_all
