"""
Adds: lifecycle hooks that hold an instance until their action is completed or times out.
Follows: EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling lifecycle hooks" and "How lifecycle hooks work" (all
hooks of a transition act at once; ABANDON ends the others; the global timeout is 48 hours or 100 times the heartbeat);
API Reference, PutLifecycleHook, CompleteLifecycleAction, RecordLifecycleActionHeartbeat.
Delete when: the emulator's CompleteLifecycleAction does something.
"""

from ministack.core.responses import AccountRegionScopedDict, new_uuid

from . import clock
from .eventbus import emit
from .wire import AwsError, operation

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
_GLOBAL_SECONDS = 48 * 3600
_EVENTS = {
    LAUNCHING: ("EC2 Instance-launch Lifecycle Action", "EC2", "AutoScalingGroup"),
    TERMINATING: ("EC2 Instance-terminate Lifecycle Action", "AutoScalingGroup", "EC2"),
}

# Group name -> hook name -> hook.
_hooks = AccountRegionScopedDict()
# Instance -> hook name -> the action that holds it. Instance identifiers are unique over accounts and regions.
_active = {}


def make_hook(group, specification):
    """Validate a hook and put it on a group."""
    if specification.get("NotificationTargetARN"):
        raise AwsError("ValidationError", "The local cloud delivers lifecycle actions through EventBridge only; leave "
                       "NotificationTargetARN out.")
    heartbeat = specification.get("HeartbeatTimeout", 3600)
    if not 30 <= heartbeat <= 7200:
        raise AwsError("ValidationError", "HeartbeatTimeout must be between 30 and 7200 seconds")
    transition = specification.get("LifecycleTransition")
    existing = hooks_of(group).get(specification["LifecycleHookName"])
    if transition is None and existing:
        transition = existing["LifecycleTransition"]
    if transition not in _EVENTS:
        raise AwsError("ValidationError", f"Invalid LifecycleTransition: {transition}")
    result = specification.get("DefaultResult", "ABANDON")
    _check_result(result)
    _hooks.setdefault(group["AutoScalingGroupName"], {})[specification["LifecycleHookName"]] = {
        "LifecycleHookName": specification["LifecycleHookName"], "AutoScalingGroupName": group["AutoScalingGroupName"],
        "LifecycleTransition": transition, "NotificationMetadata": specification.get("NotificationMetadata"),
        "HeartbeatTimeout": heartbeat, "GlobalTimeout": min(_GLOBAL_SECONDS, 100 * heartbeat), "DefaultResult": result,
    }


def _check_result(result):
    if result not in ("CONTINUE", "ABANDON"):
        raise AwsError("ValidationError", f"1 validation error detected: Value '{result}' failed to satisfy "
                       "constraint: Member must be one of CONTINUE, ABANDON")


def hooks_of(group, transition=None):
    hooks = _hooks.get(group["AutoScalingGroupName"], {})
    return {name: h for name, h in hooks.items() if transition in (None, h["LifecycleTransition"])}


def delete_hook(group, name):
    """Delete a hook; instances that it holds go on, as AWS lets them."""
    if name not in hooks_of(group):
        raise AwsError("ValidationError", f"Lifecycle hook {name} was not found on the group")
    del _hooks[group["AutoScalingGroupName"]][name]
    for instance_id, actions in list(_active.items()):
        action = actions.get(name)
        if action and action["hook"]["AutoScalingGroupName"] == group["AutoScalingGroupName"]:
            result = "ABANDON" if action["hook"]["LifecycleTransition"] == LAUNCHING else "CONTINUE"
            _complete(instance_id, action, result)


def drop_group(name):
    _hooks.pop(name, None)


def is_held(instance_id):
    return instance_id in _active


def hold(group, instance_id, transition, proceed):
    """
    Hold an instance by every hook of a transition. `proceed` gets the result, CONTINUE or ABANDON, once none holds it.
    Returns whether there is a hook at all.
    """
    hooks = hooks_of(group, transition)
    if not hooks:
        return False
    _active[instance_id] = {
        name: {"hook": hook, "token": new_uuid(), "proceed": proceed} for name, hook in hooks.items()
    }
    for action in _active[instance_id].values():
        hook = action["hook"]
        _arm(instance_id, action)
        seconds = hook["GlobalTimeout"] * clock.HEARTBEAT_SCALE
        action["cancel_global"] = clock.after(seconds, _time_out, instance_id, action)
        detail_type, origin, destination = _EVENTS[transition]
        detail = {
            "LifecycleActionToken": action["token"], "AutoScalingGroupName": hook["AutoScalingGroupName"],
            "LifecycleHookName": hook["LifecycleHookName"], "EC2InstanceId": instance_id,
            "LifecycleTransition": transition, "NotificationMetadata": hook["NotificationMetadata"],
            "Origin": origin, "Destination": destination,
        }
        emit("aws.autoscaling", detail_type, [group["AutoScalingGroupARN"]],
             {name: value for name, value in detail.items() if value is not None})
    return True


def _arm(instance_id, action):
    seconds = action["hook"]["HeartbeatTimeout"] * clock.HEARTBEAT_SCALE
    action["cancel_heartbeat"] = clock.after(seconds, _time_out, instance_id, action)


def _disarm(action):
    action["cancel_heartbeat"]()
    action["cancel_global"]()


def release(instance_id):
    """Drop the actions on an instance without a result, as when its group is deleted by force."""
    for action in _active.pop(instance_id, {}).values():
        _disarm(action)


def _time_out(instance_id, action):
    _complete(instance_id, action, action["hook"]["DefaultResult"])


def _complete(instance_id, action, result):
    actions = _active.get(instance_id, {})
    if actions.pop(action["hook"]["LifecycleHookName"], None) is not action:
        return
    _disarm(action)
    if result == "ABANDON":
        release(instance_id)
    elif actions:
        return
    _active.pop(instance_id, None)
    action["proceed"](result)


def _find(request):
    """The action that a request means, by token or by instance."""
    token, instance_id = request.get("LifecycleActionToken"), request.get("InstanceId")
    if not token and not instance_id:
        raise AwsError("ValidationError", "Either InstanceId or LifecycleActionToken must be specified")
    candidates = [instance_id] if instance_id else list(_active)
    for candidate in candidates:
        action = _active.get(candidate, {}).get(request["LifecycleHookName"])
        if (action and action["hook"]["AutoScalingGroupName"] == request["AutoScalingGroupName"]
                and token in (None, action["token"])):
            return candidate, action
    wanted = f"token {token}" if token else f"instance ID {instance_id}"
    raise AwsError("ValidationError", f"No active Lifecycle Action found with {wanted}")


@operation("autoscaling", "CompleteLifecycleAction")
def complete_lifecycle_action(request):
    _check_result(request["LifecycleActionResult"])
    instance_id, action = _find(request)
    _complete(instance_id, action, request["LifecycleActionResult"])


@operation("autoscaling", "RecordLifecycleActionHeartbeat")
def record_lifecycle_action_heartbeat(request):
    instance_id, action = _find(request)
    action["cancel_heartbeat"]()
    _arm(instance_id, action)


@operation("autoscaling", "DescribeLifecycleHookTypes")
def describe_lifecycle_hook_types(request):
    return {"LifecycleHookTypes": [LAUNCHING, TERMINATING]}
