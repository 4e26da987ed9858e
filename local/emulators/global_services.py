"""Prints, as JSON, which services have one endpoint for all regions, by the data that AWS's own SDKs follow.

`services`: botocore carries each service's endpoint rules. A service is global when these rules, asked for a region,
give an endpoint or a signing region that is another one: all accounts reach it in one place, whichever regions they
use. `onlyInUsEast1`: what endpoints.json, the older list, knows in that one region of the partition only.
`components/cost-guardrails/global-services.ts` is what this prints, and when that botocore was released; a test
compares the two.
"""

import json

import botocore
import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import BotoCoreError

ASKED = "eu-west-1"

# What some services' rules ask for besides the region; the values make no difference to where requests go.
PARAMETERS = {
    "Region": ASKED,
    "UseFIPS": False,
    "UseDualStack": False,
    "KvsARN": "arn:aws:cloudfront::123456789012:key-value-store/00000000-0000-0000-0000-000000000000",
}


def endpoint(loader, partitions, service):
    rules = loader.load_service_model(service, "endpoint-rule-set-1")
    parameters = {name: value for name, value in PARAMETERS.items() if name in rules["parameters"]}
    return EndpointProvider(rules, partitions).resolve_endpoint(**parameters)


def is_global(found) -> bool:
    regions = {
        region
        for scheme in found.properties.get("authSchemes", [])
        for region in [scheme.get("signingRegion"), *scheme.get("signingRegionSet", [])]
        if region is not None
    }
    # A bucket of S3 and the like may be signed for all regions; their own names are still in the address.
    return ASKED not in found.url or any(region not in (ASKED, "*") for region in regions)


def only_in_us_east_1(loader, prefix: str) -> bool:
    [commercial] = [found for found in loader.load_data("endpoints")["partitions"] if found["partition"] == "aws"]
    endpoints = commercial["services"].get(prefix, {}).get("endpoints", {})
    return "us-east-1" in endpoints and all(
        name == "us-east-1" or details.get("deprecated") or name not in commercial["regions"]
        for name, details in endpoints.items()
    )


def main() -> None:
    session = botocore.session.get_session()
    loader = session.get_component("data_loader")
    partitions = loader.load_data("partitions")
    services, only = set(), set()
    for service in session.get_available_services():
        try:
            found = endpoint(loader, partitions, service)
        except BotoCoreError:
            # Rules that ask for more than a region: the service's addresses are made of what it is asked for.
            continue
        metadata = loader.load_service_model(service, "service-2")["metadata"]
        prefix = metadata.get("signingName") or metadata["endpointPrefix"]
        if is_global(found):
            services.add(prefix)
        elif only_in_us_east_1(loader, metadata["endpointPrefix"]):
            only.add(prefix)
    table = {"services": sorted(services), "onlyInUsEast1": sorted(only)}
    print(json.dumps({"source": f"botocore {botocore.__version__}", **table}))


if __name__ == "__main__":
    main()
