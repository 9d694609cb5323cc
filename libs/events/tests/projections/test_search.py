"""Many documents by key, one of several values, and German full-text search (X-18)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import pytest
from pymongo import InsertOne

from zugabe_events.domain.cursor import encode_cursor
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel, TextSearch
from zugabe_events.domain.views import RELEVANCE, FilterValue, OneOf, StartsWith, Views, Words
from zugabe_events.http.fields import Text
from zugabe_events.http.list_query import InText, ListQuery, check
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_testing.views import InMemoryViews


@dataclass(frozen=True, slots=True)
class Book:
    dealer: str
    number: str
    title: str
    topics: tuple[str, ...] = ()
    text: str = ""


def ignore(view: Book | None, event: Event) -> Book | None:
    return view


BOOKS = ReadModel(
    "books",
    1,
    (),
    Book,
    lambda event: [],
    ignore,
    lists=ListOptions(("topics",), ("title",)),
    search=TextSearch({"title": 10, "topics": 5, "text": 1}),
)

SHELF = [
    Book("acme", "1", "Leitz Ordner 1080, blau", ("Ablage", "Büro")),
    Book("acme", "2", "Bleistift HB", ("Schreiben",), "Mit Radierer, für große und kleine Bücher"),
    Book("acme", "3", "Leitz Hängeordner rot", ("Ablage",)),
    Book("acme", "4", "Buch über Bleistifte", ("Schreiben", "Lesen"), "Straße der Stifte"),
    Book("acme", "5", "Radierer", (), "Entfernt Bleistift"),
    Book("bolt", "6", "Bleistift von nebenan"),
]


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


@pytest.fixture
async def in_mongo(db: Database, log_identity: LogIdentity) -> Views[Book]:
    await deploy_views(db, BOOKS, 1)
    documents = [to_document(f"{book.dealer}/{book.number}", book, {}) for book in SHELF]
    await db[build_of(BOOKS, 1)].bulk_write([InsertOne(one) for one in documents])
    return MongoViews(db, BOOKS, ReadYourWrites(db, log_identity, {}, nowhere))


@pytest.fixture
def in_memory() -> Views[Book]:
    views = InMemoryViews(BOOKS, [])
    views.documents |= {f"{book.dealer}/{book.number}": book for book in SHELF}
    return views


@pytest.fixture(params=["in_memory", pytest.param("in_mongo", marks=pytest.mark.integration)])
def views(request: pytest.FixtureRequest) -> Views[Book]:
    views: Views[Book] = request.getfixturevalue(request.param)
    return views


def numbers(books: Sequence[Book]) -> str:
    return "".join(book.number for book in books)


async def found(views: Views[Book], text: str, sort: str | None = None) -> str:
    page = await views.page({"dealer": "acme", "search": Words(text)}, sort=sort)
    return numbers(page.items)


async def test_many_documents_are_found_by_their_keys(views: Views[Book]) -> None:
    many = await views.get_many(["acme/1", "acme/9", "bolt/6", "acme/1"])
    assert {key: book.number for key, book in many.items()} == {"acme/1": "1", "bolt/6": "6"}
    assert await views.get_many([]) == {}


async def test_one_of_several_values_is_enough(views: Views[Book]) -> None:
    async def where(field: str, *values: str) -> str:
        return numbers((await views.page({"dealer": "acme", field: OneOf(values)})).items)

    assert await where("number", "2", "4", "6") == "24"
    assert await where("topics", "Lesen", "Ablage") == "134"
    assert await where("topics") == ""


async def test_a_text_begins_with_exactly_these_characters(views: Views[Book]) -> None:
    async def beginning(text: str) -> str:
        where: dict[str, FilterValue] = {"dealer": "acme", "title": StartsWith(text)}
        return numbers((await views.page(where, sort="title")).items)

    assert await beginning("Leitz") == "31"
    assert await beginning("leitz") == ""
    assert await beginning(".*") == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bleistifte", "245"),
        ("BLEISTIFT", "245"),
        ("bucher", "24"),
        ("Büchern", "24"),
        ("leitz ordner", "13"),
        ("ordner leitz BLAU", "1"),
        ("Bleistift Radierer", "25"),
        ("der Stift für die Strassen", "4"),
        ("1080", "1"),
        ("ordner -blau", "1"),
        ('"', ""),
        ("der", ""),
        ("", ""),
        ("Kugelschreiber", ""),
    ],
)
async def test_all_words_are_found_in_any_form(views: Views[Book], text: str, wanted: str) -> None:
    """X-18, CS-46: inflected, without umlauts, in upper case; operators are only words."""
    assert await found(views, text) == wanted


async def test_what_fits_best_comes_first(views: Views[Book]) -> None:
    """X-18"""
    assert (await found(views, "Radierer", RELEVANCE))[0] == "5"
    assert (await found(views, "Bleistift", RELEVANCE))[-1] == "5"
    assert await found(views, "Bleistift", "-title") == "542"


async def test_pages_of_a_search_have_each_document_once(views: Views[Book]) -> None:
    """X-18"""
    where: dict[str, FilterValue] = {"dealer": "acme", "search": Words("Bleistift")}
    whole = await views.page(where, sort=RELEVANCE)
    assert whole.next is None
    seen, after = list[Book](), None
    for _ in range(4):
        page = await views.page(where, sort=RELEVANCE, after=after, limit=1)
        seen += page.items
        after = page.next
        if after is None:
            break
    assert seen == whole.items
    assert len(seen) == 3


async def test_relevance_needs_words_and_its_own_cursor(views: Views[Book]) -> None:
    with pytest.raises(InvalidError):
        await views.page({"dealer": "acme"}, sort=RELEVANCE)
    where: dict[str, FilterValue] = {"dealer": "acme", "search": Words("Bleistift")}
    for cursor in (encode_cursor("x", "acme/1", RELEVANCE), encode_cursor(1, "acme/1", "title")):
        with pytest.raises(InvalidError):
            await views.page(where, sort=RELEVANCE, after=cursor)


def test_a_search_names_fields_that_exist() -> None:
    with pytest.raises(ValueError, match="author"):
        ReadModel("b", 1, (), Book, lambda event: [], ignore, search=TextSearch({"author": 1}))


class BookQuery(ListQuery):
    topics: Text | None = None
    search: Annotated[Text | None, InText()] = None
    sort: Literal["title", "relevance"] = "title"


def test_a_query_of_a_list_may_have_words() -> None:
    """X-18"""
    query = BookQuery(search="Ordner", topics="Ablage")
    assert query.where() == {"search": Words("Ordner"), "topics": "Ablage"}
    check(BookQuery, BOOKS)
    with pytest.raises(ValueError, match="no text search"):
        check(BookQuery, replace(BOOKS, search=None))
