"""
Adds: the resources that AWS authorizes EC2 and Auto Scaling calls on, where the emulator's are broader or narrower:
Describe calls know no resources, an Auto Scaling group has its full ARN, carrier gateways, launch templates and
addresses have ARNs of their own, and so has a change of Route 53 record sets.
Follows: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2" and "… for Amazon
EC2 Auto Scaling" and "… for Amazon Route 53".
Delete when: the emulator authorizes these calls on the same ARNs.
"""

import re

from ministack.core import iam_actions
from ministack.services import autoscaling

_EC2_RESOURCES = (("CarrierGatewayId", "carrier-gateway"), ("LaunchTemplateId", "launch-template"),
                  ("AllocationId", "elastic-ip"))


def _ec2_resource(action, params, region, account):
    if action == "CreateRoute" or action == "ReplaceRoute" or action == "DeleteRoute":
        return f"arn:aws:ec2:{region}:{account}:route-table/{iam_actions._query_param(params, 'RouteTableId')}"
    if action == "AssociateAddress" or action == "RunInstances":
        return None
    for parameter, kind in _EC2_RESOURCES:
        value = iam_actions._query_param(params, parameter)
        if value:
            return f"arn:aws:ec2:{region}:{account}:{kind}/{value}"
    return None


def _group_arn(params, region, account):
    name = iam_actions._query_param(params, "AutoScalingGroupName")
    if not name:
        # TerminateInstanceInAutoScalingGroup and SetInstanceHealth name a member instead.
        instance = iam_actions._query_param(params, "InstanceId")
        groups = autoscaling._asgs.items_scoped(account, region) if instance else []
        name = next((n for n, g in groups if any(m["InstanceId"] == instance for m in g["Instances"])), "")
    group = autoscaling._asgs.get_scoped(account, region, name)
    if group:
        return group["AutoScalingGroupARN"]
    return f"arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}" if name else None


def _route53_change_arn(path):
    """A change of record sets, which GetChange asks for, has an ARN of its own."""
    match = re.fullmatch(r"/[0-9-]+/change/([A-Z0-9]+)", path)
    return f"arn:aws:route53:::change/{match[1]}" if match else None


def install():
    standard = iam_actions.extract_resource_arn

    def extract(service, method, path, headers, body, query_params, region, account_id):
        action = iam_actions._query_param(query_params, "Action") if service in ("ec2", "autoscaling") else ""
        if action.startswith("Describe"):
            return "*"
        found = None
        if service == "ec2":
            found = _ec2_resource(action, query_params, region, account_id)
        elif service == "autoscaling":
            found = _group_arn(query_params, region, account_id)
        elif service == "route53":
            found = _route53_change_arn(path)
        return found or standard(service, method, path, headers, body, query_params, region, account_id)

    iam_actions.extract_resource_arn = extract


