"""A topic that says something else than the log; each test has a copy of both for itself."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from verify_tests.audited import Audited
from verify_tests.world import SERVICES, World

from zugabe_verify.findings import Finding
from zugabe_verify.verify import verify

LOG = ("log", "commits", "sequence", "sequencers")


@dataclass(frozen=True)
class Record:
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    def header(self, name: str, value: bytes) -> "Record":
        headers = tuple((header, value if header == name else old) for header, old in self.headers)
        return replace(self, headers=headers)


type Part = list[Record]


@dataclass(frozen=True)
class Copy:
    """A copy of the log of vouchers; `busy` is the part with the most events."""

    audited: Audited
    prefix: str
    busy: int
    records: dict[int, Part]

    async def audit(self, change: Callable[[Part], Part]) -> list[Finding]:
        await self._fill(change)
        return await verify(
            self.audited.mongo, self.audited.kafka, services=["vouchers"], prefix=self.prefix
        )

    async def _fill(self, change: Callable[[Part], Part]) -> None:
        topic = f"{self.prefix}vouchers"
        admin = AIOKafkaAdminClient(bootstrap_servers=self.audited.kafka)
        await admin.start()
        await admin.create_topics([NewTopic(topic, len(self.records), 1)])
        await admin.close()
        producer = AIOKafkaProducer(bootstrap_servers=self.audited.kafka)
        await producer.start()
        for part, records in self.records.items():
            for record in change([*records]) if part == self.busy else records:
                await producer.send(
                    topic, record.value, key=record.key, partition=part, headers=[*record.headers]
                )
        await producer.stop()


@pytest.fixture
async def topic(audited: Audited) -> AsyncGenerator[Copy]:
    prefix = f"k{uuid4().hex[:8]}-"
    log = World(
        {
            place: documents
            for place, documents in audited.world.collections.items()
            if place[0] == "vouchers" and place[1] in LOG
        }
    )
    log.write(audited.client, prefix, None)
    sent = await everything(audited.kafka, "vouchers", audited.world.parts("vouchers"))
    heads: Counter[int] = Counter()
    for run in audited.world.all("vouchers", "sequence"):
        heads[run["_id"]["part"]] = max(heads[run["_id"]["part"]], run["last"])
    records = {part: some[: heads[part]] for part, some in sent.items()}  # others went on
    busy = max(records, key=lambda part: len(records[part]))
    yield Copy(audited, prefix, busy, records)
    for service in SERVICES:
        audited.client.drop_database(prefix + service)


async def everything(kafka: str, topic: str, parts: int) -> dict[int, Part]:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    places = [TopicPartition(topic, part) for part in range(parts)]
    ends = await consumer.end_offsets(places)
    found: dict[int, Part] = {part: [] for part in range(parts)}
    for place in places:
        consumer.assign([place])
        consumer.seek(place, 0)
        while len(found[place.partition]) < ends[place]:
            for record in (await consumer.getmany(place, timeout_ms=500)).get(place, []):
                found[place.partition].append(
                    Record(record.key, record.value, tuple(record.headers))
                )
    await consumer.stop()
    return found


def unchanged(part: Part) -> Part:
    return part


def sent_again(part: Part) -> Part:
    """As after a term that ended: everything behind the acknowledged mark once more."""
    return [*part, *part[-3:]]


def with_a_hole_that_was_filled(part: Part) -> Part:
    return [*part[:2], *part[3:], *part[2:]]


@pytest.mark.parametrize("change", [unchanged, sent_again, with_a_hole_that_was_filled])
async def test_repeats_are_no_finding(topic: Copy, change: Callable[[Part], Part]) -> None:
    assert await topic.audit(change) == []


def missing(part: Part) -> Part:
    return [*part[:2], *part[4:]]


def missing_at_the_end(part: Part) -> Part:
    return part[:-1]


def another_body(part: Part) -> Part:
    return [*part[:2], replace(part[2], value=part[2].value[:-1] + b" }"), *part[3:]]


def another_subject(part: Part) -> Part:
    return [*part[:2], part[2].header("ce_subject", b"wallet/x/y"), *part[3:]]


def another_key(part: Part) -> Part:
    return [*part[:2], replace(part[2], key=b"x/y"), *part[3:]]


def a_repeat_of_another_body(part: Part) -> Part:
    return [*part, replace(part[2], value=b"{}")]


def of_another_log(part: Part) -> Part:
    return [*part, part[0].header("ce_source", b"/zugabe/vouchers/" + b"0" * 32)]


def no_event_at_all(part: Part) -> Part:
    return [Record(b"k", b"hello", ()), *part]


def in_another_order(part: Part) -> Part:
    return [part[0], part[2], part[1], *part[3:]]


def ahead_of_the_log(part: Part) -> Part:
    number = part[0].headers[2][1].partition(b".")[0]
    return [*part, part[-1].header("ce_sequence", number + b".%d" % (len(part) + 1))]


@pytest.mark.parametrize(
    ("change", "kind", "place", "said"),
    [
        (missing, "kafka-missing", "position 3", "positions 3 to 4"),
        (missing_at_the_end, "kafka-missing", "position {last}", "are not there"),
        (another_body, "kafka-changed", "position 3", "in its body"),
        (another_subject, "kafka-changed", "position 3", "in ce_subject"),
        (another_key, "kafka-changed", "position 3", "in key"),
        (a_repeat_of_another_body, "kafka-changed", "position 3", "in its body"),
        (of_another_log, "kafka-foreign", "offset {last}", "no event of this log"),
        (no_event_at_all, "kafka-foreign", "offset 0", "no event of this log"),
        (in_another_order, "kafka-order", "position 3", "only after later ones"),
        (ahead_of_the_log, "kafka-ahead", "offset {last}", "the log ends at {last}"),
    ],
)
async def test_a_topic_that_differs_is_named(
    topic: Copy, change: Callable[[Part], Part], kind: str, place: str, said: str
) -> None:
    last = len(topic.records[topic.busy])
    [found] = await topic.audit(change)
    assert (found.kind, found.service) == (kind, "vouchers")
    assert found.where == f"part {topic.busy}, {place.format(last=last)}"
    assert said.format(last=last) in found.text


async def test_a_topic_that_is_gone_is_named(topic: Copy) -> None:
    found = await verify(
        topic.audited.mongo, topic.audited.kafka, services=["vouchers"], prefix=topic.prefix
    )
    assert [(finding.kind, finding.where) for finding in found] == [("topic-missing", "topic")]
