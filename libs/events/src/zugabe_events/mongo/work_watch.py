"""One look per process at everything that may be due: timers, mails, redrives, switches."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 1.0


@dataclass(frozen=True)
class Work:
    """`query` returns the filter of documents in a collection that are due; `do` handles them."""

    name: str
    collection: str
    query: Callable[[], Document]
    do: Callable[[], Awaitable[None]]


class WorkWatch:
    """Asks for all kinds of work at once, and does what is due, each kind in a task of its own."""

    def __init__(self, db: Database, works: Sequence[Work]) -> None:
        self._db = db
        self._works = {work.name: work for work in works}
        self._doing: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled, together with what is being done."""
        try:
            while self._works:
                try:
                    for name in await self.due():
                        self._begin(self._works[name])
                except Exception as error:
                    log.warning("looking for work: %s: %s", type(error).__name__, error)
                await asyncio.sleep(INTERVAL_SECONDS)
        finally:
            for task in self._doing.values():
                task.cancel()
            await asyncio.gather(*self._doing.values(), return_exceptions=True)

    async def due(self) -> list[str]:
        """The names of the works of which something is due."""
        looks: list[tuple[str, list[Document]]] = [
            (work.collection, [{"$match": work.query()}, {"$limit": 1}, {"$project": named(work)}])
            for work in self._works.values()
        ]
        (start, pipeline), *others = looks
        united: list[Document] = [
            {"$unionWith": {"coll": name, "pipeline": look}} for name, look in others
        ]
        found = await self._db[start].aggregate([*pipeline, *united])
        return [document["work"] async for document in found]

    def _begin(self, work: Work) -> None:
        task = self._doing.get(work.name)
        if task is None or task.done():
            self._doing[work.name] = asyncio.create_task(self._do(work))

    async def _do(self, work: Work) -> None:
        try:
            await work.do()
        except Exception as error:
            log.warning("%s: %s: %s", work.name, type(error).__name__, error)


def named(work: Work) -> Document:
    return {"_id": 0, "work": {"$literal": work.name}}
