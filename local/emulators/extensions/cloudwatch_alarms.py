"""
Adds: alarms that judge the metric with their own dimensions over their own periods, treat missing data as they say and
announce their changes on EventBridge; the metrics of SQS queues that alarms watch.
Follows: CloudWatch User Guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data", "Alarm
events and EventBridge"; SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS".
Delete when: the emulator's alarms honour Dimensions and it publishes AWS/SQS metrics.
"""

import logging
import threading
import time

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

from . import clock
from .eventbus import emit
from .wire import timestamp

logger = logging.getLogger("aws-patterns")

# AWS takes samples once a minute.
_SAMPLE_SECONDS = 1.0
_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def _breaches(alarm, now):
    """Whether each of the alarm's last periods breaches; None where there is no data."""
    dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions") or []}
    points = cloudwatch._metrics.get(
        (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))) or []
    statistic, period = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average"), alarm.get("Period", 60)
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    for index in range(alarm.get("EvaluationPeriods", 1)):
        end = now - index * period
        inside = [p for p in points if end - period < p["Timestamp"] <= end]
        value = cloudwatch._stat_value(cloudwatch._calc_stats(inside), statistic, inside) if inside else None
        yield None if value is None else compare(value, alarm.get("Threshold", 0))


def _judge(alarm, now):
    """The state that an alarm has now, or None to keep the one it has."""
    missing = alarm.get("TreatMissingData") or "missing"
    found = list(_breaches(alarm, now))
    if all(b is None for b in found):
        return {"missing": "INSUFFICIENT_DATA", "ignore": None, "breaching": "ALARM", "notBreaching": "OK"}[missing]
    breaching = sum(missing == "breaching" if b is None else b for b in found)
    needed = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods", 1)
    return "ALARM" if breaching >= needed else "OK"


def _evaluate(alarm):
    if not alarm.get("Namespace") or alarm.get("ComparisonOperator") not in _COMPARISONS:
        return
    now, old = time.time(), alarm["StateValue"]
    new = _judge(alarm, now)
    if new is None or new == old:
        return
    reason = f"{alarm.get('Statistic')} of {alarm['MetricName']} {alarm['ComparisonOperator']} {alarm.get('Threshold')}"
    since = alarm.get("StateUpdatedTimestamp", now)
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(now))
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    emit("aws.cloudwatch", "CloudWatch Alarm State Change", [alarm["AlarmArn"]], {
        "alarmName": alarm["AlarmName"], "state": {"value": new, "reason": reason, "timestamp": timestamp(now)},
        "previousState": {"value": old, "timestamp": timestamp(since)},
    })
    cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _sample_queue(name, now):
    queue = sqs._queues.get(sqs._queue_name_to_url.get(name, ""))
    if queue is None:
        return
    messages = queue["messages"]
    hidden = [m for m in messages if m["visible_at"] > now]
    in_flight = sum(m["receive_count"] > 0 for m in hidden)
    counts = {
        "ApproximateNumberOfMessagesVisible": len(messages) - len(hidden),
        "ApproximateNumberOfMessagesNotVisible": in_flight,
        "ApproximateNumberOfMessagesDelayed": len(hidden) - in_flight,
    }
    for metric, count in counts.items():
        cloudwatch.record_metric("AWS/SQS", metric, count, "Count", {"QueueName": name})
    age = max((now - m["sent_at"] for m in messages), default=0)
    cloudwatch.record_metric("AWS/SQS", "ApproximateAgeOfOldestMessage", age, "Seconds", {"QueueName": name})


def _forget_old_points(now):
    for key, points in cloudwatch._metrics.items():
        if key[0] == "AWS/SQS" and len(points) > 1000:
            cloudwatch._metrics[key] = [p for p in points if p["Timestamp"] > now - 900]


def _sample():
    """Measure the queues that alarms watch, then judge every alarm, account by account."""
    now = time.time()
    for account, region in {(key[0], key[1]) for key in cloudwatch._alarms.to_dict()}:
        with request_scope(account, region):
            watched = {d["Value"] for alarm in cloudwatch._alarms.values() if alarm.get("Namespace") == "AWS/SQS"
                       for d in alarm.get("Dimensions") or [] if d["Name"] == "QueueName"}
            for name in watched:
                _sample_queue(name, now)
            _forget_old_points(now)
            cloudwatch._evaluate_all_alarms()


def _run():
    while True:
        time.sleep(_SAMPLE_SECONDS)
        if app._MAIN_LOOP is None:
            continue
        try:
            clock.on_loop(_sample)
        except Exception:
            logger.exception("alarms were not evaluated")


def install():
    cloudwatch._evaluate_alarm = _evaluate
    threading.Thread(target=_run, daemon=True, name="alarms").start()
