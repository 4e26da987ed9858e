"""
Adds: time zones of EventBridge Scheduler, daylight saving included; the moment that a schedule was due, for its target;
one-time schedules that fire within a second, also after an update.
Follows: EventBridge Scheduler User Guide, "Schedule types" and "Daylight savings time": a time that the clocks skip is
skipped, one that they repeat fires once.
Delete when: the emulator's scheduler honours ScheduleExpressionTimezone.
"""

import logging
import re
import time
from datetime import datetime, timezone

from dateutil import tz
from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import eventbridge, scheduler

from . import clock
from .wire import AwsError, before

logger = logging.getLogger("aws-patterns")

_AT = re.compile(r"^at\((.+)\)$")
_last_fired = scheduler._schedule_last_fired


@before("scheduler", "CreateSchedule", "UpdateSchedule")
def _begin(request):
    """A schedule that is made or changed has not fired yet."""
    zone = request.get("ScheduleExpressionTimezone", "UTC")
    if tz.gettz(zone) is None:
        raise AwsError("ValidationException", f"Invalid ScheduleExpressionTimezone {zone}.")
    key = (get_account_id(), get_region(), f"{request.get('GroupName', 'default')}/{request['Name']}")
    _last_fired.pop(key, None)


def _next_of_cron(fields, zone, since):
    """The first moment after `since` that the clocks of the zone show."""
    after = datetime.fromtimestamp(since, zone)
    while True:
        found = eventbridge._cron_next_fire(fields, after)
        if found is None or tz.datetime_exists(found):
            return found and found.timestamp()
        after = found


def _due(key, schedule, now):
    """The moment that a schedule is due at, or was; None where there is none."""
    expression, zone = schedule["ScheduleExpression"].strip(), tz.gettz(schedule["ScheduleExpressionTimezone"])
    once = _AT.match(expression)
    if once:
        moment = datetime.fromisoformat(once[1].strip()).replace(tzinfo=zone).timestamp()
        return None if key in _last_fired else moment
    since = _last_fired.setdefault(key, schedule.get("CreationDate", now))
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        return since + interval
    fields = eventbridge._parse_cron_fields(expression)
    return fields and _next_of_cron(fields, zone, since)


def _fire(schedule, moment):
    event = {"EventId": new_uuid(), "Source": "aws.scheduler", "DetailType": "Scheduled Event", "Detail": "{}",
             "Time": moment, "Resources": [schedule["Arn"]], "Account": get_account_id(), "Region": get_region()}
    eventbridge._invoke_target(schedule["Target"], event, schedule)


def _forget(key):
    scheduler._schedules._data.pop(key, None)
    _last_fired.pop(key, None)


def _tick_one(key, schedule, now):
    completes = schedule.get("ActionAfterCompletion") == "DELETE"
    start, end = (scheduler._to_epoch(schedule.get(name)) for name in ("StartDate", "EndDate"))
    if schedule.get("State") != "ENABLED" or (start is not None and now < start):
        return
    if end is not None and now > end:
        if completes:
            _forget(key)
        return
    moment = _due(key, schedule, now)
    if moment is None or now < moment:
        return
    _last_fired[key] = now
    with request_scope(key[0], key[1]):
        _fire(schedule, moment)
    if completes and _AT.match(schedule["ScheduleExpression"].strip()):
        _forget(key)


def _tick():
    now = time.time()
    for key, schedule in list(scheduler._schedules._data.items()):
        try:
            _tick_one(key, schedule, now)
        except Exception:
            logger.exception("schedule %s failed", key[2])


def fire_schedule(name, group, account=None):
    """Fire a schedule now, whatever its time. Returns the ARNs of those that were found."""
    fired = []
    for (owner, region, key), schedule in list(scheduler._schedules._data.items()):
        if key == f"{group}/{name}" and account in (None, owner):
            with request_scope(owner, region):
                _fire(schedule, time.time())
            fired.append(schedule["Arn"])
    return fired


def install():
    scheduler._SCHEDULE_TICK_INTERVAL = 1
    # On the loop, like every other delivery: two threads must not change one queue at a time.
    scheduler._tick_schedules = lambda: clock.on_loop(_tick)
