"""X-18: an export is the list, whole, and takes no more than its place."""

import asyncio
import csv
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, Depends, Query
from kernel_tests.loan_service import OTHERS, STAFF, loan_app
from kernel_tests.loans import LOANS, NOON, TABLE, InMemory, Loan, LoanQuery
from openpyxl import load_workbook
from starlette.types import Message

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.projection import ListOptions
from zugabe_events.domain.views import FilterValue, Page, Views
from zugabe_events.export.response import BATCH_SIZE, Export, Exports
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext
from zugabe_testing.callers import known, problem_code, signed_in

LIST = "/dealers/acme/loans"
ROWS = 2 * BATCH_SIZE + 7


def loan(number: int) -> Loan:
    lent_at = NOON + timedelta(days=number % 9)
    reader = "anna" if number % 3 else "bert"
    return Loan("acme", f"l{number:05}", reader, -number % 50, lent_at, number % 4 or None, "=1+1")


@pytest.fixture
async def shelf() -> InMemory:
    shelf = InMemory()
    await shelf.put(*map(loan, range(ROWS)), Loan("other", "x1", "anna", 1, NOON))
    return shelf


@pytest.fixture
def exports() -> Exports:
    return Exports()


@pytest.fixture
async def http(shelf: InMemory, exports: Exports) -> AsyncGenerator[httpx.AsyncClient]:
    async with client(shelf.views, exports) as opened:
        yield opened


def client(views: Views[Loan], exports: Exports) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(loan_app(views, exports)),
        base_url="http://loans",
        headers=signed_in(STAFF),
    )


async def listed(http: httpx.AsyncClient, query: Mapping[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: Mapping[str, str] = {}
    while True:
        page = (await http.get(LIST, params={**query, **after, "limit": "90"})).json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sort": "fee_cents"},
        {"sort": "-fee_cents", "reader": "bert"},
        {"lent_from": "2026-05-06", "lent_until": "2026-05-08", "sort": "lent_at"},
        {"reader": "nobody"},
    ],
)
async def test_an_export_is_the_list(
    http: httpx.AsyncClient, exports: Exports, query: dict[str, str]
) -> None:
    wanted = [(one["number"], one["reader"], one["fee_cents"]) for one in await listed(http, query)]
    answer = await http.get(f"{LIST}.csv", params=query)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="ausleihen-acme.csv"'
    text = answer.content.decode("utf-8-sig")
    titles, *rows = csv.reader(StringIO(text, newline=""), delimiter=";")
    assert titles == [column.title for column in TABLE.columns]
    cents = [(row[0], row[1], int(row[2].replace(",", ""))) for row in rows]
    assert cents == wanted
    assert {row[5] for row in rows} <= {"'=1+1"}
    answer = await http.get(f"{LIST}.xlsx", params=query)
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    _, *cells = sheet.iter_rows(values_only=True)
    assert [(row[0], row[1], round(float(str(row[2])) * 100)) for row in cells] == wanted
    assert exports.running == 0


async def test_days_are_whole_days_in_berlin(http: httpx.AsyncClient) -> None:
    query = {"lent_from": "2026-05-06", "lent_until": "2026-05-07"}
    days = {one["lent_at"][:10] for one in await listed(http, query)}
    assert days == {"2026-05-06", "2026-05-07"}


@pytest.mark.parametrize("form", ["", ".csv", ".xlsx"])
@pytest.mark.parametrize(
    ("query", "where", "detail"),
    [
        ({"colour": "red"}, "query.colour", "Diese Angabe ist unbekannt."),
        ({"sort": "note"}, "query.sort", "Erlaubt ist: 'lent_at', '-lent_at', 'fee_cents'"),
        ({"sort": ""}, "query.sort", "Erlaubt ist: "),
        ({"reader": "a/b"}, "query.reader", "Der Text enthält Zeichen"),
        ({"lent_from": "gestern"}, "query.lent_from", "Erwartet wird ein Datum wie 2026-12-31."),
    ],
)
async def test_what_a_list_does_not_know_is_told(
    http: httpx.AsyncClient, form: str, query: dict[str, str], where: str, detail: str
) -> None:
    answer = await http.get(LIST + form, params=query)
    assert problem_code(answer, 422) == "invalid"
    [error] = answer.json()["errors"]
    assert error["where"] == where
    assert error["detail"].startswith(detail)


async def test_a_span_that_ends_before_it_begins_is_refused(http: httpx.AsyncClient) -> None:
    """D21: an empty list would say that nothing was found."""
    span = {"lent_from": "2026-05-06", "lent_until": "2026-05-05"}
    for path in (LIST, f"{LIST}.csv"):
        answer = await http.get(path, params=span)
        problem_code(answer, 422)
        [error] = answer.json()["errors"]
        assert error["detail"] == "Der Zeitraum endet, bevor er beginnt."
    one_day = {"lent_from": "2026-05-05", "lent_until": "2026-05-05"}
    assert (await http.get(LIST, params=one_day)).status_code == 200


async def test_a_page_has_the_sums_of_the_whole_list_if_asked(http: httpx.AsyncClient) -> None:
    whole = [loan(number) for number in range(ROWS)]
    for query, chosen in (
        ({}, whole),
        ({"reader": "bert"}, [one for one in whole if one.reader == "bert"]),
    ):
        page = (await http.get(LIST, params={**query, "sums": "true", "limit": "1"})).json()
        fees = sum(one.fee_cents for one in chosen)
        assert page["sums"] == {"count": len(chosen), "fee_cents": fees}
    assert (await http.get(LIST)).json()["sums"] is None


async def test_an_export_has_no_pages(http: httpx.AsyncClient) -> None:
    for name in ("after", "limit"):
        answer = await http.get(f"{LIST}.csv", params={name: "1"})
        assert problem_code(answer, 422) == "invalid"


async def test_a_cursor_belongs_to_its_filters_and_sort(http: httpx.AsyncClient) -> None:
    """D21: with others it would leave out items, and nothing would say so."""
    asked = {"reader": "bert", "lent_from": "2026-05-05", "limit": "1"}
    page = (await http.get(LIST, params=asked)).json()
    for change in (
        {"sort": "fee_cents"},
        {"reader": "anna"},
        {"lent_from": "2026-05-04"},
        {"lent_until": "2026-05-30"},
    ):
        other = await http.get(LIST, params={**asked, **change, "after": page["next"]})
        assert problem_code(other, 422) == "cursor-mismatch"
    for change in ({}, {"limit": "7"}, {"sums": "true"}, {"sort": "-lent_at"}):
        same = await http.get(LIST, params={**asked, **change, "after": page["next"]})
        assert same.status_code == 200, change


async def test_what_is_no_cursor_is_told(http: httpx.AsyncClient) -> None:
    page = (await http.get(LIST, params={"limit": "1"})).json()
    mark = page["next"].rpartition(".")[2]
    for after in ("x", ".", f".{mark}", f"x.{mark}"):
        answer = await http.get(LIST, params={"after": after})
        assert problem_code(answer, 422) in ("cursor-invalid", "cursor-mismatch")


async def test_too_many_exports_are_told_to_come_back(
    http: httpx.AsyncClient, exports: Exports
) -> None:
    """Nobody has all places; pages need none."""
    for _ in range(2):
        exports.begin(STAFF.subject)
    full = await http.get(f"{LIST}.csv")
    assert problem_code(full, 503) == "exports-busy"
    assert full.headers["retry-after"] == "10"
    other = await http.get(f"{LIST}.csv", headers=signed_in(OTHERS[0]))
    assert other.status_code == 200
    exports.begin("a")
    exports.begin("b")
    other = await http.get(f"{LIST}.xlsx", headers=signed_in(OTHERS[0]))
    assert problem_code(other, 503) == "exports-busy"
    assert (await http.get(LIST)).status_code == 200
    exports.end("a")
    assert (await http.get(f"{LIST}.csv", headers=signed_in(OTHERS[0]))).status_code == 200
    assert exports.running == 3


class Broken(InMemory):
    """Its pages can be read until there are none left."""

    def __init__(self, pages: int) -> None:
        super().__init__()
        self.left = pages
        whole = self.views.page

        async def page(where: Mapping[str, FilterValue], **how: Any) -> Page[Loan]:
            self.left -= 1
            if self.left < 0:
                raise UnavailableError("Die Datenbank ist nicht da.")
            return await whole(where, **how)

        self.views.page = page  # type: ignore[method-assign]


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
async def test_an_export_that_cannot_begin_is_a_problem(exports: Exports, form: str) -> None:
    broken = Broken(0)
    await broken.put(*map(loan, range(ROWS)))
    async with client(broken.views, exports) as http:
        assert problem_code(await http.get(LIST + form), 503) == "unavailable"
    assert exports.running == 0


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
async def test_an_export_that_breaks_never_looks_whole(exports: Exports, form: str) -> None:
    """The connection is aborted, so that half a list is not mistaken for all of it."""
    broken = Broken(2)
    await broken.put(*map(loan, range(ROWS)))
    async with client(broken.views, exports) as http:
        with pytest.raises(RuntimeError, match="response already started"):
            await http.get(LIST + form)
    assert exports.running == 0


async def batches() -> AsyncGenerator[Sequence[Loan]]:
    for number in range(1_000_000):
        yield [loan(number)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_export_that_is_not_read_is_ended(
    exports: Exports, form: Literal["csv", "xlsx"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe_events.export.response.SEND_TIMEOUT_SECONDS", 0.05)
    exports.begin("anna")
    response = await Export(exports, "anna", "ausleihen").response(form, TABLE, batches())

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(30):
            await response({"type": "http"}, receive, send)
    assert exports.running == 0


async def test_an_export_ends_when_its_client_disconnects(exports: Exports) -> None:
    exports.begin("anna")
    response = await Export(exports, "anna", "ausleihen").response("csv", TABLE, batches())
    enough = asyncio.Event()
    sent = 0

    async def receive() -> Message:
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal sent
        sent += 1
        if sent == 10:
            enough.set()

    async with asyncio.timeout(120):
        await response({"type": "http"}, receive, send)
    assert 10 <= sent < 100
    assert exports.running == 0


class Unindexed(LoanQuery):
    note: str | None = None


class Unsorted(LoanQuery):
    sort: Literal["note", "lent_at"] = "lent_at"  # type: ignore[assignment]


@pytest.mark.parametrize("kind", [Unindexed, Unsorted])
def test_no_list_filters_or_sorts_without_an_index(kind: type[LoanQuery]) -> None:
    access = Access(known(STAFF), {"see-loans": frozenset({"dealer-staff"})})

    async def loans(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-loans"))],
        query: Annotated[kind, Query()],  # type: ignore[valid-type]
    ) -> Selection[Loan]:
        raise AssertionError

    with pytest.raises(ValueError, match=r"loans has no index for \['note'\]"):
        list_routes(APIRouter(), "/loans", InMemory().views, TABLE, Exports())(loans)


def test_a_read_model_lists_by_what_it_has() -> None:
    with pytest.raises(ValueError, match=r"loans has no \['colour', 'size'\]"):
        replace(LOANS, lists=ListOptions(("colour",), ("lent_at", "size")))
