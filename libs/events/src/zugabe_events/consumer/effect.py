"""Effects: what messages cause, written in the transaction of their checkpoint."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from zugabe_events.messaging.message import Message


class ConflictError(Exception):
    """Another writer was faster: prepare again."""


class Effect[Prepared](Protocol):
    """Prepared and written as often as it takes until one transaction is committed."""

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> Prepared | None:
        """Read and decide; `again` after a conflict, when cached state may not be trusted.

        None: these messages have no effect.
        """
        ...

    async def write(self, prepared: Prepared, session: AsyncClientSession) -> None:
        """Write within the transaction. Raises ConflictError for a conflict that the driver does
        not report as one."""
        ...

    def done(self, prepared: Prepared) -> None:
        """The transaction is committed."""
        ...


type AnyEffect = Effect[Any]


class UpsertEffect:
    """Turns each message into one write to a collection, or none; `write_of` is pure."""

    def __init__(
        self, collection: AsyncCollection[Any], write_of: Callable[[Message], UpdateOne | None]
    ) -> None:
        self._collection = collection
        self._write_of = write_of

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> list[UpdateOne] | None:
        return [write for message in messages if (write := self._write_of(message))] or None

    async def write(self, prepared: list[UpdateOne], session: AsyncClientSession) -> None:
        await self._collection.bulk_write(prepared, session=session)

    def done(self, prepared: list[UpdateOne]) -> None:
        pass
