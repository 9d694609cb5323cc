"""Uploads in memory, with the promises of those in GridFS."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from zugabe_events.files.store import Loose


@dataclass(slots=True)
class InMemoryUpload:
    name: str
    content: bytes
    at: datetime
    kept: bool = False


class InMemoryFiles:
    """`uploads` are by id, in the order in which they came."""

    def __init__(
        self, now: Callable[[], datetime] = lambda: datetime(2026, 5, 4, 10, tzinfo=UTC)
    ) -> None:
        self.uploads: dict[int, InMemoryUpload] = {}
        self.now = now

    @property
    def names(self) -> list[str]:
        return [upload.name for upload in self.uploads.values()]

    def named(self, name: str) -> list[int]:
        return [number for number, upload in self.uploads.items() if upload.name == name]

    async def put(self, name: str, content: bytes) -> None:
        number = max(self.uploads, default=0) + 1
        self.uploads[number] = InMemoryUpload(name, content, self.now())

    async def put_stream(self, name: str, pieces: AsyncIterable[bytes]) -> None:
        await self.put(name, b"".join([piece async for piece in pieces]))

    async def keep(self, name: str) -> None:
        for number in self.named(name):
            self.uploads[number].kept = True

    async def loosen(self, name: str) -> None:
        for number in self.named(name):
            self.uploads[number].kept = False

    async def delete(self, name: str) -> None:
        for number in self.named(name):
            del self.uploads[number]

    async def read(self, name: str) -> AsyncIterator[bytes] | None:
        found = self.named(name)
        if not found:
            return None

        async def chunks() -> AsyncIterator[bytes]:
            yield self.uploads[found[-1]].content

        return chunks()

    async def loose(self, before: datetime, most: int) -> Sequence[Loose]:
        found = [
            Loose(number, upload.name)
            for number, upload in self.uploads.items()
            if not upload.kept and upload.at < before
        ]
        return found[:most]

    async def sweep(self, loose: Loose) -> None:
        assert isinstance(loose.id, int)
        self.uploads.pop(loose.id, None)
