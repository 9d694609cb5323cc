"""A process that carries out imports until it is killed: `URL DATABASE OWNER`."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from catalog_shops.article.view import ARTICLES
from catalog_shops.catalogue_import.import_errors import MongoImportErrors
from catalog_shops.catalogue_import.import_queue import MongoImportQueue
from catalog_shops.catalogue_import.mongo_storage import BUCKET
from catalog_shops.catalogue_import.ports import ImportParts, ImportStorage
from catalog_shops.catalogue_import.worker import ImportWorker
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.files.store import MongoFiles
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_testing.views import InMemoryViews

LEASE_TTL_MS = 4_000


def now() -> datetime:
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1_000 * 1_000)


async def parts_over(db: Database, owner: str) -> ImportParts:
    """Without a read model of articles, which only whole catalogues need."""
    types = EventTypes.of(CatalogShopsEvent)
    storage = ImportStorage(
        MongoFiles(db, BUCKET),
        MongoImportQueue(db, owner, LEASE_TTL_MS),
        MongoImportErrors(db),
        Path(gettempdir()),
    )
    store = MongoEventStore(db, await identity(db), types)
    return ImportParts(store, InMemoryViews(ARTICLES, []), storage, now)


async def run(url: str, name: str, owner: str) -> None:
    async with connect(url) as client:
        await ImportWorker(await parts_over(database(client, name), owner)).run()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
