"""
Adds: what only the world outside can do to an AWS account, for stories and tests, under /_aws-patterns/ on the gateway;
README.md lists the calls.
AWS has an API for one of these, Fault Injection Service (aws:ec2:send-spot-instance-interruptions), which the emulator
lacks. The gateway listens on the loopback interface only, so these calls need no credentials.
Delete when: the emulator has FIS (spot-interruption); the rest stays, as AWS offers no API for it.
"""

import json
import os
from urllib.parse import parse_qs

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import ec2

from . import (
    authorization_log, cost_data, ec2_lifecycle, eventbus, function_hosts, inspector_findings, lambda_snapstart, schedules,
    ses_identities,
)

_PREFIX = "/_aws-patterns/"


class _BadRequest(Exception):
    pass


def _required(query, name):
    if name not in query:
        raise _BadRequest(f"the query needs {name}")
    return query[name]


def _count(query, name, default):
    try:
        return int(query.get(name, default))
    except ValueError:
        raise _BadRequest(f"{name} is {query[name]!r}, which is no whole number") from None


def _on_instance(query, action):
    """Act on an instance wherever it is: identifiers are unique over accounts and regions."""
    wanted = _required(query, "instanceId")
    for (account, region, identifier), record in ec2._instances.all_items():
        if identifier == wanted:
            with request_scope(account, region):
                action(record)
            return {"instanceId": wanted, "account": account, "region": region}
    raise _BadRequest(f"there is no instance {wanted}")


def _kill(query):
    return _on_instance(query, lambda record: ec2_lifecycle.terminate(record, ec2_lifecycle.HARDWARE))


def _interrupt(query):
    seconds = _count(query, "noticeSeconds", 120)

    def act(record):
        if record["InstanceLifecycle"] != "spot":
            raise _BadRequest(f"{record['InstanceId']} is not a Spot instance")
        ec2_lifecycle.interrupt(record, seconds)

    return _on_instance(query, act)


def _lose(query):
    detail_type, count = _required(query, "detailType"), _count(query, "count", 1)
    if count < 1:
        raise _BadRequest(f"count is {count}; it is at least 1")
    eventbus.lose(detail_type, count, query.get("account"))
    return {"detailType": detail_type, "count": count}


def _idle(query):
    name, version = _required(query, "function"), _required(query, "version")
    if not lambda_snapstart.idle(name, _required(query, "account"), query.get("region", "us-east-1"), version):
        raise _BadRequest(f"there is no version {version} of {name}")
    return {"function": name, "version": version}


def _fire(query):
    name = _required(query, "name")
    fired = schedules.fire_schedule(name, query.get("group", "default"), query.get("account"))
    if not fired:
        raise _BadRequest(f"there is no schedule {query.get('group', 'default')}/{name}")
    return {"fired": fired}


def _verify_email(query):
    identity = _required(query, "identity")
    verified = ses_identities.verify_email(identity, query.get("account"), query.get("region"))
    if not verified:
        raise _BadRequest(f"there is no identity {identity}; SES verifies what CreateEmailIdentity has made")
    return {"verified": verified}


def _document(query):
    try:
        return json.loads(query["body"])
    except ValueError as error:
        raise _BadRequest(f"the body is no JSON: {error}") from None


def _fail_costs(query):
    count = _count(query, "count", 1)
    if count < 1:
        raise _BadRequest(f"count is {count}; it is at least 1")
    return cost_data.fail(_required(query, "error"), count, query.get("account"))


def _authorizations(query):
    return authorization_log.authorizations(_required(query, "role"), query.get("account"))


_ACTIONS = {
    ("POST", "kill-instance"): _kill,
    ("POST", "spot-interruption"): _interrupt,
    ("POST", "lose-events"): _lose,
    ("POST", "fire-schedule"): _fire,
    ("POST", "idle-version"): _idle,
    ("POST", "verify-email"): _verify_email,
    ("POST", "aged-token"): lambda query: {"token": function_hosts.aged(_required(query, "token"), _count(query, "seconds", 0))},
    ("POST", "costs"): lambda query: cost_data.load(_document(query)),
    ("DELETE", "costs"): lambda query: cost_data.clear(),
    ("POST", "cost-fault"): _fail_costs,
    ("POST", "findings"): lambda query: inspector_findings.find(_document(query)),
    ("GET", "lost-events"): lambda query: eventbus.lost_events(),
    ("GET", "authorizations"): _authorizations,
    ("GET", "identity"): lambda query: {"identity": os.environ.get("AWS_PATTERNS_IDENTITY", "")},
}


def _answer(method, path, query, body):
    key = (method, path.removeprefix(_PREFIX))
    try:
        if key in _ACTIONS:
            return 200, _ACTIONS[key]({**{name: given[0] for name, given in query.items()}, "body": body})
    except (_BadRequest, cost_data.BadCosts, inspector_findings.BadFinding) as error:
        return 400, {"error": str(error)}
    known = ", ".join(f"{m} {_PREFIX}{name}" for m, name in _ACTIONS)
    return 404, {"error": f"there is no {method} {path}; there are {known}"}


async def _body(receive):
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def install():
    gateway = app.app

    async def with_admin(scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            await gateway(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode())
        status, body = _answer(scope["method"], scope["path"], query, await _body(receive))
        await send({"type": "http.response.start", "status": status,
                    "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    app.app = with_admin
