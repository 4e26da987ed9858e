"""
Adds: the resources that AWS authorizes calls on, where the emulator's are broader or narrower: Describe calls of EC2
and Auto Scaling know no resources, an Auto Scaling group has its full ARN, carrier gateways, launch templates and
addresses have ARNs of their own, and so has a change of Route 53 record sets; reading a stream of DynamoDB or
Kinesis, by an iterator too, is reading that stream; schedules are authorized by name, within their group. Extensions name those of their services with `@resource_of`, and find
the request that is being authorized in `present_request()`.
Follows: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2", "… for Amazon EC2
Auto Scaling", "… for Amazon Route 53", "… for Amazon DynamoDB", "… for Amazon Kinesis Data Streams" and "… for Amazon
EventBridge Scheduler".
Delete when: the emulator authorizes these calls on the same ARNs.
"""

import contextvars

from ministack.core import iam_actions
from ministack.services import autoscaling, dynamodb_streams, kinesis

from .wire import request_of

_EC2_RESOURCES = (("CarrierGatewayId", "carrier-gateway"), ("LaunchTemplateId", "launch-template"),
                  ("AllocationId", "elastic-ip"))
_present = contextvars.ContextVar("aws_patterns_present_request", default=None)
_finders = {}


def present_request():
    """The request that is being authorized; None where no model has it."""
    return _present.get()


def resource_of(service):
    """The decorated function finds the ARN of a request's resource; None leaves that to the emulator."""
    def bind(function):
        _finders[service] = function
        return function
    return bind


@resource_of("ec2")
def _ec2_resource(request, region, account):
    name = request.operation.name
    if name.startswith("Describe"):
        return "*"
    if name in ("CreateRoute", "ReplaceRoute", "DeleteRoute"):
        return f"arn:aws:ec2:{region}:{account}:route-table/{request.get('RouteTableId')}"
    if name in ("AssociateAddress", "RunInstances"):
        return None
    return next((f"arn:aws:ec2:{region}:{account}:{kind}/{request[member]}" for member, kind in _EC2_RESOURCES
                 if request.get(member)), None)


@resource_of("autoscaling")
def _group_arn(request, region, account):
    if request.operation.name.startswith("Describe"):
        return "*"
    name, instance = request.get("AutoScalingGroupName"), request.get("InstanceId")
    if not name and instance:
        # TerminateInstanceInAutoScalingGroup and SetInstanceHealth name a member instead.
        groups = autoscaling._asgs.items_scoped(account, region)
        name = next((n for n, g in groups if any(m["InstanceId"] == instance for m in g["Instances"])), None)
    group = autoscaling._asgs.get_scoped(account, region, name)
    if group:
        return group["AutoScalingGroupARN"]
    return f"arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}" if name else None


@resource_of("route53")
def _route53_change_arn(request, _region, _account):
    return f"arn:aws:route53:::change/{request['Id']}" if request.operation.name == "GetChange" else None


@resource_of("scheduler")
def _schedule_arn(request, region, account):
    action, name = request.operation.name, request.get("Name")
    if action in ("CreateSchedule", "DeleteSchedule", "GetSchedule", "UpdateSchedule"):
        return f"arn:aws:scheduler:{region}:{account}:schedule/{request.get('GroupName', 'default')}/{name}"
    if action in ("CreateScheduleGroup", "DeleteScheduleGroup", "GetScheduleGroup"):
        return f"arn:aws:scheduler:{region}:{account}:schedule-group/{name}"
    return None


@resource_of("monitoring")
def _alarms_arn(request, region, account):
    """A call that names some alarms is authorized on all."""
    return f"arn:aws:cloudwatch:{region}:{account}:alarm:*" if request.operation.name == "DescribeAlarms" else None


@resource_of("dynamodbstreams")
def _table_stream_arn(request, _region, _account):
    iterator = dynamodb_streams._decode_iterator(request.get("ShardIterator", ""))
    return request.get("StreamArn") or (iterator or {}).get("arn")


@resource_of("kinesis")
def _stream_arn_of_iterator(request, region, account):
    iterator = kinesis._shard_iterators.get_scoped(account, region, request.get("ShardIterator"))
    return iterator and iterator["stream_arn"]


def install():
    standard = iam_actions.extract_resource_arn

    def extract(service, method, path, headers, body, params, region, account):
        request = None if service == "s3" else request_of(service, method, path, headers, body, params)
        _present.set(request)
        found = _finders[service](request, region, account) if request is not None and service in _finders else None
        return found or standard(service, method, path, headers, body, params, region, account)

    iam_actions.extract_resource_arn = extract
