"""The bytes of documents in GridFS, written before the log says that they are there.

A file is loose until it is known to be a document's. What stays loose is swept.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile

from zugabe_events.mongo.client import Database


@dataclass(frozen=True, slots=True)
class Loose:
    """`id` is of this upload only; others may have the same name."""

    id: object
    name: str


class Files(Protocol):
    async def put(self, name: str, content: bytes) -> None:
        """Loose for now. Under one name there is one content."""
        ...

    async def keep(self, name: str) -> None: ...

    async def loosen(self, name: str) -> None:
        """It is about to be deleted; if that is interrupted, sweeping ends it."""
        ...

    async def delete(self, name: str) -> None: ...

    async def read(self, name: str) -> AsyncIterator[bytes] | None: ...

    async def loose(self, before: datetime, most: int) -> Sequence[Loose]:
        """Uploaded before, the oldest first."""
        ...

    async def sweep(self, loose: Loose) -> None: ...


class MongoFiles:
    def __init__(self, db: Database) -> None:
        self._bucket = AsyncGridFSBucket(db, "documents")
        self._files = db["documents.files"]

    async def put(self, name: str, content: bytes) -> None:
        await self._bucket.upload_from_stream(name, content, metadata={"kept": False})

    async def keep(self, name: str) -> None:
        await self._files.update_many({"filename": name}, {"$set": {"metadata.kept": True}})

    async def loosen(self, name: str) -> None:
        await self._files.update_many({"filename": name}, {"$set": {"metadata.kept": False}})

    async def delete(self, name: str) -> None:
        async for found in self._files.find({"filename": name}, {"_id": 1}):
            await self.sweep(Loose(found["_id"], name))

    async def read(self, name: str) -> AsyncIterator[bytes] | None:
        try:
            found = await self._bucket.open_download_stream_by_name(name)
        except NoFile:
            return None

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := await found.readchunk():
                yield chunk

        return chunks()

    async def loose(self, before: datetime, most: int) -> Sequence[Loose]:
        old = {"metadata.kept": False, "uploadDate": {"$lt": before}}
        found = self._files.find(old, {"filename": 1}).sort("uploadDate").limit(most)
        return [Loose(file["_id"], file["filename"]) async for file in found]

    async def sweep(self, loose: Loose) -> None:
        try:
            await self._bucket.delete(loose.id)
        except NoFile:
            return  # another replica was first


class InMemoryFiles:
    """For unit tests."""

    def __init__(self) -> None:
        self.uploads: dict[int, dict[str, Any]] = {}
        self.now = datetime(2026, 5, 4, 10, tzinfo=UTC)

    def named(self, name: str) -> list[int]:
        return [number for number, upload in self.uploads.items() if upload["name"] == name]

    async def put(self, name: str, content: bytes) -> None:
        number = max(self.uploads, default=0) + 1
        self.uploads[number] = {"name": name, "content": content, "kept": False, "at": self.now}

    async def keep(self, name: str) -> None:
        for number in self.named(name):
            self.uploads[number]["kept"] = True

    async def loosen(self, name: str) -> None:
        for number in self.named(name):
            self.uploads[number]["kept"] = False

    async def delete(self, name: str) -> None:
        for number in self.named(name):
            del self.uploads[number]

    async def read(self, name: str) -> AsyncIterator[bytes] | None:
        found = self.named(name)
        if not found:
            return None

        async def chunks() -> AsyncIterator[bytes]:
            yield self.uploads[found[-1]]["content"]

        return chunks()

    async def loose(self, before: datetime, most: int) -> Sequence[Loose]:
        found = [
            Loose(number, upload["name"])
            for number, upload in self.uploads.items()
            if not upload["kept"] and upload["at"] < before
        ]
        return found[:most]

    async def sweep(self, loose: Loose) -> None:
        assert isinstance(loose.id, int)
        self.uploads.pop(loose.id, None)
