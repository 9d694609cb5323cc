"""Store of people's wrapped keys: one document per person, with the latest records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pymongo import ASCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from zugabe_events.encryption.retention import Record
from zugabe_events.mongo.client import Database, Document, create_missing

MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class StoredKey:
    """`wrapped` is None for a tombstone: the key is erased and never replaced.

    `latest` is the time of the last record that names the person, by kind of record.
    """

    wrapped: str | None
    latest: Mapping[Record, datetime] = field(default_factory=dict)
    restricted: bool = False


class KeyStore(Protocol):
    async def find(self, persons: Sequence[str]) -> Mapping[str, StoredKey]:
        """Existing entries by person."""
        ...

    async def note(
        self, person: str, wrapped: str, record: Record | None, at: datetime
    ) -> StoredKey:
        """Note that a record names a person, and store the key unless there is one or a tombstone.

        Returns the entry as majority has it: of concurrent keys, one wins.
        """
        ...


class MongoKeyStore:
    def __init__(self, db: Database) -> None:
        self._persons = db.persons

    async def find(self, persons: Sequence[str]) -> Mapping[str, StoredKey]:
        found = self._persons.find({"_id": {"$in": list(persons)}})
        return {document["_id"]: stored(document) async for document in found}

    async def note(
        self, person: str, wrapped: str, record: Record | None, at: datetime
    ) -> StoredKey:
        named = {"$max": {f"latest.{record}": at}} if record else {}
        for tried in range(MAX_TRIES):
            try:
                document = await self._persons.find_one_and_update(
                    {"_id": person},
                    # A tombstone has `wrapped` already: null.
                    {"$setOnInsert": {"wrapped": wrapped}, **named},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:  # two upserts of one person at once
                if tried + 1 == MAX_TRIES:
                    raise
                continue
            assert document is not None, "it was upserted"
            return stored(document)
        raise AssertionError("unreachable")


def stored(document: Mapping[str, Any]) -> StoredKey:
    return StoredKey(
        document.get("wrapped"), document.get("latest", {}), document.get("restricted", False)
    )


def restriction() -> Document:
    """The update of a person's document that restricts it."""
    return {"$set": {"restricted": True}}


def shredding(at: datetime) -> Document:
    """The upsert of a person's document that leaves a tombstone, even if there was no key."""
    return {"$set": {"wrapped": None, "erased": at}, "$unset": {"latest": "", "restricted": ""}}


async def deploy_persons(db: Database) -> None:
    await create_missing(db, "persons", "disclosures")
    await db.disclosures.create_index(
        [("dealer", ASCENDING), ("user", ASCENDING), ("at", ASCENDING)]
    )
    await db.disclosures.create_index([("until", ASCENDING)], expireAfterSeconds=0)
