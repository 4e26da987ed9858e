"""
Adds: metrics that functions write to their log in the embedded metric format.
Follows: CloudWatch User Guide, "Specification: Embedded metric format".
Delete when: the emulator extracts them from log events.
"""

import json

from ministack.services import cloudwatch, lambda_svc

from . import clock


def _documents(text):
    """The embedded metric documents among the lines of a log; a line may begin with time, request id and level."""
    for line in text.splitlines():
        start = line.find("{")
        if start < 0 or '"_aws"' not in line:
            continue
        try:
            document = json.loads(line[start:])
        except ValueError:
            continue
        if isinstance(document, dict) and isinstance(document.get("_aws"), dict):
            yield document


def _store(document):
    when = document["_aws"].get("Timestamp", 0) / 1000
    for directive in document["_aws"].get("CloudWatchMetrics", []):
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document[name]) for name in names if name in document}
            for metric in directive.get("Metrics", []):
                value = document.get(metric["Name"])
                if value is None:
                    continue
                values = value if isinstance(value, list) else None
                cloudwatch._store_datum(directive["Namespace"], metric["Name"], dimensions, when,
                                        metric.get("Unit", "None"), value, values, None, None)


def _store_all(text):
    for document in _documents(text):
        _store(document)


def install():
    emit = lambda_svc._emit_lambda_logs

    def emit_with_metrics(func, request_id, log_text, *rest, **named):
        emit(func, request_id, log_text, *rest, **named)
        if log_text and '"_aws"' in log_text:
            clock.on_loop(_store_all, log_text)

    lambda_svc._emit_lambda_logs = emit_with_metrics
