"""From the log to Kafka: pipelined, in order per part, and only forward.

A send that fails ends the term; a later one would otherwise overtake it.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from zugabe_events.messaging.kafka_client import kafka_consumer
from zugabe_events.messaging.message import (
    MalformedMessageError,
    Message,
    continues_of,
    incoming,
    outgoing,
    source_of,
)
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.observability import metrics
from zugabe_events.sequencer.lease import TermEndedError
from zugabe_events.sequencer.sequence import Sequenced, last_of

log = logging.getLogger(__name__)

IN_FLIGHT = 20_000
STRANGERS = 100
STOP_SECONDS = 10


class ContradictionError(Exception):
    """The topic tells another history than the log. Nothing can be sent until a person decides."""


class Publisher:
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
        self._continues = continues_of(identity)
        self._progressed = progressed
        self._sent = metrics.sent.labels(identity.name)
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
        """What is still on its way when a send has failed is thrown away: it would leave a hole
        behind it, and will be sent again."""
        patience = 0 if self.failed.done() else STOP_SECONDS
        self.failed.cancel()
        try:
            await asyncio.wait_for(self._producer.stop(), patience)
        except TimeoutError:  # it stopped waiting, but not sending
            await self._producer.client.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._producer._sender.close(), STOP_SECONDS)

    async def send(self, sequenced: Sequenced) -> None:
        """Raises TermEndedError once any send has failed."""
        for message in outgoing(sequenced.commit, sequenced.pos, self._source, self._continues):
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
            self._sent.inc()
        self._progressed()


async def ends_of(db: Database, identity: LogIdentity, bootstrap: str) -> dict[int, int]:
    """The positions at which Kafka's parts end; a part without records is left out.

    Raises ContradictionError if a part's last record cannot come from this log.
    """
    ends: dict[int, int] = {}
    async with kafka_consumer(bootstrap) as consumer:
        parts = [TopicPartition(identity.name, part) for part in range(identity.parts)]
        offsets = await consumer.end_offsets(parts)
        consumer.assign(parts)
        for part in parts:
            message = await last_message(consumer, part, offsets[part])
            if message is None:
                continue
            same = same_through(identity, message)
            if same is None:
                text = f"topic {part.topic} holds events of another log ({message.lane.log_id})"
                raise ContradictionError(text)
            ends[part.partition] = same
    for number, pos in ends.items():
        # Read behind Kafka: another sequencer may write and send even now.
        document = await last_of(db, number)
        last = document["last"] if document else 0
        if pos > last:
            text = f"topic {identity.name}/{number} ends at position {pos}, the log at {last}"
            raise ContradictionError(text)
    return ends


def same_through(identity: LogIdentity, message: Message) -> int | None:
    """Up to which position the message's history is this log's; None for that of another log."""
    if message.lane.log_id == str(identity.id):
        return message.pos
    for former in identity.before:
        if message.lane.log_id == str(former.id):
            return min(message.pos, former.last.get(message.lane.part, 0))
    return None


async def last_message(
    consumer: AIOKafkaConsumer, part: TopicPartition, end: int
) -> Message | None:
    """The last event of a part; records that strangers put behind it are passed over.

    Raises ContradictionError if there are nothing but strangers.
    """
    for offset in range(end - 1, max(end - STRANGERS, 0) - 1, -1):
        consumer.seek(part, offset)
        try:
            return incoming(await asyncio.wait_for(consumer.getone(part), 10))
        except MalformedMessageError as error:
            log.error("%s", error)
    if end > STRANGERS:
        text = f"topic {part.topic}/{part.partition} ends with {STRANGERS} records of strangers"
        raise ContradictionError(text)
    return None
