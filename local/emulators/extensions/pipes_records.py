"""
The records of DynamoDB's and Kinesis streams, as EventBridge Pipes reads them and as its events.
Follows: EventBridge User Guide, "Amazon DynamoDB stream as a source" and "Amazon Kinesis stream as a source".
"""

import base64
import datetime
import json

from ministack.core.arn import parse_arn
from ministack.core.responses import get_region
from ministack.services import dynamodb, kinesis


def _plain(value):
    """An SDK's answer as JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, set)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def moment(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class DynamoDb:
    """A stream of a DynamoDB table."""

    service, stream, sequence = "dynamodbstreams", "StreamArn", "SequenceNumber"
    parameters, info = "DynamoDBStreamParameters", "DDBStreamBatchInfo"

    @staticmethod
    def mark(arn):
        """What changes when the stream has new records."""
        spec = parse_arn(arn)
        return dynamodb.stream_end_position(
            spec.resource.split("/")[1], account_id=spec.account_id, region=spec.region)

    @staticmethod
    def event(record, arn, _shard, _role):
        event = _plain(record)
        event["dynamodb"]["ApproximateCreationDateTime"] = int(event["dynamodb"]["ApproximateCreationDateTime"])
        return {**event, "awsRegion": get_region(), "eventSource": "aws:dynamodb", "eventSourceARN": arn}

    @staticmethod
    def place(event):
        """(sequence number, seconds since the epoch, key) of an event."""
        change = event["dynamodb"]
        return change["SequenceNumber"], change["ApproximateCreationDateTime"], json.dumps(change["Keys"])


class Kinesis:
    """A Kinesis stream."""

    service, stream, sequence = "kinesis", "StreamARN", "StartingSequenceNumber"
    parameters, info = "KinesisStreamParameters", "KinesisBatchInfo"

    @staticmethod
    def mark(arn):
        shards = (kinesis._resolve_stream_by_arn(arn) or {}).get("shards", {})
        return [(name, shard["records"][-1]["SequenceNumber"] if shard["records"] else "")
                for name, shard in list(shards.items())]

    @staticmethod
    def event(record, arn, shard, role):
        return {
            "kinesisSchemaVersion": "1.0", "partitionKey": record["PartitionKey"],
            "sequenceNumber": record["SequenceNumber"], "data": _plain(record["Data"]),
            "approximateArrivalTimestamp": _plain(record["ApproximateArrivalTimestamp"]),
            "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": f"{shard}:{record['SequenceNumber']}",
            "eventName": "aws:kinesis:record", "invokeIdentityArn": role, "awsRegion": get_region(),
            "eventSourceARN": arn,
        }

    @staticmethod
    def place(event):
        return event["sequenceNumber"], event["approximateArrivalTimestamp"], event["partitionKey"]
