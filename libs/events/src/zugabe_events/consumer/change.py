"""The contents of a transaction: checkpoints and effects, of one consumer or of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bson.timestamp import Timestamp
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.consumer.checkpoints import Advance, Checkpoints, write_updates
from zugabe_events.consumer.effect import AnyEffect, ConflictError
from zugabe_events.consumer.joint_read import Reading, Wanted, read_together
from zugabe_events.mongo.transaction import transaction


@dataclass(slots=True, eq=False)
class Change:
    """The prepared effect of a batch at one consumer, and the advances of its checkpoints.

    `failed`: writing this effect is what ended a transaction.
    """

    checkpoints: Checkpoints
    advances: Sequence[Advance]
    effect: AnyEffect
    prepared: Any
    failed: bool = False

    def wanted(self) -> Wanted | None:
        return self.effect.wanted(self.prepared) if isinstance(self.effect, Reading) else None

    async def write(self, session: AsyncClientSession) -> None:
        try:
            await self.effect.write(self.prepared, session)
        except Exception as error:
            self.failed = True
            if isinstance(error, PyMongoError) and error.has_error_label(
                "TransientTransactionError"
            ):
                raise ConflictError(self.checkpoints.consumer) from error
            raise


async def commit(changes: Sequence[Change]) -> Timestamp | None:
    """Commit all changes, or none; returns the cluster time of the commit.

    Raises FencedError, ConflictError, or the error of an effect.
    """
    db = changes[0].checkpoints.db
    updates = [update for each in changes for update in each.checkpoints.updates(each.advances)]
    async with transaction(db) as session:
        await write_updates(db, updates, session)
        await read_together(db, [read for each in changes if (read := each.wanted())], session)
        for change in changes:
            await change.write(session)
    return session.operation_time


async def fenced(changes: Sequence[Change]) -> list[Change]:
    """The changes of which another owner has moved a checkpoint."""
    demanded = [change.checkpoints.fences(change.advances) for change in changes]
    ids = [id_ for fences in demanded for id_ in fences]
    found = changes[0].checkpoints.db.positions.find({"_id": {"$in": ids}}, {"pos": 1})
    stored = {document["_id"]: document["pos"] async for document in found}
    return [
        change
        for change, fences in zip(changes, demanded, strict=True)
        if any(stored.get(id_, 0) != before for id_, before in fences.items())
    ]
