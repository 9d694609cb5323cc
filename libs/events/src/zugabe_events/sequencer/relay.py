"""From the log to Kafka: pipelined, in order per part, and only forward.

A send that fails ends the term; a later one would otherwise overtake it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from zugabe_events.messages import incoming, outgoing, source_of
from zugabe_events.mongo import LogIdentity
from zugabe_events.sequencer.lease import TermEndedError
from zugabe_events.sequencer.sequence import Sequenced

IN_FLIGHT = 20_000


class ContradictionError(Exception):
    """The topic tells another history than the log. Nothing can be sent until a person decides."""


class Relay:
    """`acked` holds the position by part up to which Kafka has acknowledged without a gap."""

    def __init__(
        self,
        identity: LogIdentity,
        bootstrap: str,
        acked: dict[int, int],
        progressed: Callable[[], None],
    ) -> None:
        self.acked = acked
        self._topic = identity.name
        self._source = source_of(identity).encode()
        self._progressed = progressed
        self._waiting: dict[int, deque[tuple[int, asyncio.Future[Any]]]] = {}
        self._in_flight = 0
        self._room = asyncio.Event()
        self._room.set()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=131_072,
            request_timeout_ms=10_000,
            max_request_size=4_000_000,
        )

    async def start(self) -> None:
        await self._producer.start()

    async def stop(self) -> None:
        """Without waiting for what is still on its way: it will be sent again."""
        if not self.failed.done():
            self.failed.cancel()
        await asyncio.wait_for(self._producer.stop(), 15)

    async def send(self, sequenced: Sequenced) -> None:
        """Raises TermEndedError once any send has failed."""
        for message in outgoing(sequenced.commit, sequenced.pos, self._source):
            if self._in_flight >= IN_FLIGHT:
                self._room.clear()
                await self._room.wait()
            if self.failed.done():
                raise TermEndedError(str(self.failed.exception()))
            future = await self._producer.send(
                self._topic,
                message.value,
                key=message.key,
                partition=message.part,
                headers=message.headers,
            )
            self._in_flight += 1
            self._waiting.setdefault(message.part, deque()).append((message.pos, future))
            future.add_done_callback(lambda done, part=message.part: self._arrived(part, done))

    def _arrived(self, part: int, done: "asyncio.Future[Any]") -> None:
        self._in_flight -= 1
        self._room.set()
        if done.cancelled() or done.exception() is not None:
            if not self.failed.done():
                reason = "cancelled" if done.cancelled() else repr(done.exception())
                self.failed.set_exception(TermEndedError(f"a send failed: {reason}"))
                self.failed.exception()
            return
        waiting = self._waiting[part]
        while waiting and (first := waiting[0][1]).done():
            if first.cancelled() or first.exception() is not None:
                return
            self.acked[part] = waiting.popleft()[0]
        self._progressed()


async def check_topic(identity: LogIdentity, bootstrap: str, last: dict[int, int]) -> None:
    """Raises ContradictionError if a part's last record cannot come from this log."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        parts = [TopicPartition(identity.name, part) for part in range(identity.parts)]
        ends = await consumer.end_offsets(parts)
        filled = [part for part in parts if ends[part] > 0]
        consumer.assign(filled)
        for part in filled:
            consumer.seek(part, ends[part] - 1)
        for part in filled:
            record = await asyncio.wait_for(consumer.getone(part), 10)
            message = incoming(record)
            if message.lane.log_id != str(identity.id):
                text = f"topic {part.topic} holds events of another log ({message.lane.log_id})"
                raise ContradictionError(text)
            if message.pos > last.get(part.partition, 0):
                text = (
                    f"topic {part.topic}/{part.partition} ends at position {message.pos}, "
                    f"the log at {last.get(part.partition, 0)}"
                )
                raise ContradictionError(text)
    finally:
        await consumer.stop()
