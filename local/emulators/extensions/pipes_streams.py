"""
Streams as sources of EventBridge Pipes. The records of a shard are delivered in order; with a ParallelizationFactor, in
that many lanes, each with the records of some partition keys. A batch that fails is tried again, and holds back what is
behind it in its lane, until its attempts or its age are exhausted; then the dead-letter target gets where it was.
Follows: EventBridge User Guide, "Amazon DynamoDB stream as a source", "Amazon Kinesis stream as a source" and "Amazon
EventBridge Pipes error handling and troubleshooting"; API_PipeSourceDynamoDBStreamParameters.
"""

import json
import logging
import time
import zlib
from collections import deque
from dataclasses import dataclass, field

from .pipes_delivery import Failure, call, deliver, kind_of, matches, queue_url
from .pipes_records import DynamoDb, Kinesis, moment

logger = logging.getLogger("aws-patterns")

# A shard iterator ends after five minutes; each read gives a new one.
_READ_AT_LEAST_EVERY = 60
_LONGEST_BACKOFF = 2.0
_ENOUGH_RECORDS = 10_000
# Messages that are refused for themselves once the role may send any: an empty one, one that is too long.
_REFUSED = {"sqs": "", "sns": "x" * 262_145}


@dataclass
class _Batch:
    events: list
    attempts: int = 0


@dataclass
class _Lane:
    """What waits to be delivered in order: batches that were tried, and events behind them."""

    shard: str
    batches: deque = field(default_factory=deque)
    events: deque = field(default_factory=deque)
    since: float = 0.0
    not_before: float = 0.0
    busy: bool = False

    def is_due(self, size, window):
        now = time.monotonic()
        if self.busy or now < self.not_before:
            return False
        return bool(self.batches) or len(self.events) >= size or bool(self.events) and now >= self.since + window

    def next_batch(self, size):
        if not self.batches:
            self.batches.append(_Batch([self.events.popleft() for _ in range(min(size, len(self.events)))]))
            self.since = time.monotonic()
        return self.batches.popleft()

    def waiting(self):
        return [event for batch in self.batches for event in batch.events] + list(self.events)


@dataclass
class _Shard:
    name: str
    parent: str
    lanes: list
    # Where it is read next: "" until that is known, None at the end of a shard that is closed.
    iterator: str | None = ""
    last: str = ""


class StreamSource:
    """A stream that a pipe reads."""

    def __init__(self, pipe):
        self.pipe, self.arn = pipe, pipe["Source"]
        self.kind = Kinesis if kind_of(self.arn) == "kinesis" else DynamoDb
        self._shards, self._mark, self._read_at = {}, None, 0.0

    def _setting(self, name, default):
        settings = (self.pipe.get("SourceParameters") or {}).get(self.kind.parameters) or {}
        return settings.get(name, default)

    def _call(self, operation, **arguments):
        return call(self.pipe, self.kind.service, operation, **arguments)

    def problem(self):
        """Why AWS would not start a pipe from this stream, or None."""
        try:
            self._find_shards()
            self._share_out()
            for shard in self._shards.values():
                self._call("GetRecords", ShardIterator=self._iterator(shard), Limit=1)
        except Failure as failure:
            if not failure.code.startswith("Expired"):
                logger.warning("pipe %s: %s", self.pipe["Name"], failure)
                return (f"Cannot access stream {self.arn}. Please ensure the role can perform the GetRecords, "
                        "GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.")
        return self._problem_with_dead_letters()

    def _problem_with_dead_letters(self):
        arn = self._setting("DeadLetterConfig", {}).get("Arn")
        try:
            self._send_dead_letter(arn, _REFUSED.get(kind_of(arn or ""), ""))
        except Failure as failure:
            if any(word in failure.code for word in ("AccessDenied", "Authorization", "NonExistent", "NotFound")):
                kind = "SQS queue" if kind_of(arn) == "sqs" else "SNS topic"
                return f"Error occurred while sending message to {kind}: {arn}"
        return None

    def _find_shards(self):
        described = self._call("DescribeStream", **{self.kind.stream: self.arn})["StreamDescription"]["Shards"]
        for found in described:
            name = found["ShardId"]
            if name not in self._shards:
                lanes = [_Lane(name) for _ in range(self._setting("ParallelizationFactor", 1))]
                self._shards[name] = _Shard(name, found.get("ParentShardId", ""), lanes)

    def _share_out(self):
        """Gives each shard as many lanes as the pipe says now; nothing may be busy."""
        factor = self._setting("ParallelizationFactor", 1)
        for shard in self._shards.values():
            if len(shard.lanes) != factor:
                waiting = [event for lane in shard.lanes for event in lane.waiting()]
                shard.lanes = [_Lane(shard.name) for _ in range(factor)]
                self._queue_up(shard, sorted(waiting, key=lambda event: int(self.kind.place(event)[0])))

    def _iterator(self, shard):
        """Where a shard is read next: behind what was read last, or at the start that the pipe names."""
        if not shard.iterator:
            start = self._setting("StartingPosition", self.pipe.get("StartingPosition", "LATEST"))
            where = {"ShardIteratorType": "TRIM_HORIZON" if shard.parent in self._shards else start}
            if start == "AT_TIMESTAMP":
                where["Timestamp"] = self._setting("StartingPositionTimestamp", None)
            if shard.last:
                where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", self.kind.sequence: shard.last}
            answer = self._call("GetShardIterator", **{self.kind.stream: self.arn}, ShardId=shard.name, **where)
            shard.iterator = answer["ShardIterator"]
        return shard.iterator

    def _queue_up(self, shard, events):
        for event in events:
            lane = shard.lanes[zlib.crc32(self.kind.place(event)[2].encode()) % len(shard.lanes)]
            if not lane.events:
                lane.since = time.monotonic()
            lane.events.append(event)

    def _may_follow(self, shard):
        """Whether everything of a shard's parent is delivered, so that its keys stay in order."""
        parent = self._shards.get(shard.parent)
        return parent is None or not any(lane.busy or lane.waiting() for lane in parent.lanes)

    def _read_shard(self, shard):
        """Reads a shard to its end; answers whether it has got there."""
        while shard.iterator is not None and self._may_follow(shard):
            if sum(len(lane.events) for lane in shard.lanes) > _ENOUGH_RECORDS:
                return False
            try:
                answer = self._call("GetRecords", ShardIterator=self._iterator(shard), Limit=1000)
            except Failure as failure:
                shard.iterator = "" if failure.code.startswith("Expired") else shard.iterator
                raise
            events = [self.kind.event(record, self.arn, shard.name, self.pipe["RoleArn"])
                      for record in answer["Records"]]
            self._queue_up(shard, [event for event in events if matches(self.pipe, event)])
            # A stream that was disabled has no more iterators.
            shard.iterator = answer.get("NextShardIterator")
            if not events:
                return True
            shard.last = self.kind.place(events[-1])[0]
        return shard.iterator is None

    def poll(self, work):
        """Reads what is new, and starts the delivery of the batches that can go now."""
        mark = self.kind.mark(self.arn)
        if mark != self._mark or time.monotonic() > self._read_at + _READ_AT_LEAST_EVERY:
            self._find_shards()
            ends = [self._read_shard(shard) for shard in self._shards.values()]
            self._mark, self._read_at = mark if all(ends) else None, time.monotonic()
        size, window = self._setting("BatchSize", 100), self._setting("MaximumBatchingWindowInSeconds", 0)
        for lane in [lane for shard in self._shards.values() for lane in shard.lanes]:
            if lane.is_due(size, window):
                lane.busy = True
                work.start(self._process, lane, size)

    def _process(self, lane, size):
        batch = lane.next_batch(size)
        try:
            age = self._setting("MaximumRecordAgeInSeconds", -1)
            oldest = time.time() - age if age >= 0 else 0.0
            expired = [event for event in batch.events if self.kind.place(event)[1] < oldest]
            if expired:
                self._give_up(lane, expired, "RecordAgeExceeded")
                batch.events = batch.events[len(expired):]
            deliver(self.pipe, batch.events, True)
            lane.not_before = 0.0
        except Failure as failure:
            self._after(lane, batch, failure)
        except Exception as error:
            logger.exception("pipe %s", self.pipe["Name"])
            self._after(lane, batch, Failure(str(error), internal=True))
        finally:
            lane.busy = False

    def _after(self, lane, batch, failure):
        """What a failure leaves to be tried again, and when."""
        first = min(failure.failed) if failure.failed else 0
        rest, limit = batch.events[first:], self._setting("MaximumRetryAttempts", -1)
        attempts = batch.attempts if failure.internal else batch.attempts + 1
        logger.warning("pipe %s: %d of %d records failed, attempt %d: %s", self.pipe["Name"], len(rest),
                       len(batch.events), batch.attempts + 1, failure)
        if self._setting("OnPartialBatchItemFailure", None) == "AUTOMATIC_BISECT" and not failure.internal and (
                first or len(rest) > 1):
            # Splitting a batch is no attempt. Where the target says what failed, the batch is split there.
            half = len(rest) if first else len(rest) // 2
            lane.batches.extendleft([_Batch(part) for part in (rest[half:], rest[:half]) if part])
        elif 0 <= limit < attempts:
            self._give_up(lane, rest, "RetryAttemptsExhausted")
        else:
            pause = _LONGEST_BACKOFF if failure.internal else min(0.1 * 2 ** min(attempts, 10), _LONGEST_BACKOFF)
            lane.not_before = time.monotonic() + pause
            lane.batches.appendleft(_Batch(rest, attempts))

    def _give_up(self, lane, events, condition):
        arn = self._setting("DeadLetterConfig", {}).get("Arn")
        first, last = self.kind.place(events[0]), self.kind.place(events[-1])
        document = {
            "context": {"partnerResourceArn": self.pipe["Arn"], "condition": condition},
            "version": "1.0", "timestamp": moment(time.time()),
            self.kind.info: {
                "shardId": lane.shard, "startSequenceNumber": first[0], "endSequenceNumber": last[0],
                "approximateArrivalOfFirstRecord": moment(first[1]),
                "approximateArrivalOfLastRecord": moment(last[1]),
                "batchSize": len(events), "streamArn": self.arn,
            },
        }
        try:
            self._send_dead_letter(arn, json.dumps(document, separators=(",", ":")))
        except Failure as failure:
            logger.warning("lost: %d records of pipe %s: %s", len(events), self.pipe["Name"], failure)

    def _send_dead_letter(self, arn, text):
        if arn and kind_of(arn) == "sns":
            call(self.pipe, "sns", "Publish", TopicArn=arn, Message=text)
        elif arn:
            call(self.pipe, "sqs", "SendMessage", QueueUrl=queue_url(arn), MessageBody=text)
