"""A log that was restored, and is older than its topic, goes on under a new id.

Up to the last event that both have, log and topic tell the same history. What the topic holds
behind it is lost to the log, although others may have acted on it; who runs this is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiokafka import TopicPartition

from zugabe_events.consumer.checkpoints import RETIRED
from zugabe_events.consumer.log_succession import succeed
from zugabe_events.messaging.kafka_client import kafka_consumer
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message, incoming
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.mongo.lease import EXPIRED
from zugabe_events.sequencer.lease import LEASE_ID
from zugabe_events.sequencer.publisher import ContradictionError, same_through
from zugabe_events.sequencer.sequence import insert, last_of, plan


class SequencerRunsError(Exception):
    """A sequencer has the lease of the log."""


@dataclass(frozen=True, slots=True)
class NewLog:
    """`last`: by part, up to where old and new history are the same. `lost`: events that only the
    topic holds."""

    id: UUID
    last: Mapping[int, int]
    lost: list[Message]


async def new_log(
    db: Database, identity: LogIdentity, bootstrap: str, new_id: UUID, now: datetime
) -> NewLog:
    """Safe to repeat until it ends. Service and sequencers of the log must not run.

    Raises SequencerRunsError, and ContradictionError for a topic that never was this log's.
    """
    if await db.sequencers.find_one({"_id": LEASE_ID, "$expr": {"$gt": ["$until", "$$NOW"]}}):
        raise SequencerRunsError("stop the sequencers of this log first")
    last: dict[int, int] = {}
    acked: dict[int, int] = {}
    lost: list[Message] = []
    for part in range(identity.parts):
        document = await last_of(db, part)
        known = document["last"] if document else 0
        behind, end = await _behind(identity, bootstrap, part, known)
        last[part] = await _adopt(db, part, known, behind, now)
        lost += [one for one in behind if one.pos > last[part]]
        acked[part] = min(last[part], end)
    acked = await _hand_over(db, identity, new_id, last, acked)
    await db.sequencers.update_one(
        {"_id": LEASE_ID},
        {
            "$set": {
                "token": None,
                "start_at": None,
                "owner": None,
                "until": EXPIRED,
                "last": {str(part): pos for part, pos in last.items()},
                # One event at least is sent in each part, so that everybody meets the new lane.
                "acked": {str(part): max(pos - 1, 0) for part, pos in acked.items()},
            },
            "$inc": {"epoch": 1},
        },
        upsert=True,
    )
    before = [{"id": identity.id, "last": _stored(last)}]
    for fork in identity.before:
        common = {part: min(pos, last[part]) for part, pos in fork.last.items()}
        before.append({"id": fork.id, "last": _stored(common)})
    await db.log.update_one({"_id": "log"}, {"$set": {"id": new_id, "before": before}})
    return NewLog(new_id, last, lost)


def _stored(positions: Mapping[int, int]) -> dict[str, int]:
    return {str(part): pos for part, pos in positions.items()}


async def _behind(
    identity: LogIdentity, bootstrap: str, part: int, known: int
) -> tuple[list[Message], int]:
    """What the topic tells of this log behind a position, in order; and where it ends. All of the
    topic is read: what was sent again may lie anywhere."""
    found: dict[int, Message] = {}
    end = 0
    async with kafka_consumer(bootstrap) as consumer:
        partition = TopicPartition(identity.name, part)
        consumer.assign([partition])
        upto: int = (await consumer.end_offsets([partition]))[partition]
        consumer.seek(partition, 0)
        while upto and await consumer.position(partition) < upto:
            for record in (await consumer.getmany(partition, timeout_ms=1_000)).get(partition, ()):
                message = own_message(identity, record)
                if message is not None:
                    end = max(end, message.pos)
                    if message.pos > known:
                        found[message.pos] = message
    return [found[pos] for pos in sorted(found)], end


def own_message(identity: LogIdentity, record: object) -> Message | None:
    """None for records of strangers, and of ids that the log had before.

    Raises ContradictionError for an event of a log that never was this one.
    """
    try:
        message = incoming(record)
    except MalformedMessageError:
        return None
    if same_through(identity, message) is None:
        text = f"topic {identity.name} holds events of another log ({message.lane.log_id})"
        raise ContradictionError(text)
    return message if message.lane.log_id == str(identity.id) else None


async def _adopt(db: Database, part: int, known: int, behind: list[Message], now: datetime) -> int:
    """Commits that are there, but without a position, get the ones that the topic has for them."""
    last, times = {part: known}, {part: now}
    for message in behind:
        if message.pos <= last[part]:
            continue
        commit_id = UUID(message.id.rpartition(".")[0])
        commit = await db.commits.find_one({"_id": commit_id, "part": part})
        if commit is None or message.pos != last[part] + 1:
            break
        documents, _ = plan([commit], last, times, now)
        await insert(db, documents)
    return last[part]


async def _hand_over(
    db: Database,
    identity: LogIdentity,
    new_id: UUID,
    last: Mapping[int, int],
    acked: Mapping[int, int],
) -> dict[int, int]:
    """The service's own consumers go on in the new lanes; they never hear what was lost. From
    where they stand everything must be sent: that is where Kafka's mark may be at most."""
    mark = dict(acked)
    former = {"log": identity.name, "log_id": str(identity.id)}
    for one in await db.positions.find(former).to_list():
        part, reached = one["part"], int(one["pos"])
        known = min(int(one["retired_at"]) if reached == RETIRED else reached, last[part])
        mark[part] = min(mark[part], known)
        old = Lane(identity.name, str(identity.id), part)
        new = Lane(identity.name, str(new_id), part)
        await succeed(db, one["consumer"], old, one["pos"], new, known, -1)
    return mark
