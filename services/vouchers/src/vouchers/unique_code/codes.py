"""The generated codes: found by what people type, listed by number, and in no event."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pymongo import ASCENDING, DESCENDING
from pymongo.errors import BulkWriteError

from vouchers.unique_code.spelling import key_of
from zugabe_events.domain.event import Fact
from zugabe_events.mongo.client import DUPLICATE_KEY, Database, Document, create_missing

COLLECTION = "unique_codes"


class StoredCode(Fact, frozen=True):
    """Code `number` of a campaign, as it is written; `owner` is the campaign's tenant.

    It begins with `campaign_code`.
    """

    owner: str
    campaign_id: str
    campaign_code: str
    number: int
    code: str


class UniqueCodes(Protocol):
    async def find(self, owner: str, code: str) -> StoredCode | None:
        """The code that somebody has typed, in one read by an index."""
        ...

    async def add(self, codes: Sequence[StoredCode]) -> Sequence[StoredCode]:
        """Store codes of one campaign; those that are stored already stay.

        Returns those whose writing another code of the owner has.
        """
        ...

    async def listed(
        self, owner: str, campaign_id: str, after: int, before: int, *, limit: int, descending: bool
    ) -> Sequence[StoredCode]:
        """The codes with numbers between, in their order."""
        ...


class MongoUniqueCodes:
    """One document for each code: `_id` is owner and key, `of` owner and campaign."""

    def __init__(self, db: Database) -> None:
        self._codes = db[COLLECTION]

    async def find(self, owner: str, code: str) -> StoredCode | None:
        found = await self._codes.find_one({"_id": id_of(owner, code)})
        return stored(found) if found else None

    async def add(self, codes: Sequence[StoredCode]) -> Sequence[StoredCode]:
        documents = [document_of(code) for code in codes]
        try:
            await self._codes.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            failed = error.details["writeErrors"]
            if any(each["code"] != DUPLICATE_KEY for each in failed):
                raise
            return await self._others([codes[each["index"]] for each in failed])
        return []

    async def _others(self, refused: Sequence[StoredCode]) -> Sequence[StoredCode]:
        """Those of the refused codes that are not in the collection with their own number."""
        keys = {id_of(code.owner, code.code): code for code in refused}
        found = self._codes.find({"_id": {"$in": list(keys)}})
        mine = {document["_id"]: stored(document) async for document in found}
        numbers = {
            document["number"]
            async for document in self._codes.find(
                {
                    "of": of(refused[0].owner, refused[0].campaign_id),
                    "number": {"$in": [code.number for code in refused]},
                }
            )
        }
        return [
            code
            for key, code in keys.items()
            if mine.get(key) != code and code.number not in numbers
        ]

    async def listed(
        self, owner: str, campaign_id: str, after: int, before: int, *, limit: int, descending: bool
    ) -> Sequence[StoredCode]:
        where = {"of": of(owner, campaign_id), "number": {"$gt": after, "$lt": before}}
        order = DESCENDING if descending else ASCENDING
        found = self._codes.find(where).sort("number", order).limit(limit)
        return [stored(document) async for document in found]


def of(owner: str, campaign_id: str) -> str:
    return f"{owner}/{campaign_id}"


def id_of(owner: str, code: str) -> str:
    return f"{owner}/{key_of(code)}"


def document_of(code: StoredCode) -> Document:
    return {
        "_id": id_of(code.owner, code.code),
        "of": of(code.owner, code.campaign_id),
        "number": code.number,
        "code": code.code,
        "begins": len(code.campaign_code),
    }


def stored(document: Mapping[str, object]) -> StoredCode:
    owner, _, campaign_id = str(document["of"]).partition("/")
    number, begins, code = document["number"], document["begins"], str(document["code"])
    assert isinstance(number, int)
    assert isinstance(begins, int)
    return StoredCode(owner, campaign_id, code[:begins], number, code)


async def deploy_unique_codes(db: Database) -> None:
    """A deploy step."""
    await create_missing(db, COLLECTION)
    await db[COLLECTION].create_index([("of", ASCENDING), ("number", ASCENDING)], unique=True)
