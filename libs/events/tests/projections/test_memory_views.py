"""In-memory read models answer as the real ones do: pages neither repeat nor leave out (X-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.cursor import encode_cursor
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Views
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTEXT = Context("anna", "user", "acme", NOON, "c1")


class BookLent(Event, frozen=True):
    stored_as: ClassVar[str] = "book-lent"

    book: str
    reader: str
    until: date | None
    fee: int


class ShelfDusted(Event, frozen=True):
    stored_as: ClassVar[str] = "shelf-dusted"


@dataclass(frozen=True, slots=True)
class BookView:
    book: str
    readers: tuple[str, ...]
    until: date | None
    fee: int


def keys(event: Event) -> Sequence[str]:
    return [event.book] if isinstance(event, BookLent) else ["dust"]


def project(view: BookView | None, event: Event) -> BookView | None:
    match event:
        case BookLent():
            readers = (*(view.readers if view else ()), event.reader)
            return BookView(event.book, readers, event.until, event.fee)
        case _:
            return view


BOOKS = ReadModel("books", 1, ("library",), BookView, keys, project)


async def append(store: InMemoryEventStore, *events: Event) -> None:
    for event in events:
        stream = Stream(f"book-{uuid4()}", "acme")
        await store.append([Commit(uuid4(), stream, 1, (event,), CONTEXT)])


@pytest.fixture
def store() -> InMemoryEventStore:
    return InMemoryEventStore("library", lambda: NOON)


@pytest.fixture
def views(store: InMemoryEventStore) -> Views[BookView]:
    return InMemoryViews(BOOKS, [store])


async def test_a_query_shows_all_that_happened(
    store: InMemoryEventStore, views: Views[BookView]
) -> None:
    assert await views.get("b1") is None
    await append(store, BookLent("b1", "anna", None, 5), ShelfDusted())
    await append(store, BookLent("b1", "bert", None, 7))
    await views.caught_up([store.commits[-1][1].token])
    assert await views.get("b1") == BookView("b1", ("anna", "bert"), None, 7)
    assert await views.get("dust") is None


async def test_a_list_can_be_filtered_by_field_and_by_item(
    store: InMemoryEventStore, views: Views[BookView]
) -> None:
    """X-18"""
    await append(store, BookLent("b1", "anna", None, 5), BookLent("b2", "bert", None, 5))
    assert [one.book for one in (await views.page({"fee": 5})).items] == ["b1", "b2"]
    assert [one.book for one in (await views.page({"readers": "bert"})).items] == ["b2"]
    assert (await views.page({"fee": 5, "readers": "carl"})).items == []


rows = st.lists(
    st.tuples(
        st.integers(0, 20).map("b{:02}".format),
        st.none() | st.integers(0, 3).map(lambda n: date(2026, 1, 1) + timedelta(n)),
        st.integers(0, 3),
    ),
    max_size=20,
)


@given(rows=rows, limit=st.integers(1, 7))
@pytest.mark.parametrize("sort", [None, "fee", "-fee", "until", "-until", "book"])
async def test_pages_together_are_the_whole_list(
    sort: str | None, rows: list[tuple[str, date | None, int]], limit: int
) -> None:
    """X-18"""
    store = InMemoryEventStore("library", lambda: NOON)
    views = InMemoryViews(BOOKS, [store])
    await append(store, *(BookLent(book, "anna", until, fee) for book, until, fee in rows))
    whole = await views.page({}, sort=sort, limit=1000)
    assert whole.next is None
    found: list[BookView] = []
    after = None
    while True:
        page = await views.page({}, sort=sort, after=after, limit=limit)
        found += page.items
        after = page.next
        if after is None:
            break
        assert len(page.items) == limit
    assert found == whole.items
    assert len(found) == len({row[0] for row in rows})


async def test_descending_turns_the_whole_order_around(
    store: InMemoryEventStore, views: Views[BookView]
) -> None:
    await append(store, *(BookLent(f"b{n}", "anna", None, n % 2) for n in range(4)))
    page = await views.page({}, sort="-fee")
    assert [one.book for one in page.items] == ["b3", "b1", "b2", "b0"]


async def test_a_cursor_of_another_list_is_refused(
    store: InMemoryEventStore, views: Views[BookView]
) -> None:
    await append(store, BookLent("b1", "anna", None, 1), BookLent("b2", "anna", None, 2))
    others = encode_cursor(1, "b1"), encode_cursor(1, "b1", "-fee"), encode_cursor(None, "b1")
    for cursor in (encode_cursor("text", "b1", "fee"), *others, "nonsense"):
        with pytest.raises(InvalidError):
            await views.page({}, sort="fee", after=cursor)
    with pytest.raises(InvalidError):
        await views.page({}, after=encode_cursor(1, "b1"))
