"""Where people's wrapped keys lie: one document per person, with what must be kept until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from zugabe_events.encryption.retention import Record
from zugabe_events.mongo.client import Database, Document, create_missing

TRIES = 5


@dataclass(frozen=True, slots=True)
class Stored:
    """`wrapped` of None is a tombstone: the key is gone, and no other will be made.

    `latest` is by kind of record the last one that names the person.
    """

    wrapped: str | None
    latest: Mapping[Record, datetime] = field(default_factory=dict)
    restricted: bool = False


class KeyStore(Protocol):
    async def find(self, persons: Sequence[str]) -> Mapping[str, Stored]:
        """Those that there are."""
        ...

    async def note(self, person: str, wrapped: str, record: Record, at: datetime) -> Stored:
        """Keep the key unless there is one already or a tombstone, and that a record names him.

        Returns what majority holds: of several who come at once, one key wins.
        """
        ...


class MongoKeyStore:
    def __init__(self, db: Database) -> None:
        self._persons = db.persons

    async def find(self, persons: Sequence[str]) -> Mapping[str, Stored]:
        found = self._persons.find({"_id": {"$in": list(persons)}})
        return {document["_id"]: stored(document) async for document in found}

    async def note(self, person: str, wrapped: str, record: Record, at: datetime) -> Stored:
        for tried in range(TRIES):
            try:
                document = await self._persons.find_one_and_update(
                    {"_id": person},
                    # A tombstone has `wrapped` already: null.
                    {"$setOnInsert": {"wrapped": wrapped}, "$max": {f"latest.{record}": at}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:  # two upserts of one person at once
                if tried + 1 == TRIES:
                    raise
                continue
            assert document is not None, "it was upserted"
            return stored(document)
        raise AssertionError("unreachable")


def stored(document: Mapping[str, Any]) -> Stored:
    return Stored(
        document.get("wrapped"), document.get("latest", {}), document.get("restricted", False)
    )


def restriction() -> Document:
    """An update for `persons`."""
    return {"$set": {"restricted": True}}


def shredding(at: datetime) -> Document:
    """An update for `persons`, as an upsert: a tombstone stands also where no key was."""
    return {"$set": {"wrapped": None, "erased": at}, "$unset": {"latest": "", "restricted": ""}}


async def deploy_persons(db: Database) -> None:
    await create_missing(db, "persons", "disclosures")
