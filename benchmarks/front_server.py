"""A process that serves fronts, or the same bytes from one document by a bare route.

`python -m benchmarks.front_server fronts|bare MONGO_URL DATABASE SOCKET`, with the settings of
uvicorn that services have.
"""

import socket
import sys
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI, Response

from benchmarks.samples import NOON
from catalog_shops.access import RIGHTS
from catalog_shops.app import create_app, read_models_of
from catalog_shops.catalogue_import.mongo_storage import mongo_import_storage
from catalog_shops.front.sources import front_process
from catalog_shops.graphic.storage import BUCKET
from catalog_shops.quotas import quotas_by
from catalog_shops.subscriptions import READ_MODELS
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Views
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.files.scanner import NoScanner
from zugabe_events.files.store import MongoFiles
from zugabe_events.http.authorization import Access
from zugabe_events.http.throttling import MongoTally
from zugabe_events.http.uvicorn_protocol import BoundedHttp
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_events.projections.mongo_views import MongoViews
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.stamps import MongoStamps
from zugabe_events.runtime.gc_tuning import tune_gc
from zugabe_testing.callers import known

BARE = "pages"
"""The collection of the bare route: a page by its path."""


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


async def fronts(db: Database) -> FastAPI:
    follower = ReadYourWrites(db, await identity(db), {}, nowhere)

    def views[View](model: ReadModel[View]) -> Views[View]:
        return MongoViews(db, model, follower)

    stamps = MongoStamps(db, follower, READ_MODELS)
    return create_app(
        MongoEventStore(db, await identity(db), EventTypes.of(CatalogShopsEvent)),
        read_models_of(views),
        Access(known(), RIGHTS, now=lambda: NOON),
        quotas_by(MongoTally(db)),
        MongoFiles(db, BUCKET),
        NoScanner(),
        mongo_import_storage(db, "bench", Path(gettempdir())),
        front_process(stamps),
    )


async def bare(db: Database) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.get("/dealers/{dealer}/front/{page:path}")
    async def page(dealer: str, page: str) -> Any:
        found = await db[BARE].find_one({"_id": page})
        assert found is not None
        return Response(found["body"], media_type="application/json")

    return app


async def serve(kind: str, url: str, name: str, file: int) -> None:
    async with connect(url) as client:
        db = database(client, name)
        app = await (fronts(db) if kind == "fronts" else bare(db))
        config = uvicorn.Config(
            app,
            http=BoundedHttp,
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=2_000,
            timeout_keep_alive=65,
        )
        tune_gc()
        await uvicorn.Server(config).serve(sockets=[socket.socket(fileno=file)])


if __name__ == "__main__":
    kind, url, name, file = sys.argv[1:]
    uvloop.run(serve(kind, url, name, int(file)))
