"""The bytes of uploads in GridFS, written before the log says that they are there.

A file is loose until the log is known to name it. What stays loose is swept.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile
from pymongo import ASCENDING

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

    async def put_stream(self, name: str, pieces: AsyncIterable[bytes]) -> None:
        """`put` for what is too large for memory. Of a file that breaks off nothing stays."""
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
    """`bucket` names the collections: `<bucket>.files` and `<bucket>.chunks`."""

    def __init__(self, db: Database, bucket: str) -> None:
        self._bucket = AsyncGridFSBucket(db, bucket)
        self._files = db[f"{bucket}.files"]
        self.chunks = db[f"{bucket}.chunks"]

    async def put(self, name: str, content: bytes) -> None:
        await self._bucket.upload_from_stream(name, content, metadata={"kept": False})

    async def put_stream(self, name: str, pieces: AsyncIterable[bytes]) -> None:
        file = self._bucket.open_upload_stream(name, metadata={"kept": False})
        try:
            async for piece in pieces:
                await file.write(piece)
            await file.close()
        except BaseException:
            await file.abort()
            raise

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
        """Its chunks first: while its document stays, an interrupted sweep can be ended."""
        await self.chunks.delete_many({"files_id": loose.id})
        try:
            await self._bucket.delete(loose.id)
        except NoFile:
            return  # another replica was first


def deploy_files(bucket: str) -> Callable[[Database], Awaitable[None]]:
    """A deploy step: the index of loose files, which stay few however many are kept."""

    async def deploy(db: Database) -> None:
        await db[f"{bucket}.files"].create_index(
            [("uploadDate", ASCENDING)],
            name="loose",
            partialFilterExpression={"metadata.kept": False},
        )

    return deploy
