"""
Queues as sources of EventBridge Pipes. What cannot be delivered stays in its queue: it comes again after its visibility
timeout, and goes where the queue's redrive policy sends it.
Follows: EventBridge User Guide, "Amazon Simple Queue Service as a source for EventBridge Pipes"; for the batches and
the checks of the role, Lambda Developer Guide, "Using Lambda with Amazon SQS".
"""

import base64
import logging
import time

from ministack.core.responses import get_region
from ministack.services import sqs

from .pipes_delivery import Failure, call, deliver, matches, queue_url

logger = logging.getLogger("aws-patterns")

_CONCURRENT_BATCHES = 5
# Calls that the role must be allowed, with arguments that SQS refuses once it has allowed them: nothing is received.
_PROBES = {
    "ReceiveMessage": {"MaxNumberOfMessages": 0}, "DeleteMessage": {"ReceiptHandle": "none"},
    "GetQueueAttributes": {"AttributeNames": ["QueueArn"]},
}


def _attribute(value):
    binary = value.get("BinaryValue")
    return {"stringValue": value.get("StringValue"), "binaryValue": binary and base64.b64encode(binary).decode(),
            "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def _event(message, arn):
    attributes = {name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()}
    return {
        "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
        "attributes": message.get("Attributes", {}), "messageAttributes": attributes,
        "md5OfBody": message["MD5OfBody"], "eventSource": "aws:sqs", "eventSourceARN": arn, "awsRegion": get_region(),
    }


class QueueSource:
    """A queue that a pipe reads."""

    def __init__(self, pipe):
        self.pipe, self.arn = pipe, pipe["Source"]
        self.ordered = self.arn.endswith(".fifo")
        # Messages of the batch that is being gathered, and when it must go.
        self._gathered, self._deadline = [], 0.0

    def _call(self, operation, **arguments):
        return call(self.pipe, "sqs", operation, QueueUrl=queue_url(self.arn), **arguments)

    def problem(self):
        """Why AWS would not start a pipe from this queue, or None."""
        # What was gathered before a stop comes again after its visibility timeout.
        self._gathered = []
        for operation, arguments in _PROBES.items():
            try:
                self._call(operation, **arguments)
            except Failure as failure:
                if "AccessDenied" in failure.code:
                    return f"The provided customer role does not have permissions to call {operation} on SQS"
                if "NonExistentQueue" in failure.code:
                    return (f"Error occurred while {operation}. SQS Error Code: "
                            "AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not "
                            "exist.")
        return None

    def poll(self, work):
        """Starts the delivery of the batches that can go now."""
        while work.busy < (1 if self.ordered else _CONCURRENT_BATCHES):
            batch = self._batch()
            if not batch:
                return
            work.start(self._process, batch)

    def _has_visible(self):
        # Looked up in place of received, as a pipe that waits should take no time. A missing queue shows in the call.
        queue, now = sqs._queue_by_arn(self.arn), time.time()
        return queue is None or any(message["visible_at"] <= now for message in list(queue["messages"]))

    def _batch(self):
        """The messages of a batch that is full, or whose window has ended."""
        settings = (self.pipe.get("SourceParameters") or {}).get("SqsQueueParameters") or {}
        size, window = settings.get("BatchSize", 10), settings.get("MaximumBatchingWindowInSeconds", 0)
        while len(self._gathered) < size and self._has_visible():
            answer = self._call("ReceiveMessage", MaxNumberOfMessages=min(10, size - len(self._gathered)),
                                AttributeNames=["All"], MessageAttributeNames=["All"])
            if not answer.get("Messages"):
                break
            if not self._gathered:
                self._deadline = time.monotonic() + window
            self._gathered += answer["Messages"]
        if len(self._gathered) < size and time.monotonic() < self._deadline:
            return []
        batch, self._gathered = self._gathered, []
        return [_event(message, self.arn) for message in batch]

    def _process(self, batch):
        events, failed = [event for event in batch if matches(self.pipe, event)], []
        try:
            deliver(self.pipe, events, self.ordered)
        except Failure as failure:
            failed = events if failure.failed is None else [events[number] for number in failure.failed]
            logger.warning("pipe %s: %d of %d messages failed: %s",
                           self.pipe["Name"], len(failed), len(events), failure)
        left = {event["messageId"] for event in failed}
        done = [event for event in batch if event["messageId"] not in left]
        for start in range(0, len(done), 10):
            entries = [{"Id": str(number), "ReceiptHandle": event["receiptHandle"]}
                       for number, event in enumerate(done[start:start + 10])]
            self._call("DeleteMessageBatch", Entries=entries)
