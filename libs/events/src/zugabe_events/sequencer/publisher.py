"""Publishing from the log to Kafka: pipelined, in order per part, and only forward.

A failed send ends the term; otherwise a later one would overtake it.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from zugabe_events.messaging.authentication import Authentication, authentication_of
from zugabe_events.messaging.kafka_client import kafka_consumer
from zugabe_events.messaging.kafka_security import client_options
from zugabe_events.messaging.message import (
    MalformedMessageError,
    Message,
    continues_of,
    outgoing,
    source_of,
)
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.observability import metrics
from zugabe_events.sequencer.lease import TermEndedError
from zugabe_events.sequencer.sequence import SequencedCommit, last_of

log = logging.getLogger(__name__)

MAX_IN_FLIGHT = 20_000
FIRST_WINDOW, MAX_WINDOW = 10, 10_000
"""Of records in which the last event of a part is looked for."""
STOP_TIMEOUT_SECONDS = 10
READ_TIMEOUT_SECONDS = 10


class ContradictionError(Exception):
    """The topic has another history than the log. Nothing can be sent until an operator decides."""


class Publisher:
    """`acked` has by part the position up to which Kafka has acknowledged without a gap."""

    def __init__(
        self,
        identity: LogIdentity,
        bootstrap: str,
        acked: dict[int, int],
        on_progress: Callable[[], None],
    ) -> None:
        self.acked = acked
        self._topic = identity.name
        self._source = source_of(identity).encode()
        self._continues = continues_of(identity)
        self._authentication = authentication_of(bootstrap)
        self._on_progress = on_progress
        self._sent = metrics.sent.labels(identity.name)
        self._waiting: dict[int, deque[tuple[int, asyncio.Future[Any]]]] = {}
        self._in_flight = 0
        self._room = asyncio.Event()
        self._room.set()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._producer = AIOKafkaProducer(
            **client_options(bootstrap),
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
        """Finish pending sends. After a failed one the others are discarded, since they would leave
        a gap; they are sent again later."""
        timeout = 0 if self.failed.done() else STOP_TIMEOUT_SECONDS
        self.failed.cancel()
        try:
            await asyncio.wait_for(self._producer.stop(), timeout)
        except TimeoutError:  # it stopped waiting, but not sending
            await self._producer.client.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._producer._sender.close(), STOP_TIMEOUT_SECONDS)

    async def send(self, sequenced: SequencedCommit) -> None:
        """Raises TermEndedError once any send has failed."""
        for message in outgoing(sequenced.commit, sequenced.pos, self._source, self._continues):
            if self._in_flight >= MAX_IN_FLIGHT:
                self._room.clear()
                await self._room.wait()
            if self.failed.done():
                raise TermEndedError(str(self.failed.exception()))
            future = await self._producer.send(
                self._topic,
                message.value,
                key=message.key,
                partition=message.part,
                headers=self._authentication.signed(message),
            )
            self._in_flight += 1
            self._waiting.setdefault(message.part, deque()).append((message.pos, future))
            future.add_done_callback(lambda done, part=message.part: self._acknowledged(part, done))

    def _acknowledged(self, part: int, done: "asyncio.Future[Any]") -> None:
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
        self._on_progress()


async def ends_of(db: Database, identity: LogIdentity, bootstrap: str) -> dict[int, int]:
    """The last positions of the topic's parts; a part without records is left out.

    Raises ContradictionError if the last record of a part cannot come from this log.
    """
    ends: dict[int, int] = {}
    authentication = authentication_of(bootstrap)
    async with kafka_consumer(bootstrap) as consumer:
        parts = [TopicPartition(identity.name, part) for part in range(identity.parts)]
        offsets = await consumer.end_offsets(parts)
        consumer.assign(parts)
        for part in parts:
            message = await last_message(consumer, part, offsets[part], authentication)
            if message is None:
                continue
            common = common_position(identity, message)
            if common is None:
                text = f"topic {part.topic} holds events of another log ({message.lane.log_id})"
                raise ContradictionError(text)
            ends[part.partition] = common
    for number, pos in ends.items():
        # Read after Kafka: another sequencer may be writing and sending.
        document = await last_of(db, number)
        last = document["last"] if document else 0
        if pos > last:
            text = f"topic {identity.name}/{number} ends at position {pos}, the log at {last}"
            raise ContradictionError(text)
    return ends


def common_position(identity: LogIdentity, message: Message) -> int | None:
    """The last position of the message's history that is also this log's; None: another log's."""
    if message.lane.log_id == str(identity.id):
        return message.pos
    for earlier in identity.before:
        if message.lane.log_id == str(earlier.id):
            return min(message.pos, earlier.last.get(message.lane.part, 0))
    return None


async def last_message(
    consumer: AIOKafkaConsumer, part: TopicPartition, end: int, authentication: Authentication
) -> Message | None:
    """The last event of a part; foreign records behind it are passed over, however many there are.

    None for a part without any event. Raises TimeoutError when Kafka does not answer.
    """
    window = FIRST_WINDOW
    while end > 0:
        begin = max(end - window, 0)
        consumer.seek(part, begin)
        found: Message | None = None
        while (position := await consumer.position(part)) < end:
            records = await consumer.getmany(part, timeout_ms=READ_TIMEOUT_SECONDS * 1_000)
            for record in records.get(part, ()):
                if record.offset < end:
                    with contextlib.suppress(MalformedMessageError):
                        found = authentication.read(record)
            if await consumer.position(part) == position:
                raise TimeoutError(f"{part.topic}/{part.partition} cannot be read")
        if found is not None:
            return found
        log.error("%s/%d ends with foreign records, from %d", part.topic, part.partition, begin)
        end, window = begin, min(window * 10, MAX_WINDOW)
    return None
