"""A process that serves fronts, or the same bytes from one document by a bare route.

`python -m benchmarks.front_server fronts|bare MONGO_URL DATABASE SOCKET`, with the settings of
uvicorn that services have.
"""

import socket
import sys
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI, Response

from benchmarks.samples import NOON
from catalog_shops.access import RIGHTS
from catalog_shops.article.view import ARTICLES
from catalog_shops.customer.view import AGREED_PRICES
from catalog_shops.front.api import front_api
from catalog_shops.front.sources import FrontParts, FrontSources, front_caches
from catalog_shops.front.view import FRONTS
from catalog_shops.group.view import GROUPS
from catalog_shops.shop.assortment_view import ASSORTMENTS
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Views
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.uvicorn_protocol import BoundedHttp
from zugabe_events.mongo.client import Database, connect, database, identity
from zugabe_events.projections.mongo_views import MongoViews
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.stamps import MongoStamps
from zugabe_events.runtime.gc_tuning import tune_gc
from zugabe_testing.callers import known

MODELS = (AGREED_PRICES, ARTICLES, ASSORTMENTS, FRONTS, GROUPS)
BARE = "pages"
"""The collection of the bare route: a page by its path."""


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


async def fronts(db: Database) -> FastAPI:
    follower = ReadYourWrites(db, await identity(db), {}, nowhere)

    def views[View](model: ReadModel[View]) -> Views[View]:
        return MongoViews(db, model, follower)

    sources = FrontSources.of(
        views(FRONTS), views(ARTICLES), views(ASSORTMENTS), views(GROUPS), views(AGREED_PRICES)
    )
    caches = front_caches(MongoStamps(db, follower, MODELS))
    access = Access(known(), RIGHTS, now=lambda: NOON)
    return http_app("catalog-shops", [front_api(FrontParts(sources, caches), access)])


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
