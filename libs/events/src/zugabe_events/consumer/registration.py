"""A consumer as a feed knows it."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka import TopicPartition
from pymongo.errors import PyMongoError

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.messaging.message import Lane, Message

log = logging.getLogger(__name__)

RETRY_INTERVAL_SECONDS = 1.0

type ByLane = dict[Lane, list[Message]]
type Offsets = dict[TopicPartition, int]
type Taking = asyncio.Task[Offsets]


@dataclass(eq=False)
class Registration:
    """A consumer and its topics.

    `gathers` are the seconds for which its messages may wait for more. `taking` is the batch with
    which it held up others for too long, and `held_up` how often it did.
    """

    consumer: Consumer
    topics: frozenset[str]
    gathers: float = 0.0
    taking: Taking | None = None
    held_up: int = 0

    @property
    def is_busy(self) -> bool:
        return self.taking is not None and not self.taking.done()

    async def offsets(self, partitions: Iterable[TopicPartition]) -> Offsets:
        """The offsets to read on from, by those of the partitions that belong to its topics.

        Raises PyMongoError only when the process stops.
        """
        own = [partition for partition in partitions if partition.topic in self.topics]
        stored = {
            topic: await self._stored(topic) for topic in {partition.topic for partition in own}
        }
        return {partition: stored[partition.topic].get(partition.partition, 0) for partition in own}

    async def _stored(self, topic: str) -> dict[int, int]:
        while True:
            try:
                return await self.consumer.checkpoints.offsets(topic)
            except PyMongoError:
                if self.consumer.stopping.is_set():
                    raise
                log.warning("%s: checkpoints could not be read, retrying", self.consumer.name)
                await asyncio.sleep(RETRY_INTERVAL_SECONDS)
