"""Fronts over a real MongoDB: the same pages as in memory, and one query for one that is kept."""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.import_storage import in_memory_storage
from pymongo.monitoring import CommandListener, CommandStartedEvent

from catalog_shops.access import RIGHTS
from catalog_shops.app import create_app, read_models_of
from catalog_shops.article.view import ARTICLES
from catalog_shops.customer.view import AGREED_PRICES
from catalog_shops.front.sources import front_process
from catalog_shops.front.view import FRONTS
from catalog_shops.shop.assortment_view import ASSORTMENTS
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent, TopArticle
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.partitioning import part_of
from zugabe_events.domain.projection import AnyReadModel, ReadModel
from zugabe_events.domain.views import Views
from zugabe_events.files.scanner import NoScanner
from zugabe_events.http.authorization import Access
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_events.projections.mongo_views import (
    DocumentFold,
    MongoViews,
    ProjectionEffect,
    deploy_views,
)
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.stamps import MongoStamps
from zugabe_testing.examples import verify

PARTS = 4
TYPES = EventTypes.of(CatalogShopsEvent)
MODELS: Sequence[AnyReadModel] = (AGREED_PRICES, ARTICLES, ASSORTMENTS, FRONTS)
PAGES = (
    "/header",
    "/start",
    "/no-result",
    "/brand-shops",
    "/theme-shops",
    "/shops/leitz",
    "/shops/leitz/articles",
    "/shops/leitz/articles?group=buero",
    "/shops/leitz/articles/1",
    "/shops/ostern",
    "/shops/ostern/articles",
    "/articles/2",
    "/search?q=Artikel",
    "/search?q=Artikel&shop=leitz",
    "/search?q=Artikel&shop=ostern",
    "/search?q=Einhorn",
)


class Queries(CommandListener):
    """Counts reads of the service's own documents; what builds serve is looked up by time."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def started(self, event: CommandStartedEvent) -> None:
        target = event.command.get(event.command_name)
        if event.command_name in ("find", "aggregate", "getMore") and target != "readmodels":
            self.counted[event.command_name] += 1

    def succeeded(self, event: Any) -> None:
        pass

    def failed(self, event: Any) -> None:
        pass


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


class RealFronts:
    """`memory` decides; its log is folded into MongoDB, as consumers do."""

    def __init__(self, db: Database, follower: ReadYourWrites, queries: Queries) -> None:
        self.memory = Fronts()
        self.queries = queries
        self._db = db
        self._follower = follower
        self._folded = 0
        stamps = MongoStamps(db, follower, MODELS)
        app = create_app(
            self.memory.store,
            read_models_of(self._views),
            Access(verify, RIGHTS, now=lambda: self.memory.now),
            self.memory.quotas,
            self.memory.graphics,
            NoScanner(),
            in_memory_storage(),
            front_process(stamps),
        )
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t")

    def _views[View](self, model: ReadModel[View]) -> Views[View]:
        return MongoViews(self._db, model, self._follower)

    async def deploy(self) -> None:
        for model in MODELS:
            await deploy_views(self._db, model, 1)

    async def project(self) -> None:
        """Everything that has happened since."""
        messages = []
        commits = self.memory.store.commits
        for index in range(self._folded, len(commits)):
            commit, _ = commits[index]
            lane = Lane("catalog-shops", "12345678", part_of(commit.stream.key, PARTS))
            for number, event in enumerate(commit.events):
                body, pos = msgspec.json.encode(event), index * 100 + number + 1
                messages.append(Message(lane, pos, pos, event.stored_as, body, [], 1))
        self._folded = len(commits)
        for model in MODELS:
            effect = ProjectionEffect(self._db, model, 1, TYPES)
            documents: dict[str, DocumentFold] = {}
            await effect.fold(messages, documents)
            await effect.save(documents)

    async def look(self, path: str) -> httpx.Response:
        return await self.http.get(f"/dealers/acme/front{path}")


@pytest.fixture
async def fronts(mongo_url: str) -> AsyncGenerator[RealFronts]:
    queries = Queries()
    client = connect(mongo_url, queries)
    db = database(client, f"t{uuid4().hex[:12]}")
    follower = ReadYourWrites(db, await deploy_log(db, uuid4(), PARTS), {}, nowhere)
    real = RealFronts(db, follower, queries)
    await real.deploy()
    await stationery(real.memory)
    await real.project()
    yield real
    await real.http.aclose()
    await client.drop_database(db.name)
    await client.close()


async def stationery(fronts: Fronts) -> None:
    await fronts.place_groups(("buero", "Büro", ""), ("ordner", "Ordner", "buero"))
    await fronts.name_brand("leitz", "Leitz")
    for number in ("1", "2", "3"):
        await fronts.offer(number, "3.49", brand="leitz", groups=("ordner",))
    await fronts.offer("4", "2.49", brand="tesa")
    await fronts.price("1", "2.99", dealer="acme")
    await fronts.shop("brand", "leitz", brand="leitz", logo=(200, 100))
    tops = tuple(TopArticle(number) for number in ("1", "2", "3"))
    await fronts.shop("theme", "ostern", numbers=("3", "4", "1"), tops=tops)
    await fronts.allow_own("theme")
    await fronts.shop("theme", "eigen", dealer="acme", numbers=("2",))
    await fronts.must("dealer-staff+edit-shops", "PUT", CENTRAL_EASTER)


CENTRAL_EASTER = "/theme-shop-placement/active/central/ostern"


async def test_pages_are_the_same_as_in_memory(fronts: RealFronts) -> None:
    """CS-4, CS-5, CS-6, CS-10, CS-37, CS-46"""
    for path in PAGES:
        real, memory = await fronts.look(path), await fronts.memory.visit(path)
        assert real.status_code == 200, real.text
        if path.startswith("/search?q=Artikel"):  # relevance is MongoDB's own
            assert numbers(real.json()) == numbers(memory.json())
        else:
            assert real.json() == memory.json(), path


def numbers(page: Any) -> set[str]:
    return {one["number"] for one in page["articles"]}


async def test_a_page_that_is_kept_costs_one_query(fronts: RealFronts) -> None:
    for path in PAGES[:12]:
        first = await fronts.look(path)
        fronts.queries.counted.clear()
        again = await fronts.look(path)
        assert again.content == first.content
        assert fronts.queries.counted.total() == 1, (path, fronts.queries.counted)


async def test_a_page_shows_every_change_as_soon_as_it_is_projected(fronts: RealFronts) -> None:
    """CS-14: of the shop, its place, its articles, their prices and their groups."""
    memory, key = fronts.memory, ShopKey("central", "brand", "leitz")
    steps = (
        memory.save("brand", "leitz", dealer="central", name="Leitz neu", brand="leitz"),
        memory.graphic(key, "content-banner", 690, 99),
        memory.top(key, TopArticle("3"), TopArticle("1"), TopArticle("2")),
        memory.price("3", "9.99"),
        memory.price("3", "8.88", dealer="acme"),
        memory.offer("2", brand="leitz", name="Anders"),
        memory.offer("5", brand="leitz", groups=("buero",)),
        memory.delist("5"),
        memory.place_groups(("buero", "Bürobedarf", "")),
        memory.offer("1", brand="tesa"),
    )
    seen = [(await fronts.look("/shops/leitz")).json()]
    for step in steps:
        await step
        await fronts.project()
        page = (await fronts.look("/shops/leitz")).json()
        assert page == (await memory.visit("/shops/leitz")).json()
        assert page != seen[-1]
        seen.append(page)


async def test_a_kept_page_is_made_again_after_a_minute(fronts: RealFronts) -> None:
    await fronts.look("/header")
    fronts.memory.now += timedelta(seconds=61)
    fronts.queries.counted.clear()
    await fronts.look("/header")
    assert fronts.queries.counted.total() > 1
