"""The plainest effect: an event becomes a write to one collection, or none."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from zugabe_events.messaging.message import Message


class UpsertEffect:
    """`write_of` is pure; what it answers is written in the transaction of the position."""

    def __init__(
        self, collection: AsyncCollection[Any], write_of: Callable[[Message], UpdateOne | None]
    ) -> None:
        self._collection = collection
        self._write_of = write_of

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        return [write for message in messages if (write := self._write_of(message))] or None

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        writes: list[UpdateOne] = prepared  # type: ignore[assignment]
        await self._collection.bulk_write(writes, session=session)

    def done(self, prepared: object) -> None:
        pass
