"""Errors in articles of an import, row by row: bounded, and kept for some months."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
from pymongo import ASCENDING
from pymongo.errors import BulkWriteError

from zugabe_events.domain.event import Fact
from zugabe_events.mongo.client import Database, create_missing
from zugabe_events.mongo.errors import is_duplicate

COLLECTION = "catalogue_import_errors"

MAX_ERRORS = 10_000
"""Errors of an import that are kept; all are counted."""

TTL = timedelta(days=180)

type Consequence = Literal["left-out", "partly"]


class RowMistake(Fact, frozen=True):
    """`position` orders the errors of an import. `partly`: the rest of the article was taken over.

    `line` is that of the file, or of the sheet.
    """

    position: str
    line: int
    number: str
    consequence: Consequence
    reason: str


class ImportErrors(Protocol):
    async def add(
        self, dealer: str, import_id: str, errors: Sequence[RowMistake], now: datetime
    ) -> None:
        """Keep errors, as long as there is room; those that are kept already do not count again."""
        ...

    async def page(
        self, dealer: str, import_id: str, after: str, limit: int
    ) -> Sequence[RowMistake]:
        """Errors behind the position `after`, in their order."""
        ...


class MongoImportErrors:
    def __init__(self, db: Database) -> None:
        self._errors = db[COLLECTION]

    async def add(
        self, dealer: str, import_id: str, errors: Sequence[RowMistake], now: datetime
    ) -> None:
        of_import = {"import": f"{dealer}/{import_id}"}
        room = MAX_ERRORS - await self._errors.count_documents(of_import, limit=MAX_ERRORS)
        if not errors or room <= 0:
            return
        documents = [
            {
                "_id": f"{dealer}/{import_id}/{error.position}",
                **of_import,
                **msgspec.to_builtins(error),
                "added": now,
            }
            for error in errors[:room]
        ]
        try:
            await self._errors.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if not is_duplicate(error):
                raise

    async def page(
        self, dealer: str, import_id: str, after: str, limit: int
    ) -> Sequence[RowMistake]:
        where = {"import": f"{dealer}/{import_id}", "position": {"$gt": after}}
        found = self._errors.find(where).sort("position").limit(limit)
        return [msgspec.convert(document, RowMistake) async for document in found]


async def deploy_import_errors(db: Database) -> None:
    """A deploy step."""
    await create_missing(db, COLLECTION)
    await db[COLLECTION].create_index([("import", ASCENDING), ("position", ASCENDING)])
    await db[COLLECTION].create_index("added", expireAfterSeconds=int(TTL.total_seconds()))
