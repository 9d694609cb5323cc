"""A log in a real MongoDB that counts the requests of commands."""

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import uuid4

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from zugabe_events.domain.event import EventTypes
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import connect, database, deploy_log


class Requests(CommandListener):
    """Names of the commands that a client sent, such as `find` and `insert`."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def taken(self) -> list[str]:
        """The names since the last call."""
        names, self._names = self._names, []
        return names

    @contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """Count by name what is sent in the block; filled in at its end."""
        begin, found = len(self._names), Counter[str]()
        yield found
        found.update(self._names[begin:])

    def started(self, event: CommandStartedEvent) -> None:
        self._names.append(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@asynccontextmanager
async def counted_store(
    url: str, types: EventTypes
) -> AsyncGenerator[tuple[MongoEventStore, Requests]]:
    """A new log, dropped at the end, and what is sent to it from now on."""
    requests = Requests()
    client = connect(url, requests)
    db = database(client, f"t{uuid4().hex[:12]}")
    try:
        log_identity = await deploy_log(db, uuid4())
        requests.taken()
        yield MongoEventStore(db, log_identity, types), requests
    finally:
        await client.drop_database(db.name)
        await client.close()
