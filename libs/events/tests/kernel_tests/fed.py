"""Consumers that are fed without Kafka."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from aiokafka import TopicPartition

from kernel_tests.noting import Noting
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.feed import Feed
from zugabe_events.consumer.registration import Registration
from zugabe_events.messaging.message import Lane

LANE = Lane("toy", "id", 0)
PARTITION = TopicPartition("toy", 0)
BESIDE = ("ce_subject", "ce_time", "ce_correlationid", "ce_dealer")


class FakeKafka:
    """One partition, and where it is read."""

    def __init__(self) -> None:
        self.at = 0

    def assignment(self) -> set[TopicPartition]:
        return {PARTITION}

    async def position(self, partition: TopicPartition) -> int:
        return self.at

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.at = offset


class Process(Feed):
    """A process: its consumers, by their effects."""

    def __init__(
        self,
        *effects: Noting,
        careful: bool = False,
        gathering: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """`gathering` are the seconds for which messages of consumers may wait, by name."""
        super().__init__()
        self.fake = FakeKafka()
        self.consumers = [
            Consumer(effect.db, effect.name, effect, careful=careful) for effect in effects
        ]
        for consumer in self.consumers:
            gathers = gathering.get(consumer.name, 0.0)
            self.attach(Registration(consumer, frozenset({"toy"}), gathers))

    @property
    def kafka(self) -> Any:
        return self.fake

    async def read(self, first: int, last: int) -> None:
        self.fake.at = last + 1
        await self.take([record(pos) for pos in range(first, last + 1)])

    async def read_through(self, last: int) -> None:
        """Read until the partition is read to its end."""
        async with asyncio.timeout(120):
            while self.fake.at <= last:
                await self.read(max(self.fake.at, 1), last)
                await asyncio.sleep(0.005)

    async def positions(self) -> list[int]:
        return [await consumer.checkpoints.position(LANE) for consumer in self.consumers]


def record(pos: int) -> Any:
    """Its offset is its position."""
    headers = [
        ("ce_id", b"%d" % pos),
        ("ce_type", b"added"),
        ("ce_sequence", b"0.%d" % pos),
        ("ce_source", b"/zugabe/toy/id"),
        ("ce_dataschema", b"added:1"),
        *((name, b"x") for name in BESIDE),
    ]
    return SimpleNamespace(topic="toy", partition=0, offset=pos, value=b"", headers=headers)
