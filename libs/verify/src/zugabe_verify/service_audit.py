"""One service's log and topic, read once from the first position to the head."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from zugabe_verify.findings import Findings
from zugabe_verify.kafka_timeout import bounded
from zugabe_verify.log import (
    Database,
    Document,
    Log,
    SequencedCommit,
    acknowledged,
    cluster_seconds,
    heads,
    identify,
    walk,
)
from zugabe_verify.progress import Progress
from zugabe_verify.records import LoggedEvent
from zugabe_verify.schemas import Schemas
from zugabe_verify.structure import Structure
from zugabe_verify.topic import Digests, Topic, message_of

type Take = Callable[[LoggedEvent], None]


@dataclass(slots=True)
class LogAudit:
    """A log whose parts are being read: `done` events so far, `part` is next.

    `ends` are the offsets behind the last records; None without the topic.
    """

    log: Log
    structure: Structure
    ends: dict[int, int] | None
    part: int = 0
    done: int = 0
    unknown: set[str] = field(default_factory=set)


class ServiceAudit:
    """`take` gets every event: those up to the head in order, then those without a position."""

    def __init__(
        self,
        service: str,
        db: Database,
        consumer: AIOKafkaConsumer | None,
        findings: Findings,
        progress: Progress,
        take: Take | None,
    ) -> None:
        self._service = service
        self._db = db
        self._consumer = consumer
        self._findings = findings
        self._progress = progress
        self._take = take

    async def begin(self, folder: Path) -> LogAudit | None:
        """None when there is no log."""
        identity = await identify(self._db)
        if identity is None:
            what = f"there is no log in database {self._db.name}"
            self._findings.add("log-missing", self._service, "log", what)
            return None
        log_id, parts = identity
        # In this order: what was acknowledged is before the ends, what is before them is sequenced.
        acked = await acknowledged(self._db)
        ends = await self._ends(parts)
        last = await heads(self._db, parts)
        seconds = await cluster_seconds(self._db)
        log = Log(self._service, self._db, log_id, parts, acked, last, seconds)
        if self._consumer is not None and ends is None and any(acked.values()):
            self._findings.add("topic-missing", log.service, "topic", "there is no topic")
        self._tell_behind(log)
        return LogAudit(log, Structure(log, folder, self._findings), ends)

    async def run(self, log_audit: LogAudit, part_done: Callable[[], None]) -> None:
        """The parts that are left, then the log as a whole."""
        log, structure = log_audit.log, log_audit.structure
        schemas = Schemas(self._service, self._findings, log_audit.unknown)
        topic = None
        if self._consumer is not None and log_audit.ends is not None:
            topic = Topic(self._consumer, log_audit.ends, self._findings)
        while log_audit.part < log.parts:
            part = log_audit.part
            log_audit.done = await self._part(log, part, structure, topic, schemas, log_audit.done)
            log_audit.part += 1
            part_done()
        structure.streams()
        async for commit in structure.unsequenced():
            self._tell(commit, 0)

    async def _ends(self, parts: int) -> dict[int, int] | None:
        topic = self._db.name
        if self._consumer is None:
            return None
        async with bounded(f"where {topic} ends"):
            if topic not in await self._consumer.topics():
                return None
            places = [TopicPartition(topic, part) for part in range(parts)]
            ends = await self._consumer.end_offsets(places)
        return {place.partition: end for place, end in ends.items()}

    def _tell_behind(self, log: Log) -> None:
        behind = sum(max(0, head - log.acked.get(part, 0)) for part, head in log.heads.items())
        if behind and self._consumer is not None:
            self._progress.note(f"{log.service}: Kafka has yet to acknowledge {behind:,} events.")

    async def _part(
        self,
        log: Log,
        part: int,
        structure: Structure,
        topic: Topic | None,
        schemas: Schemas,
        done: int,
    ) -> int:
        digests = Digests(log.heads[part]) if topic else None
        async for some in walk(log, part, self._findings):
            for placed in some:
                structure.take(part, placed)
                self._check(placed, part, schemas)
                self._tell(placed.commit, placed.pos)
                if digests is not None:
                    digest(digests, placed, log.source)
                done += len(placed.commit["events"])
            self._progress.step(f"{log.service}: events of the log", done, log.events)
        if topic and digests is not None:
            await topic.compare(log, part, digests)
        return done

    def _check(self, placed: SequencedCommit, part: int, schemas: Schemas) -> None:
        for index, event in enumerate(placed.commit["events"]):
            where = f"part {part}, position {placed.pos + index}"
            try:
                body = msgspec.json.decode(event["data"])
            except msgspec.DecodeError as error:
                what = f"{event['name']} is no JSON: {error}"
                self._findings.add("event-invalid", self._service, where, what)
                continue
            schemas.check(event["name"], body, where)

    def _tell(self, commit: Document, pos: int) -> None:
        if self._take is None:
            return
        for event in events_of(self._service, commit, pos):
            self._take(event)


def events_of(service: str, commit: Document, pos: int) -> Sequence[LoggedEvent]:
    """`pos` is that of the first one, 0 for none."""
    return [
        LoggedEvent(
            log=service,
            stream=commit["stream"],
            version=commit["version"] + index,
            part=commit["part"],
            pos=pos + index if pos else 0,
            id=f"{commit['_id']}.{index}",
            cause=commit.get("causation"),
            seconds=commit["at"].time,
            name=event["name"],
            data=event["data"],
        )
        for index, event in enumerate(commit["events"])
    ]


def digest(digests: Digests, placed: SequencedCommit, source: str) -> None:
    commit: dict[str, Any] = placed.commit
    for index in range(len(commit["events"])):
        pos = placed.pos + index
        digests.put(pos, message_of(commit, index, pos, source))
