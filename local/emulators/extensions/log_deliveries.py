"""
Adds: access logs of distributions (standard logging, version 2) reach the bucket or log group of a delivery, as JSON,
an object for each second with requests; sources and deliveries of CloudFront are made in us-east-1 only, and deliveries
have ids as AWS makes them.
Follows: CloudFront Developer Guide, "Configure standard logging (v2)", with its default path in a bucket. That the
bucket's or group's policy lets `delivery.logs.amazonaws.com` write is checked at each delivery. Other formats than json,
Firehose and fields chosen one by one are refused.
Delete when: the emulator delivers them.
"""

import gzip
import json
import logging
import time
import uuid

from ministack.core.responses import get_account_id, get_region, json_response, request_scope
from ministack.services import cloudwatch_logs, s3

from . import clock
from .permissions import policy_problem
from .wire import before
from .wire_requests import AwsError

logger = logging.getLogger("aws-patterns")
_waiting = {}


@before("logs", "PutDeliverySource")
def _check_source(request):
    if ":cloudfront:" in request["resourceArn"] and get_region() != "us-east-1":
        raise AwsError("ValidationException", "Delivery sources of CloudFront distributions are in us-east-1.")


@before("logs", "PutDeliveryDestination")
def _check_destination(request):
    target = request.get("deliveryDestinationConfiguration", {}).get("destinationResourceArn", "")
    if ":firehose:" in target or request.get("outputFormat", "json") != "json":
        raise AwsError("ValidationException", "The local cloud delivers json to buckets and log groups only.")


def _write(account, region, source, target, delivery_id):
    lines = [json.dumps(record) for record in _waiting.pop(delivery_id)]
    distribution = source["resourceArns"][0].rsplit("/", 1)[-1]
    with request_scope(account, region):
        if target.startswith("arn:aws:s3:::"):
            bucket = target.removeprefix("arn:aws:s3:::")
            key = (f"AWSLogs/{account}/CloudFront/{distribution}."
                   f"{time.strftime('%Y-%m-%d-%H', time.gmtime())}.{uuid.uuid4().hex[:8]}.gz")
            problem = policy_problem(s3._bucket_policies.get(bucket), "delivery.logs.amazonaws.com", "s3:PutObject",
                                     f"{target}/{key}", source["arn"])
            if problem:
                logger.warning("Access logs: %s", problem)
                return
            s3._put_object(bucket, key, gzip.compress("\n".join(lines).encode()), {})
            return
        group, stream = target.removesuffix(":*").split(":")[6], f"CloudFront_{distribution}"
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
        cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": [
            {"timestamp": int(time.time() * 1000), "message": line} for line in lines]})


def deliver(account, resource_arn, record):
    """Puts a record into every delivery of a resource's access logs."""
    with request_scope(account, "us-east-1"):
        sources = {s["name"]: s for s in cloudwatch_logs._delivery_sources.values() if resource_arn in s["resourceArns"]}
        targets = {d["arn"]: d["deliveryDestinationConfiguration"]["destinationResourceArn"]
                   for d in cloudwatch_logs._delivery_destinations.values()}
        for delivery in cloudwatch_logs._deliveries.values():
            source, target = sources.get(delivery["deliverySourceName"]), targets.get(delivery["deliveryDestinationArn"])
            if source is None or target is None:
                continue
            if delivery["id"] not in _waiting:
                _waiting[delivery["id"]] = []
                clock.after(1, _write, get_account_id(), get_region(), source, target, delivery["id"])
            _waiting[delivery["id"]].append(record)


def install():
    create = cloudwatch_logs._create_delivery

    def create_with_id(data):
        answer = create(data)
        if answer[0] != 200:
            return answer
        made = cloudwatch_logs._deliveries.pop(json.loads(answer[2])["delivery"]["id"])
        made["id"] = uuid.uuid4().hex[:16]
        made["arn"] = cloudwatch_logs._make_delivery_arn(made["id"])
        cloudwatch_logs._deliveries[made["id"]] = made
        return json_response({"delivery": cloudwatch_logs._format_delivery(made)})

    cloudwatch_logs._create_delivery = create_with_id
