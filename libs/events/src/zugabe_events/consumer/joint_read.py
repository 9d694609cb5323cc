"""Documents of several collections, read within a transaction by one request.

MongoDB has no such command before version 8, but an aggregation that looks up each collection is
one, for a third of the client's time that as many queries take.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.mongo.client import Database, Document

MAX_IDS = 300
"""Of one request: all its documents come back in one, which has 16 MB at most."""


@dataclass(slots=True)
class Wanted:
    """Documents that an effect needs to write; `found` is None until they have been read."""

    collection: str
    ids: Sequence[Any]
    found: Sequence[Document] | None = field(default=None, init=False)


@runtime_checkable
class Reading(Protocol):
    """An effect that reads documents by their ids before it writes."""

    def wanted(self, prepared: Any) -> Wanted | None: ...


async def read_together(
    db: Database, wanted: Sequence[Wanted], session: AsyncClientSession
) -> None:
    """Fill in what is wanted of two collections or more, as far as one request may be asked for.

    Whatever is left out is read by its effect alone.
    """
    for each in wanted:
        each.found = None  # of an earlier transaction
    some: list[Wanted] = []
    ids = 0
    for each in sorted(wanted, key=lambda each: len(each.ids)):
        ids += len(each.ids)
        if ids > MAX_IDS:
            break
        some.append(each)
    if len(some) < 2:
        return
    stages: list[Document] = [{"$match": {"_id": "log"}}, {"$project": {"_id": 1}}]
    for number, each in enumerate(some):
        chosen = [{"$match": {"_id": {"$in": list(each.ids)}}}]
        stages.append({"$lookup": {"from": each.collection, "pipeline": chosen, "as": str(number)}})
    async for document in await db.log.aggregate(stages, session=session):
        for number, each in enumerate(some):
            each.found = document[str(number)]
