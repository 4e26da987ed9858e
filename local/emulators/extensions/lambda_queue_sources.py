"""
Adds: SQS event source mappings as Lambda runs them: batching windows, batches of more than ten, throttling that counts
as a receive, and the refusals of a mapping that could not work. No message is lost when it arrives while another is
deleted: the emulator's pollers change queues on the loop, where every request does.
Follows: Lambda Developer Guide, "Using Lambda with Amazon SQS" (batching, "Configuring scaling", execution role
permissions) and CreateEventSourceMapping in the API Reference.
Delete when: the emulator honours MaximumBatchingWindowInSeconds and keeps throttled messages.
"""

import time

from ministack.core.concurrency import esm_wake
from ministack.services import lambda_svc, sqs

from . import clock
from .permissions import role_problem
from .wire import AwsError, before

_READ_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def _mapping_problem(settings, arn, function):
    """Why AWS would refuse a mapping from this queue to this function, or None."""
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        return ("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS "
                "Error Message: The specified queue does not exist.")
    size, window = settings.get("BatchSize", 10), settings.get("MaximumBatchingWindowInSeconds", 0)
    if queue["is_fifo"] and window:
        return "Batching window is not supported for FIFO queues."
    if queue["is_fifo"] and size > 10:
        return "Maximum batch size for FIFO queues is 10."
    if size > 10 and not window:
        return "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
    visibility, timeout = int(queue["attributes"].get("VisibilityTimeout", "30")), function["config"].get("Timeout", 3)
    if visibility < timeout:
        return f"Queue visibility timeout: {visibility} seconds is less than Function timeout: {timeout} seconds"
    for action in _READ_ACTIONS:
        if role_problem(function["config"].get("Role"), "lambda.amazonaws.com", action, arn):
            return f"The function execution role does not have permissions to call {action.split(':')[1]} on SQS"
    return None


def _check_mapping(settings, name):
    function = lambda_svc._functions.get(name)
    problem = function and _mapping_problem(settings, settings["EventSourceArn"], function)
    if problem:
        raise AwsError("InvalidParameterValueException", problem)


@before("lambda", "CreateEventSourceMapping")
def _check_new_mapping(request):
    arn = request.get("EventSourceArn", "")
    name, _qualifier, error = lambda_svc._resolve_existing_esm_function(request["FunctionName"])
    if error or not arn.startswith("arn:aws:sqs:"):
        return
    existing = next((m for m in lambda_svc._esms.values()
                     if m["EventSourceArn"] == arn and m["FunctionName"] == name), None)
    if existing:
        raise AwsError("ResourceConflictException", f'An event source mapping with SQS arn (" {arn} ") and function '
                       f'(" {name} ") already exists. Please update or delete the existing mapping with UUID '
                       f"{existing['UUID']}")
    _check_mapping(request, name)


@before("lambda", "UpdateEventSourceMapping")
def _check_changed_mapping(request):
    mapping = lambda_svc._esms.get(request["UUID"])
    if mapping and mapping["EventSourceArn"].startswith("arn:aws:sqs:"):
        _check_mapping({**mapping, **request}, mapping["FunctionName"])


def _window_of(queue_arn):
    return max((m.get("MaximumBatchingWindowInSeconds", 0) for m in lambda_svc._esms.values()
                if m["EventSourceArn"] == queue_arn and m.get("Enabled", True)), default=0)


def _wait_of(queue, size):
    """Seconds until the window of a batch that is not full yet ends; None when there is nothing to wait for."""
    now = time.time()
    visible = [m["visible_at"] for m in queue["messages"] if m["visible_at"] <= now]
    if not visible:
        return None
    window = _window_of(queue["attributes"]["QueueArn"])
    return max(0.0, min(visible) + window - now) if len(visible) < size else 0.0


def _receive(queue_url, size):
    queue = sqs._get_q(queue_url)
    size = int(size or 10)
    sqs._expire_retained(queue)
    sqs._dlq_sweep(queue)
    if not queue["is_fifo"]:
        wait = _wait_of(queue, size)
        if wait is None:
            return []
        if wait > 0:
            clock.after(wait, esm_wake.set)
            return []
    return sqs._collect_msgs(queue, size, int(queue["attributes"].get("VisibilityTimeout", "30")))


def _concurrency(mapping, function, config, queue=None):
    # Reserved concurrency does not slow the pollers down: what it cannot take is throttled, and counts as received.
    if (queue or {}).get("is_fifo"):
        return 1
    return (mapping.get("ScalingConfig") or {}).get("MaximumConcurrency") or lambda_svc._ESM_SQS_DEFAULT_CONCURRENCY


def install():
    delete, throttle, fail = (
        sqs._delete_messages_for_esm, lambda_svc._throttle_response, lambda_svc._route_async_failure)

    def throttled(*arguments, **named):
        # Without this a throttled batch is taken for a successful one, and its messages are deleted.
        result = throttle(*arguments, **named)
        return {**result, "error": True}

    sqs._receive_messages_for_esm = lambda url, size: clock.on_loop(_receive, url, size)
    sqs._delete_messages_for_esm = lambda url, handles: clock.on_loop(delete, url, handles)
    lambda_svc._route_async_failure = lambda *arguments: clock.on_loop(fail, *arguments)
    lambda_svc._throttle_response = throttled
    lambda_svc._sqs_esm_concurrency = _concurrency


