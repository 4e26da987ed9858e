"""
Adds: carrier gateways, and routes to them (CreateRoute, ReplaceRoute and DeleteRoute with AWS's checks; a route table
stays while a subnet uses it).
Follows: EC2 API Reference, CreateCarrierGateway, DescribeCarrierGateways, DeleteCarrierGateway, CreateRoute,
ReplaceRoute, DeleteRoute; AWS Wavelength Developer Guide, "Carrier gateways" (one for a VPC).
Delete when: the emulator has carrier gateways and takes CarrierGatewayId in the three route calls.
"""

from ministack.core.responses import AccountRegionScopedDict, get_account_id
from ministack.services import ec2

from .ec2_common import CARRIER_GATEWAY, known, new_id, requested_tags, select, set_tags, tags_of, vpc
from .wire import AwsError, before, operation, page

_gateways = AccountRegionScopedDict()

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_TARGETS = (
    "CarrierGatewayId", "GatewayId", "NatGatewayId", "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId",
    "TransitGatewayId", "EgressOnlyInternetGatewayId", "VpcEndpointId", "LocalGatewayId", "CoreNetworkArn",
)


def gateway_of(vpc_id):
    """The carrier gateway of a VPC, or None."""
    return next((g for g in _gateways.values() if g["VpcId"] == vpc_id), None)


def _gateway(identifier):
    return known(_gateways, identifier, "InvalidCarrierGatewayID.NotFound", CARRIER_GATEWAY)


def _view(gateway):
    return {**gateway, "Tags": tags_of(gateway["CarrierGatewayId"])}


@operation("ec2", "CreateCarrierGateway")
def create_carrier_gateway(request):
    vpc_id = vpc(request["VpcId"])["VpcId"]
    token = request.get("ClientToken")
    existing = gateway_of(vpc_id)
    if existing:
        if token and existing.get("_token") == token:
            return {"CarrierGateway": _view(existing)}
        raise AwsError("Resource.AlreadyAssociated", f"The vpc {vpc_id} already has a carrier gateway: "
                       f"{existing['CarrierGatewayId']}")
    gateway_id = new_id("cagw")
    _gateways[gateway_id] = {
        "CarrierGatewayId": gateway_id, "VpcId": vpc_id, "State": "available", "OwnerId": get_account_id(),
        "_token": token,
    }
    set_tags(gateway_id, requested_tags(request, "carrier-gateway"))
    return {"CarrierGateway": _view(_gateways[gateway_id])}


@operation("ec2", "DescribeCarrierGateways")
def describe_carrier_gateways(request):
    filters = {"carrier-gateway-id": "CarrierGatewayId", "state": "State", "vpc-id": "VpcId", "owner-id": "OwnerId"}
    found = select(request, "CarrierGatewayIds", _gateways, _gateway, filters)
    return page(request, [_view(gateway) for gateway in found], 1000)


@operation("ec2", "DeleteCarrierGateway")
def delete_carrier_gateway(request):
    gateway = _gateway(request["CarrierGatewayId"])
    gateway_id, vpc_id = gateway["CarrierGatewayId"], gateway["VpcId"]
    if any(eni["VpcId"] == vpc_id and "CarrierIp" in (eni.get("Association") or {})
           for eni in ec2._network_interfaces.values()):
        raise AwsError("DependencyViolation", f"Carrier gateway {gateway_id} has mapped carrier addresses. "
                       "Please release those before deleting the gateway.")
    del _gateways[gateway_id]
    ec2._tags.pop(gateway_id, None)
    for table in ec2._route_tables.values():
        for route in table["Routes"]:
            if route.get("CarrierGatewayId") == gateway_id:
                # The route stays and leads nowhere until somebody replaces or deletes it.
                route["State"] = "blackhole"
    return {"CarrierGateway": {**_view(gateway), "State": "deleted"}}


def _table(request):
    table = ec2._route_tables.get(request["RouteTableId"])
    if table is None:
        raise AwsError("InvalidRouteTableID.NotFound", f"The routeTable ID '{request['RouteTableId']}' does not exist")
    return table


def _destination(request):
    given = [name for name in _DESTINATIONS if request.get(name)]
    if len(given) != 1:
        raise AwsError("InvalidParameterCombination" if given else "MissingParameter",
                       "The request must contain exactly one destination")
    return given[0], request[given[0]]


def _target(request, table):
    given = [name for name in _TARGETS if request.get(name)]
    if len(given) != 1:
        raise AwsError("InvalidParameterCombination" if given else "MissingParameter",
                       "The request must contain exactly one route target")
    name = given[0]
    if name == "CarrierGatewayId" and _gateway(request[name])["VpcId"] != table["VpcId"]:
        raise AwsError("InvalidParameterValue", f"The carrier gateway {request[name]} and the route table "
                       f"{table['RouteTableId']} belong to different networks")
    if name == "GatewayId" and request[name].startswith("igw-") and request[name] not in ec2._internet_gateways:
        raise AwsError("InvalidGatewayID.NotFound", f"The gateway ID '{request[name]}' does not exist")
    return {name: request[name]}


def _find_route(table, destination):
    name, value = destination
    return next((route for route in table["Routes"] if route.get(name) == value), None)


@operation("ec2", "CreateRoute")
def create_route(request):
    table, destination = _table(request), _destination(request)
    target = _target(request, table)
    if _find_route(table, destination):
        raise AwsError("RouteAlreadyExists", f"The route identified by {destination[1]} already exists.")
    table["Routes"].append({destination[0]: destination[1], **target, "State": "active", "Origin": "CreateRoute"})
    return {"Return": True}


def _existing_route(table, destination):
    route = _find_route(table, destination)
    if route is None:
        raise AwsError("InvalidRoute.NotFound", f"no route with destination-cidr-block {destination[1]} in route "
                       f"table {table['RouteTableId']}")
    return route


@operation("ec2", "ReplaceRoute")
def replace_route(request):
    table, destination = _table(request), _destination(request)
    route = _existing_route(table, destination)
    target = {"GatewayId": "local"} if request.get("LocalTarget") else _target(request, table)
    for name in _TARGETS:
        route.pop(name, None)
    route.update(target, State="active")


@operation("ec2", "DeleteRoute")
def delete_route(request):
    table = _table(request)
    route = _existing_route(table, _destination(request))
    if route.get("GatewayId") == "local":
        raise AwsError("InvalidParameterValue", f"cannot remove local route {route['DestinationCidrBlock']} in route "
                       f"table {table['RouteTableId']}")
    table["Routes"].remove(route)


@before("ec2", "DeleteVpc")
def _check_no_gateway(request):
    if gateway_of(request["VpcId"]):
        raise AwsError("DependencyViolation", f"The vpc '{request['VpcId']}' has dependencies and cannot be deleted.")


@before("ec2", "DeleteRouteTable")
def _check_no_association(request):
    table = ec2._route_tables.get(request["RouteTableId"])
    if table and table["Associations"]:
        raise AwsError("DependencyViolation", f"The routeTable '{table['RouteTableId']}' has dependencies and cannot "
                       "be deleted.")


def install():
    guess = ec2._guess_resource_type
    ec2._guess_resource_type = lambda identifier: (
        "carrier-gateway" if identifier.startswith("cagw-") else guess(identifier))
