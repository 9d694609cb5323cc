"""Search over articles in MongoDB: the same as in memory, read from indexes."""

from collections.abc import AsyncGenerator, Sequence
from uuid import uuid4

import pytest
from msgspec.structs import replace

from catalog_shops.article.search import Wanted, search_articles
from catalog_shops.article.view import ARTICLES, ArticleView, article_key, new, with_master_data
from zugabe_events.contracts.catalog_shops import Article
from zugabe_events.domain.views import OneOf, Views
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_testing.views import InMemoryViews

KINDS = ("Ordner", "Bleistift", "Locher", "Kopierpapier", "Heftklammern")
COLOURS = ("rot", "blau", "gelb", "grün")


def articles() -> Sequence[ArticleView]:
    """2,000 central articles, and 40 of a dealer, some of them under central numbers."""
    found = []
    for index in range(2_040):
        dealer = "central" if index < 2_000 else "acme"
        number = index if index < 2_020 else index - 2_020
        article = Article(
            name=f"{KINDS[index % 5]} {COLOURS[index % 4]}",
            text=f"Für {KINDS[index // 5 % 5]} und mehr",
            keywords=("Büro", f"Serie {index % 50}"),
            groups=(f"g{index % 7}",),
        )
        view = with_master_data(new(dealer, f"{number:05}"), article)
        found.append(replace(view, status="listed"))
    return found


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


@pytest.fixture
async def in_mongo(db: Database) -> Views[ArticleView]:
    identity = await deploy_log(db, uuid4(), 4)
    await deploy_views(db, ARTICLES, 1)
    documents = [to_document(article_key(one.dealer, one.number), one, {}) for one in articles()]
    await db[build_of(ARTICLES, 1)].insert_many(documents)
    return MongoViews(db, ARTICLES, ReadYourWrites(db, identity, {}, nowhere))


def in_memory() -> Views[ArticleView]:
    views = InMemoryViews(ARTICLES, [])
    views.documents |= {article_key(one.dealer, one.number): one for one in articles()}
    return views


async def all_of(views: Views[ArticleView], wanted: Wanted, limit: int) -> list[ArticleView]:
    seen: list[ArticleView] = []
    after: str | None = None
    for _ in range(300):
        page = await search_articles(views, "acme", wanted, after=after, limit=limit)
        seen += page.items
        after = page.next
        if after is None:
            return seen
    raise AssertionError("pages without an end")


SEARCHES = [
    Wanted("0001"),
    Wanted("Ordner"),
    Wanted("ordner gelb"),
    Wanted("Bleistifte rot", {"groups": OneOf(("g1", "g2"))}),
    Wanted("Kopierpapier Serie 17"),
    Wanted("Radiergummi"),
]


async def test_both_kinds_of_views_find_the_same_articles(in_mongo: Views[ArticleView]) -> None:
    """CS-46, X-18: own before central ones, and each once, however long the pages are."""
    memory = in_memory()
    for wanted in SEARCHES:
        for limit in (50, 7):
            found = await all_of(in_mongo, wanted, limit)
            keys = [article_key(one.dealer, one.number) for one in found]
            assert len(set(keys)) == len(keys)
            assert sorted(keys) == sorted(
                article_key(one.dealer, one.number) for one in await all_of(memory, wanted, 50)
            )
            words = [one.dealer for one in found if not one.sought.startswith(wanted.text)]
            assert words == sorted(words), "own articles come first"
            numbers = [one.number for one in found]
            assert len(set(numbers)) == len(numbers), "an own article replaces the central one"


async def test_a_search_reads_what_it_shows(db: Database, in_mongo: Views[ArticleView]) -> None:
    """X-18: a number is found by its index, and words without a look at other dealers' articles."""
    await db.command("profile", 2)
    await search_articles(in_mongo, "acme", Wanted("00017"), limit=10)
    await db.command("profile", 0)
    profiled = (
        await db["system.profile"].find({"ns": f"{db.name}.{build_of(ARTICLES, 1)}"}).to_list()
    )
    read = [one for one in profiled if one["op"] in ("query", "command")]
    assert read
    for one in read:
        assert "COLLSCAN" not in one["planSummary"], one["planSummary"]
        assert one["docsExamined"] <= 20, one
