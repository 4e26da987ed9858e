"""
Adds: which subnet an Auto Scaling group launches into next, and which member it ends first.
Follows: EC2 Auto Scaling User Guide, "Distribute instances across Availability Zones" and "Configure termination
policies".
Delete when: the emulator's groups own instances.
"""

from ministack.services import ec2

from .wire import AwsError


def counts(member):
    """Whether a member counts towards the desired capacity."""
    return member["LifecycleState"].startswith("Pending") or member["LifecycleState"] == "InService"


def subnets_of(group):
    return [s.strip() for s in (group.get("VPCZoneIdentifier") or "").split(",") if s.strip()]


def spread(group, count):
    """The subnet of each new instance: always one whose zone has the fewest members."""
    zones = {s: ec2._subnets[s]["AvailabilityZone"] for s in subnets_of(group) if s in ec2._subnets}
    if not zones:
        raise AwsError("ValidationError", "The subnets of the group do not exist")
    load = dict.fromkeys(zones.values(), 0)
    for member in group["Instances"]:
        if counts(member) and member["AvailabilityZone"] in load:
            load[member["AvailabilityZone"]] += 1
    for _ in range(count):
        subnet_id = min(zones, key=lambda s: load[zones[s]])
        load[zones[subnet_id]] += 1
        yield subnet_id


def victims(group, active, count):
    """Members to scale in: of the fullest zone, then by the first termination policy, in service before pending."""
    remaining = [m for m in active if not m["ProtectedFromScaleIn"]]
    newest_first = "NewestInstance" in group["TerminationPolicies"][:1]
    age = {m["InstanceId"]: index for index, m in enumerate(group["Instances"])}
    for _ in range(min(count, len(remaining))):
        load = {}
        for member in remaining:
            load[member["AvailabilityZone"]] = load.get(member["AvailabilityZone"], 0) + 1
        chosen = min(remaining, key=lambda m: (
            m["LifecycleState"] != "InService", -load[m["AvailabilityZone"]],
            -age[m["InstanceId"]] if newest_first else age[m["InstanceId"]]))
        remaining.remove(chosen)
        yield chosen
