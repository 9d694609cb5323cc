"""Restored logs: a log that is older than its topic goes on under a new id.

Up to the last event that both have, log and topic share their history. The log has lost what the
topic has behind it, although others may have acted on it; these events are reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiokafka import TopicPartition

from zugabe_events.consumer.checkpoints import RETIRED
from zugabe_events.consumer.log_succession import succeed
from zugabe_events.messaging.authentication import Authentication, authentication_of
from zugabe_events.messaging.kafka_client import kafka_consumer
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.mongo.lease import EXPIRED
from zugabe_events.sequencer.lease import LEASE_ID
from zugabe_events.sequencer.publisher import ContradictionError, common_position
from zugabe_events.sequencer.sequence import insert, last_of, plan


class SequencerRunsError(Exception):
    """A sequencer has the lease of the log."""


class NotOlderError(Exception):
    """The topic has nothing that the log lacks, so that the log can simply go on."""


@dataclass(frozen=True, slots=True)
class NewLog:
    """`last`: by part, the last common position of old and new history. `lost`: events that only
    the topic has."""

    id: UUID
    last: Mapping[int, int]
    lost: list[Message]


async def new_log(
    db: Database,
    identity: LogIdentity,
    bootstrap: str,
    new_id: UUID,
    now: datetime,
    *,
    force: bool = False,
) -> NewLog:
    """Give the log a new id. Safe to repeat until it succeeds, then with `force`; service and
    sequencers of the log must be stopped.

    Raises SequencerRunsError, NotOlderError unless `force` is set, and ContradictionError for a
    topic of another log.
    """
    if await db.sequencers.find_one({"_id": LEASE_ID, "$expr": {"$gt": ["$until", "$$NOW"]}}):
        raise SequencerRunsError("stop the sequencers of this log first")
    last: dict[int, int] = {}
    acked: dict[int, int] = {}
    lost: list[Message] = []
    found: list[tuple[int, int, list[Message], int]] = []
    for part in range(identity.parts):
        document = await last_of(db, part)
        sequenced = document["last"] if document else 0
        found.append((part, sequenced, *await _behind(identity, bootstrap, part, sequenced)))
    if not force and not any(behind for *_, behind, _ in found):
        raise NotOlderError(
            "the topic has nothing that the log lacks, so it goes on as it is; a new id is needed "
            "only after an attempt that was interrupted (--force)"
        )
    for part, sequenced, behind, end in found:
        last[part] = await _adopt(db, part, sequenced, behind, now)
        lost += [message for message in behind if message.pos > last[part]]
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
                # At least one event is sent in each part, so that consumers meet the new lane.
                "acked": {str(part): max(pos - 1, 0) for part, pos in acked.items()},
            },
            "$inc": {"epoch": 1},
        },
        upsert=True,
    )
    before = [{"id": identity.id, "last": _stored(last)}]
    for earlier in identity.before:
        common = {part: min(pos, last[part]) for part, pos in earlier.last.items()}
        before.append({"id": earlier.id, "last": _stored(common)})
    await db.log.update_one({"_id": "log"}, {"$set": {"id": new_id, "before": before}})
    return NewLog(new_id, last, lost)


def _stored(positions: Mapping[int, int]) -> dict[str, int]:
    return {str(part): pos for part, pos in positions.items()}


async def _behind(
    identity: LogIdentity, bootstrap: str, part: int, pos: int
) -> tuple[list[Message], int]:
    """The messages of this log that the topic has behind a position, in order, and its last
    position. All of the topic is read: republished messages may lie anywhere."""
    found: dict[int, Message] = {}
    end = 0
    authentication = authentication_of(bootstrap)
    async with kafka_consumer(bootstrap) as consumer:
        partition = TopicPartition(identity.name, part)
        consumer.assign([partition])
        end_offset: int = (await consumer.end_offsets([partition]))[partition]
        consumer.seek(partition, 0)
        while end_offset and await consumer.position(partition) < end_offset:
            for record in (await consumer.getmany(partition, timeout_ms=1_000)).get(partition, ()):
                message = own_message(identity, record, authentication)
                if message is not None:
                    end = max(end, message.pos)
                    if message.pos > pos:
                        found[message.pos] = message
    return [found[pos] for pos in sorted(found)], end


def own_message(
    identity: LogIdentity, record: object, authentication: Authentication
) -> Message | None:
    """None for foreign records, and for those under earlier ids of the log.

    Raises ContradictionError for an event of another log.
    """
    try:
        message = authentication.read(record)
    except MalformedMessageError:
        return None
    if common_position(identity, message) is None:
        text = f"topic {identity.name} holds events of another log ({message.lane.log_id})"
        raise ContradictionError(text)
    return message if message.lane.log_id == str(identity.id) else None


async def _adopt(db: Database, part: int, pos: int, behind: list[Message], now: datetime) -> int:
    """Give commits without a position those that the topic has for them; returns the last one."""
    last, times = {part: pos}, {part: now}
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
    """Let the service's own consumers go on in the new lanes, without the lost events.

    Everything behind their checkpoints must be sent: returns `acked`, lowered to those.
    """
    acked = dict(acked)
    stored = {"log": identity.name, "log_id": str(identity.id)}
    for checkpoint in await db.positions.find(stored).to_list():
        part, pos = checkpoint["part"], int(checkpoint["pos"])
        common = min(int(checkpoint["retired_at"]) if pos == RETIRED else pos, last[part])
        acked[part] = min(acked[part], common)
        old = Lane(identity.name, str(identity.id), part)
        new = Lane(identity.name, str(new_id), part)
        await succeed(db, checkpoint["consumer"], old, pos, new, common, -1)
    return acked
