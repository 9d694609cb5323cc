"""Telling a subscription that is stuck from one to which nothing comes (X-36).

Kafka is asked by clients of their own, since those of a stuck subscription may hear nothing either.
While Kafka does not answer them, nobody could hear anything, and the subscription is not blamed.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.messaging.kafka_client import kafka_admin, kafka_consumer
from zugabe_events.observability import metrics

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 10.0
SILENCE_SECONDS = 10.0
"""After which Kafka is asked whether there is something to hear."""
STUCK_SECONDS = 30.0
"""For which one finding has to stand, so that a rebalance or a slow fetch is none."""
ANSWER_SECONDS = 10.0


class NoAnswerError(Exception):
    """Kafka does not say who is in the group, such as while its coordinator moves."""


class SubscriptionWatch:
    """`is_stuck` until something was heard, or there is nothing to hear, after a restart."""

    def __init__(
        self,
        source: KafkaSource,
        kafka: str,
        group: str,
        instance: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`group` and `instance` are those of the subscription."""
        self.is_stuck = False
        self._source = source
        self._kafka = kafka
        self._group = group
        self._member = f"{group}@{instance}-"
        self._clock = clock
        self._found: str | None = None
        self._since = 0.0
        self._positions: Mapping[TopicPartition, int] = {}

    async def run(self, started: Awaitable[None]) -> None:
        """Until cancelled, from when the subscription was `started`."""
        await started
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Ask once, and restart the subscription if it has been stuck for long enough."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                finding = await self._finding()
        except (KafkaError, NoAnswerError, TimeoutError, OSError):
            finding = None
            self._positions = {}
        now = self._clock()
        if finding != self._found:
            self._found, self._since = finding, now
        if finding is None:
            if self.is_stuck:
                log.info("%s: hears Kafka again", self._group)
            self._tell(is_stuck=False)
        elif now - self._since >= STUCK_SECONDS:
            self._tell(is_stuck=True)
            log.error("%s: hears nothing: %s; subscribes again", self._group, finding)
            self._since = now
            await self._source.restart()

    def _tell(self, *, is_stuck: bool) -> None:
        self.is_stuck = is_stuck
        metrics.subscription_stuck.set(is_stuck)

    async def _finding(self) -> str | None:
        if self._source.silent_seconds() < SILENCE_SECONDS:
            self._positions = {}
            return None
        if not await self._is_member():
            return "Kafka does not know it as a member of its group"
        before, self._positions = self._positions, await self._behind()
        if any(before.get(partition) == at for partition, at in self._positions.items()):
            return "there are records that it does not fetch"
        return None

    async def _is_member(self) -> bool:
        async with kafka_admin(self._kafka) as admin:
            answers = await admin.describe_consumer_groups([self._group])
        (group,) = (group for answer in answers for group in answer.to_object()["groups"])
        if group["error_code"]:
            raise NoAnswerError
        return any(member["member_id"].startswith(self._member) for member in group["members"])

    async def _behind(self) -> dict[TopicPartition, int]:
        """Assigned partitions with records behind the position of reading, with the position."""
        kafka = self._source.kafka
        assigned = list(kafka.assignment())
        if not assigned:
            return {}
        async with kafka_consumer(self._kafka) as asking:
            ends = await asking.end_offsets(assigned)
        behind: dict[TopicPartition, int] = {}
        for partition, end in ends.items():
            try:
                async with asyncio.timeout(1.0):
                    position = await kafka.position(partition)
            except IllegalStateError:  # no longer assigned
                continue
            except TimeoutError:  # not even the position is known yet
                position = -1
            if position < end:
                behind[partition] = position
        return behind
