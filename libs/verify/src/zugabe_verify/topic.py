"""The topic against the log, position by position: order, body, headers."""

from array import array
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from zugabe_verify.findings import Findings
from zugabe_verify.kafka_timeout import bounded
from zugabe_verify.log import Document, Log, by_id

HEADERS = (
    "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence",
    "ce_partitionkey", "ce_streamversion", "ce_correlationid", "ce_causationid", "ce_actor",
    "ce_role", "ce_dealer", "ce_reason", "traceparent",
)  # fmt: skip

UNSEEN = 0

type Message = tuple[tuple[bytes, ...], bytes, bytes]
"""Values of HEADERS (empty for none), key, body."""


def message_of(commit: Document, index: int, pos: int, source: str) -> Message:
    """The record that must have been sent for an event of the log."""
    event = commit["events"][index]
    values = {
        "ce_specversion": "1.0",
        "ce_id": f"{commit['_id']}.{index}",
        "ce_type": event["name"],
        "ce_source": source,
        "ce_subject": commit["stream"],
        "ce_time": commit["recorded"].isoformat(),
        "ce_sequence": sequence_of(commit["part"], pos),
        "ce_partitionkey": commit["key"],
        "ce_streamversion": str(commit["version"] + index),
        "ce_correlationid": commit["correlation"],
        "ce_causationid": commit.get("causation"),
        "ce_actor": commit["actor"],
        "ce_role": commit["role"],
        "ce_dealer": commit["dealer"],
        "ce_reason": commit.get("reason"),
        "traceparent": commit.get("traceparent"),
    }
    headers = tuple((values[name] or "").encode() for name in HEADERS)
    return headers, commit["key"].encode(), event["data"].encode()


def sequence_of(part: int, pos: int) -> str:
    return f"{part}.{pos:016}"


def sent(record: Any) -> Message:
    found = dict(record.headers)
    part, _, pos = found.get("ce_sequence", b"").partition(b".")
    if part.isdigit() and pos.isdigit():  # those of earlier days lack the leading zeros
        found["ce_sequence"] = sequence_of(int(part), int(pos)).encode()
    headers = tuple(found.get(name, b"") for name in HEADERS)
    return headers, record.key or b"", record.value or b""


class Digests:
    """Eight bytes per position of one part: all that is kept of an event until Kafka is read."""

    def __init__(self, head: int) -> None:
        self._of = array("q", bytes(8 * head))

    def put(self, pos: int, message: Message) -> None:
        if 0 < pos <= len(self._of):
            self._of[pos - 1] = hash(message)

    def agree(self, pos: int, message: Message) -> bool:
        return self._of[pos - 1] == hash(message)

    def has(self, pos: int) -> bool:
        return self._of[pos - 1] != UNSEEN


class Topic:
    """`ends` are the offsets at the start of the audit; records after them are ignored."""

    def __init__(
        self, consumer: AIOKafkaConsumer, ends: dict[int, int], findings: Findings
    ) -> None:
        self._consumer = consumer
        self._ends = ends
        self._findings = findings

    async def compare(self, log: Log, part: int, digests: Digests) -> None:
        """Reading once and taking only what comes next must lead to the acknowledged position."""
        head, reached = log.heads[part], 0
        seen = bytearray(head + 1)
        async for record in self._records(log.db.name, part):
            pos = position_of(record, log.source)
            where = f"part {part}, offset {record.offset}"
            if pos is None:
                what = "this record is no event of this log"
                self._findings.add("kafka-foreign", log.service, where, what)
                continue
            if pos > head:
                what = f"position {pos} was sent, and the log ends at {head}"
                self._findings.add("kafka-ahead", log.service, where, what)
                continue
            if digests.has(pos) and not digests.agree(pos, sent(record)):
                what = await difference(log, part, pos, sent(record))
                where = f"part {part}, position {pos}"
                self._findings.add("kafka-changed", log.service, where, what)
            seen[pos] = 1
            if pos == reached + 1:
                reached = pos
        self._tell_missing(log, part, seen, reached)

    def _tell_missing(self, log: Log, part: int, seen: bytearray, reached: int) -> None:
        wanted = min(log.acked.get(part, 0), log.heads[part])
        for first, last in holes(seen, wanted):
            what = f"positions {first} to {last} were acknowledged and are not there"
            where = f"part {part}, position {first}"
            self._findings.add("kafka-missing", log.service, where, what)
        if reached < wanted and seen[reached + 1]:
            what = (
                f"position {reached + 1} comes only after later ones, and these do not come again"
            )
            where = f"part {part}, position {reached + 1}"
            self._findings.add("kafka-order", log.service, where, what)

    async def _records(self, topic: str, part: int) -> AsyncGenerator[Any]:
        place, end = TopicPartition(topic, part), self._ends.get(part, 0)
        if not end:
            return
        self._consumer.assign([place])
        self._consumer.seek(place, 0)
        while True:
            async with bounded(f"{topic}/{part}"):
                if await self._consumer.position(place) >= end:
                    return
                while not (found := await self._consumer.getmany(place, timeout_ms=1_000)):
                    if await self._consumer.position(place) >= end:
                        return
            for records in found.values():
                for record in records:
                    if record.offset < end:
                        yield record


def position_of(record: Any, source: str) -> int | None:
    headers = dict(record.headers)
    part, _, pos = headers.get("ce_sequence", b"").partition(b".")
    if headers.get("ce_source") != source.encode() or part != str(record.partition).encode():
        return None
    return int(pos) if pos.isdigit() and int(pos) > 0 else None


def holes(seen: bytearray, wanted: int) -> Iterator[tuple[int, int]]:
    start = seen.find(0, 1, wanted + 1)
    while start >= 0:
        end = seen.find(1, start, wanted + 1)
        yield start, (wanted if end < 0 else end - 1)
        start = -1 if end < 0 else seen.find(0, end, wanted + 1)


async def difference(log: Log, part: int, pos: int, found: Message) -> str:
    """The parts of a record that differ from its event."""
    run = await log.db.sequence.find_one(
        {"_id": {"$gte": {"part": part}, "$lte": {"part": part, "pos": pos}}}, sort=[("_id", -1)]
    )
    assert run is not None
    at = int(run["_id"]["pos"])
    for entry in run["commits"]:
        if at <= pos < at + entry["n"]:
            commit = (await by_id(log.db, [entry["id"]]))[entry["id"]]
            headers, key, _ = message_of(commit, pos - at, pos, log.source)
            differing = [
                name
                for name, ours, theirs in zip(HEADERS, headers, found[0], strict=True)
                if ours != theirs
            ]
            if key != found[1]:
                differing.append("key")
            return f"the message differs from the log in {', '.join(differing) or 'its body'}"
        at += entry["n"]
    return "the message differs from the log"
