"""An effect that notes each message once, and waits or fails as a test wants."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database


@dataclass
class Noting:
    """Writes one document per message, once `go` is set; prepares once `ready` is."""

    db: Database
    name: str
    silent: bool = False
    go: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    failing: list[Exception] = field(default_factory=list)
    failing_to_prepare: list[Exception] = field(default_factory=list)
    prepared: int = 0

    def __post_init__(self) -> None:
        self.go.set()
        self.ready.set()

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        self.prepared += 1
        await self.ready.wait()
        if self.failing_to_prepare:
            raise self.failing_to_prepare.pop()
        return None if self.silent else [(one.lane.part, one.pos) for one in messages]

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        assert isinstance(prepared, list)
        if self.failing:
            raise self.failing.pop()
        await self.db.noted.insert_many(
            [
                {"_id": f"{self.name}/{part}/{pos}", "by": self.name, "pos": pos}
                for part, pos in prepared
            ],
            session=session,
        )
        self.began.set()
        await self.go.wait()

    def done(self, prepared: object) -> None:
        pass

    async def noted(self) -> list[int]:
        """The positions of its messages, in all parts."""
        found = self.db.noted.find({"by": self.name}).sort("pos")
        return [document["pos"] async for document in found]
