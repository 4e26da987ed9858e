"""
What EventBridge Pipes does with events that it has read: filters, enrichment and targets, all with the permissions of
the pipe's role. A type of enrichment or target that is not in the tables below is refused when a pipe is created.
Follows: EventBridge User Guide, "Event filtering in Amazon EventBridge Pipes", "Amazon EventBridge Pipes event
enrichment", "Amazon EventBridge Pipes targets" and "Amazon EventBridge Pipes batching and concurrency".
"""

import json
import time
import urllib.error
import urllib.request

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, sqs, stepfunctions

from .permissions import role_problem
from .pipes_templates import as_text, for_filters, parameter, render
from .role_sessions import client, credentials_of

PRINCIPAL = "pipes.amazonaws.com"
_MOST_BYTES_OF_AN_ANSWER = 6 * 1024 * 1024


class Failure(Exception):
    """
    Something that a pipe could not do.

    code: the error's code, where an API has answered
    internal: no fault of the pipe's user, and no attempt that counts
    failed: positions of the events that failed, None for all of them
    """

    def __init__(self, reason, code="", internal=False, failed=None):
        super().__init__(reason)
        self.code, self.internal, self.failed = code, internal, failed


def call(pipe, service, operation, **arguments):
    """Calls an API operation with the permissions of the pipe's role."""
    credentials = credentials_of(pipe["RoleArn"], PRINCIPAL)
    if credentials is None:
        raise Failure(f"The role {pipe['RoleArn']} cannot be assumed by {PRINCIPAL}.", "AccessDenied")
    try:
        return client(service, get_region(), *credentials)._make_api_call(operation, arguments)
    except ClientError as error:
        code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
        raise Failure(str(error), code, internal=status >= 500) from None
    except ParamValidationError as error:
        raise Failure(str(error)) from None
    except BotoCoreError as error:
        raise Failure(str(error), internal=True) from None


def queue_url(arn):
    spec = parse_arn(arn)
    return sqs._queue_url_for_account(spec.account_id, spec.resource)


def kind_of(arn):
    """What an ARN names, as the tables below know it."""
    try:
        spec = parse_arn(arn)
    except ArnParseError:
        return ""
    return f"events:{spec.resource.split('/')[0]}" if spec.service == "events" else spec.service


def matches(pipe, event):
    """Whether a pipe lets an event through."""
    filters = ((pipe.get("SourceParameters") or {}).get("FilterCriteria") or {}).get("Filters") or []
    view = for_filters(event)
    return not filters or any(
        eventbridge._matches_detail(view, alternative)
        for item in filters for alternative in eventbridge._compiled_pattern(item["Pattern"]) or ())


def _array(texts):
    """The JSON array that a function or a state machine gets."""
    for text in texts:
        try:
            json.loads(text)
        except ValueError:
            raise Failure(f"The input template gives no valid JSON: {text}") from None
    return f"[{','.join(texts)}]"


def _value(text):
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _invoke(pipe, arn, texts, invocation):
    kind = "Event" if invocation == "FIRE_AND_FORGET" else "RequestResponse"
    answer = call(pipe, "lambda", "Invoke", FunctionName=arn, InvocationType=kind, Payload=_array(texts).encode())
    text = answer["Payload"].read().decode("utf-8", "replace")
    if answer.get("FunctionError"):
        raise Failure(f"The function {arn} failed: {text}")
    return _value(text)


def is_standard(arn):
    """Whether a state machine exists and is no Express one, which is the only kind that answers."""
    machine = stepfunctions._state_machines.get(arn)
    return machine is not None and machine.get("type", "STANDARD") != "EXPRESS"


def _execute(pipe, arn, texts, invocation):
    if invocation == "FIRE_AND_FORGET":
        call(pipe, "stepfunctions", "StartExecution", stateMachineArn=arn, input=_array(texts))
        return None
    if is_standard(arn):
        raise Failure(f"StartSyncExecution is not supported by the STANDARD state machine {arn}.")
    answer = call(pipe, "stepfunctions", "StartSyncExecution", stateMachineArn=arn, input=_array(texts))
    if answer["status"] != "SUCCEEDED":
        raise Failure(f"{arn}: {answer['status']} {answer.get('error', '')} {answer.get('cause', '')}")
    return _value(answer.get("output"))


def _send_http(pipe, arn, text, event, http):
    """Calls an API destination; answers what it answered."""
    problem = role_problem(pipe["RoleArn"], PRINCIPAL, "events:InvokeApiDestination", arn)
    destination = eventbridge._api_destinations.get(parse_arn(arn).resource.split("/")[1])
    name = destination["ConnectionArn"].split("/")[1] if destination else ""
    connection = eventbridge._connections.get(name)
    if problem or not connection or connection.get("ConnectionState") != "AUTHORIZED":
        raise Failure(problem or f"The API destination {arn} or its connection cannot be used.")
    resolved = eventbridge._resolve_http_parameters(http or {}, event)
    request = eventbridge._build_api_destination_request(destination, connection, resolved, text)
    try:
        secret = eventbridge._connection_auth_headers(connection, (get_account_id(), get_region(), name))
        sent = urllib.request.Request(
            request["url"], data=request["body"].encode(), method=request["method"],
            headers=eventbridge._finalize_api_dest_headers({**request["headers"], **secret}))
        with eventbridge._http_open(sent) as response:
            return _value(response.read(_MOST_BYTES_OF_AN_ANSWER).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        raise Failure(f"{request['url']} answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise Failure(f"{request['url']}: {error}", internal=isinstance(error, OSError)) from None


def _enriched(pipe, events):
    """What the enrichment makes of the events; none where it answers nothing."""
    arn, settings = pipe.get("Enrichment"), pipe.get("EnrichmentParameters") or {}
    if not arn:
        return events
    texts = [render(pipe, settings.get("InputTemplate"), event) for event in events]
    if kind_of(arn) == "events:api-destination":
        answers = [_send_http(pipe, arn, text, event, settings.get("HttpParameters"))
                   for text, event in zip(texts, events)]
        return [answer for answer in answers if answer]
    answer = ENRICHMENTS[kind_of(arn)](pipe, arn, texts, "REQUEST_RESPONSE")
    return answer if isinstance(answer, list) else [answer] if answer else []


def _to_queue(pipe, arn, text, event, settings):
    more = {name: parameter(value, event) for name, value in settings.items()}
    call(pipe, "sqs", "SendMessage", QueueUrl=queue_url(arn), MessageBody=text,
         **{name: value for name, value in more.items() if value is not None})


def _to_bus(pipe, arn, text, event, settings):
    source = event.get("eventSource", "") if isinstance(event, dict) else ""
    entry = {
        "EventBusName": arn, "Detail": text,
        "Source": parameter(settings.get("Source"), event) or f"Pipe {pipe['Name']}",
        "DetailType": parameter(settings.get("DetailType"), event) or f"Event from {source or pipe['Source']}",
        "Resources": [parameter(item, event) for item in settings.get("Resources") or []],
        "Time": parameter(settings.get("Time"), event),
    }
    answer = call(pipe, "events", "PutEvents", Entries=[{k: v for k, v in entry.items() if v is not None}])
    if answer.get("FailedEntryCount"):
        raise Failure(f"{arn} refused an event: {answer['Entries'][0].get('ErrorMessage')}")


def _to_stream(pipe, arn, text, event, settings):
    key = parameter(settings["PartitionKey"], event)
    call(pipe, "kinesis", "PutRecord", StreamARN=arn, Data=text.encode(), PartitionKey=key)


def _to_topic(pipe, arn, text, _event, _settings):
    call(pipe, "sns", "Publish", TopicArn=arn, Message=text)


def _to_log(pipe, arn, text, event, settings):
    moment = parameter(settings.get("Timestamp"), event)
    if moment and not moment.isdigit():
        raise Failure(f"The timestamp {moment} is no number of milliseconds.")
    entry = {"message": text, "timestamp": int(moment or time.time() * 1000)}
    call(pipe, "logs", "PutLogEvents", logGroupName=arn.split(":log-group:")[1].removesuffix(":*"),
         logStreamName=parameter(settings["LogStreamName"], event), logEvents=[entry])


ENRICHMENTS = {"lambda": _invoke, "states": _execute, "events:api-destination": _send_http}
# Targets that take all events of a batch as one JSON array.
_WHOLE = {"lambda": (_invoke, "LambdaFunctionParameters"), "states": (_execute, "StepFunctionStateMachineParameters")}
# Targets that take one event at a time.
_SINGLE = {
    "sqs": (_to_queue, "SqsQueueParameters"), "sns": (_to_topic, ""),
    "kinesis": (_to_stream, "KinesisStreamParameters"), "logs": (_to_log, "CloudWatchLogsParameters"),
    "events:event-bus": (_to_bus, "EventBridgeEventBusParameters"),
    "events:api-destination": (_send_http, "HttpParameters"),
}
TARGETS = {*_WHOLE, *_SINGLE}


def _reported(answer, events):
    """Positions of the events that a target reports as failed; None for all of them, where a report makes no sense."""
    if not isinstance(answer, dict) or not answer.get("batchItemFailures"):
        return []
    positions = {event.get("messageId") or event.get("eventID"): number for number, event in enumerate(events)}
    try:
        return sorted({positions[item["itemIdentifier"]] for item in answer["batchItemFailures"]})
    except (KeyError, TypeError):
        return None


def _deliver_whole(pipe, events, texts):
    send, name = _WHOLE[kind_of(pipe["Target"])]
    settings = (pipe.get("TargetParameters") or {}).get(name) or {}
    answer = send(pipe, pipe["Target"], texts, settings.get("InvocationType", "REQUEST_RESPONSE"))
    failed = _reported(answer, events)
    if failed != []:
        raise Failure(f"{pipe['Target']} reports {as_text(answer)}", failed=failed)


def _deliver_single(pipe, events, items, texts, ordered):
    send, name = _SINGLE[kind_of(pipe["Target"])]
    settings = (pipe.get("TargetParameters") or {}).get(name) or {}
    failed, last = [], None
    for number, (item, text) in enumerate(zip(items, texts)):
        try:
            send(pipe, pipe["Target"], text, item, settings)
        except Failure as failure:
            last = failure
            failed += range(number, len(items)) if ordered else [number]
            if ordered:
                break
    if last:
        # An enrichment that answers more or fewer events than it got hides which of them an event came from.
        known = failed if len(items) == len(events) else None
        raise Failure(str(last), last.code, last.internal, known)


def deliver(pipe, events, ordered):
    """
    Takes events through enrichment and target.

    ordered: nothing may be delivered ahead of an event that failed
    """
    items = _enriched(pipe, events) if events else []
    template = (pipe.get("TargetParameters") or {}).get("InputTemplate")
    texts = [render(pipe, template, item) for item in items]
    if texts and kind_of(pipe["Target"]) in _WHOLE:
        # A text that an enrichment answered is JSON here, as its other answers are.
        whole = texts if template else [json.dumps(item, separators=(",", ":")) for item in items]
        _deliver_whole(pipe, events, whole)
    elif texts:
        _deliver_single(pipe, events, items, texts, ordered)
