"""
Adds: deliveries of EventBridge rules and EventBridge Scheduler as AWS makes them: only with permission (the policy of a
queue, topic or function for a rule, the role of a schedule), to FIFO queues through content-based deduplication, to
functions asynchronously with retries, and to the target's dead-letter queue when they fail. Input of a schedule may name
<aws.scheduler.…> attributes.
Follows: EventBridge User Guide, "Using resource-based policies", "Using dead-letter queues to process undelivered
events", "Amazon SQS FIFO queue targets"; EventBridge Scheduler User Guide, "Set up the execution role", "Add context
attributes", "Configure a dead-letter queue"; Lambda Developer Guide, "Invoking a function asynchronously".
Delete when: the emulator checks permissions of deliveries and honours DeadLetterConfig of targets.
"""

import contextvars
import json
import logging
import threading
import time

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_region, new_uuid, request_scope
from ministack.services import eventbridge, lambda_svc, sns, sqs

from . import clock
from .permissions import policy_problem, role_problem

logger = logging.getLogger("aws-patterns")

_RULES, _SCHEDULES = "events.amazonaws.com", "scheduler.amazonaws.com"
_ACTIONS = {
    "sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction",
    "states": "states:StartExecution", "kinesis": "kinesis:PutRecord", "firehose": "firehose:PutRecord",
    "events": "events:PutEvents",
}
# What a rule reaches by the target's own policy; it reaches the rest by a role.
_BY_POLICY = ("sqs", "sns", "lambda")
# The failure of the delivery that this thread makes, which the emulator itself would log and forget.
_delivery = threading.local()


def _policy_and_existence(arn, spec):
    """(whether the target exists, its policy)"""
    if spec.service == "sqs":
        queue = sqs._queue_by_arn(arn)
        return queue is not None, queue and queue["attributes"].get("Policy")
    if spec.service == "sns":
        topic = sns._topic_by_arn_any_scope(arn)
        return topic is not None, topic and topic.get("attributes", {}).get("Policy")
    function, _config, _name = lambda_svc._get_func_record_for_ref(arn)
    return function is not None, function and function.get("policy")


def _problem(target, source):
    """Why a delivery cannot be made: (code, message), or None."""
    try:
        arn, spec = target["Arn"], parse_arn(target["Arn"])
    except (KeyError, ArnParseError):
        return "INVALID_PARAMETER", f"{target.get('Arn')} is no ARN"
    action = _ACTIONS.get(spec.service)
    if action is None:
        return None
    if spec.service in _BY_POLICY:
        exists, policy = _policy_and_existence(arn, spec)
        if not exists:
            return "NO_RESOURCE", f"{arn} does not exist"
    service = _SCHEDULES if source["Arn"].startswith("arn:aws:scheduler:") else _RULES
    role = target.get("RoleArn")
    if role or service == _SCHEDULES:
        # A version or alias of a function is authorized as such, a plain function by its own ARN.
        problem = role_problem(role, service, action, arn)
    elif spec.service in _BY_POLICY:
        problem = policy_problem(policy, service, action, arn, source["Arn"])
    else:
        problem = None
    return ("NO_PERMISSIONS", problem) if problem else None


def _attribute(value):
    return {"DataType": "String", "StringValue": value}


def _to_dead_letters(target, source, body, code, message):
    """Send what could not be delivered to the target's dead-letter queue, if it has one."""
    logger.warning("not delivered from %s to %s: %s: %s", source["Arn"], target.get("Arn"), code, message)
    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    queue = sqs._queue_by_arn(queue_arn) if queue_arn else None
    if queue is None:
        return
    scheduled = source["Arn"].startswith("arn:aws:scheduler:")
    problem = (role_problem(target.get("RoleArn"), _SCHEDULES, "sqs:SendMessage", queue_arn) if scheduled else
               policy_problem(queue["attributes"].get("Policy"), _RULES, "sqs:SendMessage", queue_arn, source["Arn"]))
    if problem:
        logger.warning("lost: the dead-letter queue cannot be used either: %s", problem)
        return
    attributes = {"ERROR_CODE": code, "ERROR_MESSAGE": message, "TARGET_ARN": target.get("Arn", "")}
    attributes["SCHEDULE_ARN" if scheduled else "RULE_ARN"] = source["Arn"]
    _send(queue, {"MessageBody": body, "MessageAttributes": {n: _attribute(v) for n, v in attributes.items()}})


def _send(queue, message):
    """Send to a queue as the service itself, not as the caller that caused the delivery."""
    def send():
        with request_scope(account, region):
            sqs._act_send_message({"QueueUrl": queue["url"], **message}, queue["url"])

    account, region = parse_arn(queue["attributes"]["QueueArn"]).account_id, get_region()
    contextvars.Context().run(send)


def _deliver_to_queue(spec, payload, sqs_parameters=None):
    queue = sqs._queue_by_arn(str(spec))
    message = {"MessageBody": payload}
    if queue.get("is_fifo"):
        message["MessageGroupId"] = (sqs_parameters or {}).get("MessageGroupId")
    try:
        _send(queue, message)
    except sqs._Err as error:
        _delivery.failure = (error.code, error.message)


def _deliver_to_function(arn, payload):
    function, config, _name = lambda_svc._get_func_record_for_ref(arn)
    try:
        event = json.loads(payload)
    except ValueError:
        event = payload
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), event)


def _with_context(target, event, source):
    """A schedule's target with the context attributes in its Input filled in."""
    text = target.get("Input")
    if not text or "<aws.scheduler." not in text:
        return target
    values = {"schedule-arn": source["Arn"], "execution-id": new_uuid(), "attempt-number": "1",
              "scheduled-time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(event["Time"]))}
    for name, value in values.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return {**target, "Input": text}


def install():
    deliver = eventbridge._invoke_target

    def invoke(target, event, source, view=None):
        target = _with_context(target, event, source)
        view = view or eventbridge._pattern_event_view(event)
        body = target.get("Input") or json.dumps(view.event_with_detail())
        problem = _problem(target, source)
        if problem:
            _to_dead_letters(target, source, body, *problem)
            return
        _delivery.failure = None
        deliver(target, event, source, view)
        if _delivery.failure:
            _to_dead_letters(target, source, body, *_delivery.failure)

    eventbridge._invoke_target = invoke
    eventbridge._dispatch_to_sqs = _deliver_to_queue
    eventbridge._dispatch_to_lambda = _deliver_to_function
    eventbridge._SCHEDULER_TICK_INTERVAL = 1
    # On the loop, like every other delivery: two threads must not change one queue at a time.
    tick = eventbridge._tick_scheduled_rules
    eventbridge._tick_scheduled_rules = lambda: clock.on_loop(tick)
