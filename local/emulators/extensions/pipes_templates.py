"""
Input templates and path parameters of EventBridge Pipes: `<$.path>` and `<aws.pipes.…>` in an InputTemplate, `$.path`
in a parameter of a target, and the implicit parsing of a message's body or a record's data.
Follows: EventBridge User Guide, "Amazon EventBridge Pipes input transformation". As the guide warns, a template without
any quotes is text: `<$.body>` alone loses the quotes of JSON, which functions and state machines then cannot take.
"""

import base64
import binascii
import json
import re
from datetime import datetime, timezone

from ministack.services import eventbridge

_MISSING = object()
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\*)\]")
# The member of a source's events that holds what a user has written.
_PAYLOADS = {"aws:sqs": "body", "aws:kinesis": "data"}


def as_text(value):
    """A value as a target gets it: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _payload_of(event):
    """(name, text) of what a user has written into an event; the name is None where the event is JSON anyway."""
    name = _PAYLOADS.get(event.get("eventSource")) if isinstance(event, dict) else None
    text = event.get(name) if name else None
    if name != "data" or not isinstance(text, str):
        return (name, text) if isinstance(text, str) else (None, None)
    try:
        return name, base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return name, text


def _json_in(text):
    try:
        value = json.loads(text)
    except ValueError:
        return _MISSING
    return value if isinstance(value, (dict, list)) else _MISSING


def for_templates(event):
    """An event with its body or data as JSON, where that is JSON."""
    name, text = _payload_of(event)
    value = _json_in(text) if name else _MISSING
    return event if value is _MISSING else {**event, name: value}


def for_filters(event):
    """The same; the data of a Kinesis record that is no JSON is its text."""
    name, text = _payload_of(event)
    parsed = for_templates(event)
    return {**event, name: text} if name and parsed is event else parsed


def _steps_into(item, step):
    """What one step of a path leads to."""
    if step == "*":
        return list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else []
    if isinstance(item, dict):
        return [item[step]] if step in item else []
    return [item[int(step)]] if isinstance(item, list) and step.isdigit() and int(step) < len(item) else []


def _value_at(value, path):
    found, steps = [value], [name or index for name, index in _STEP.findall(path)]
    for step in steps:
        found = [inner for item in found for inner in _steps_into(item, step)]
    if "*" in steps:
        return found
    return found[0] if found else _MISSING


def parameter(value, event):
    """A parameter of a target, which may be a path into the event; None where the path leads nowhere."""
    if not isinstance(value, str) or not value.startswith("$."):
        return value
    found = _value_at(for_templates(event), value)
    return None if found is _MISSING else as_text(found)


def _variable(pipe, name, event):
    """What a variable of a template stands for, or _MISSING where a template has no such variable."""
    if name.startswith("$"):
        found = _value_at(for_templates(event), name)
        return "" if found is _MISSING else found
    if name == "aws.pipes.event.json":
        payload, _text = _payload_of(event)
        parsed = for_templates(event)
        return "" if payload and parsed is event else parsed
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "aws.pipes.pipe-arn": pipe["Arn"], "aws.pipes.pipe-name": pipe["Name"],
        "aws.pipes.source-arn": pipe["Source"], "aws.pipes.enrichment-arn": pipe.get("Enrichment") or "",
        "aws.pipes.target-arn": pipe["Target"], "aws.pipes.event.ingestion-time": now, "aws.pipes.event": event,
    }.get(name, _MISSING)


def render(pipe, template, event):
    """The text that a target or an enrichment gets for an event."""
    if not template:
        return as_text(event)
    values = {name: _variable(pipe, name, event) for name in eventbridge._PLACEHOLDER_RE.findall(template)}
    known = {name: value for name, value in values.items() if value is not _MISSING}
    return eventbridge._render_input_template(template, known)
