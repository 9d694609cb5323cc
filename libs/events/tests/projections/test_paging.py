"""X-18: pages have every document once, whatever happens around it, and are read from indexes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from kernel_tests.loans import NOON, InMemory, InMongo, Loan, Shelf

from zugabe_events.domain.views import Between, FilterValue, ListTooLongError, Views
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections import mongo_views

SORTS = [None, "lent_at", "-lent_at", "fee_cents", "-fee_cents", "rating", "-rating"]
WHERES: list[dict[str, FilterValue]] = [
    {},
    {"reader": "anna"},
    {"lent_at": Between(NOON + timedelta(days=1), NOON + timedelta(days=4))},
]


def loan(random: Random, number: str, dealer: str = "acme") -> Loan:
    """Many have the same values, and some have none."""
    return Loan(
        dealer,
        number,
        random.choice(["anna", "bert"]),
        random.randrange(4),
        NOON + timedelta(days=random.randrange(6)),
        random.choice([None, 1, 2]),
    )


def fits(one: Loan, where: dict[str, FilterValue]) -> bool:
    match where:
        case {"reader": reader}:
            return one.reader == reader
        case {"lent_at": Between(first, before)}:
            assert first
            assert before
            return first <= one.lent_at < before
        case _:
            return True


async def paged(
    views: Views[Loan], where: dict[str, FilterValue], sort: str | None, limit: int
) -> list[Sequence[Loan]]:
    pages, after = [], None
    while True:
        page = await views.page({"dealer": "acme", **where}, sort=sort, after=after, limit=limit)
        pages.append(page.items)
        if page.next is None:
            return pages
        after = page.next


@pytest.mark.parametrize("sort", SORTS)
async def test_each_is_seen_once_while_others_come_and_change(
    sort: str | None, db: Database, log_identity: LogIdentity
) -> None:
    """Rows that keep their place may change in every other way; others come, and pass by."""
    shelves: list[tuple[Shelf, int]] = [
        (InMemory(), 50),
        (await InMongo.deployed(db, log_identity), 2),
    ]
    for shelf, seeds in shelves:
        for where in WHERES:
            for seed in range(seeds):
                await page_through(shelf, where, sort, Random(f"{sort} {where} {seed}"))


async def page_through(
    shelf: Shelf, where: dict[str, FilterValue], sort: str | None, random: Random
) -> None:
    dealer = f"{random.random()}"
    steady = {f"s{n:02}": loan(random, f"s{n:02}", dealer) for n in range(25)}
    moving = [f"m{n:02}" for n in range(10)]
    await shelf.put(*steady.values(), *(loan(random, number, dealer) for number in moving))
    seen: list[Loan] = []
    after, limit = None, random.randrange(1, 9)
    for turn in range(200):
        asked = {"dealer": dealer, **where}
        page = await shelf.views.page(asked, sort=sort, after=after, limit=limit)
        seen += [one for one in page.items if one.number in steady]
        if page.next is None:
            break
        after = page.next
        noted = random.choice(list(steady))
        steady[noted] = replace(steady[noted], note=f"{turn}")
        moved = loan(random, random.choice(moving), dealer)
        await shelf.put(steady[noted], moved, loan(random, f"n{turn % 12}", dealer))
    wanted = [one for one in steady.values() if fits(one, where)]
    assert [one.number for one in seen] == ordered(wanted, sort)


def ordered(loans: Sequence[Loan], sort: str | None) -> list[str]:
    field = sort.removeprefix("-") if sort else "number"

    def rank(one: Loan) -> tuple[bool, Any, str]:
        value = getattr(one, field)
        return (value is not None, value, one.number)

    turned = bool(sort and sort.startswith("-"))
    return [one.number for one in sorted(loans, key=rank, reverse=turned)]


async def test_both_kinds_of_views_have_the_same_order(
    db: Database, log_identity: LogIdentity
) -> None:
    random = Random(5)
    loans = [loan(random, f"l{number:02}") for number in range(60)]
    memory, mongo = InMemory(), await InMongo.deployed(db, log_identity)
    await memory.put(*loans)
    await mongo.put(*loans)
    for sort in SORTS:
        for where in WHERES:
            assert await paged(memory.views, where, sort, 7) == await paged(
                mongo.views, where, sort, 7
            )


async def test_sums_are_over_all_documents_of_a_condition(
    db: Database, log_identity: LogIdentity
) -> None:
    """D: people looked for the totals of a list."""
    random = Random(9)
    loans = [loan(random, f"l{number:02}") for number in range(60)]
    memory, mongo = InMemory(), await InMongo.deployed(db, log_identity)
    for shelf in (memory, mongo):
        await shelf.put(*loans, loan(random, "other", "bolt"))
        for where in WHERES:
            chosen = [one for one in loans if fits(one, where)]
            assert await shelf.views.sums({"dealer": "acme", **where}, ["fee_cents"]) == (
                len(chosen),
                {"fee_cents": sum(one.fee_cents for one in chosen)},
            )
        assert await shelf.views.sums({"dealer": "none"}, ["fee_cents"]) == (0, {"fee_cents": 0})


async def test_a_list_that_is_too_long_for_a_sum_is_refused(
    db: Database, log_identity: LogIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = await InMongo.deployed(db, log_identity)
    await shelf.fill(*(loan(Random(1), f"l{number:05}") for number in range(20_000)))
    monkeypatch.setattr(mongo_views, "MAX_SUM_MS", 1)
    with pytest.raises(ListTooLongError) as caught:
        await shelf.views.sums({"dealer": "acme"}, ["fee_cents"])
    assert caught.value.code == "list-too-long"


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort])
async def test_a_page_costs_what_it_shows_however_far_in_the_list(
    db: Database, log_identity: LogIdentity, sort: str
) -> None:
    """No sort in memory, and nothing read that is not shown: every sort has its index, and every
    filter in the usual sort. Ten values on 3,000 documents: the cursor stands among equals."""
    shelf = await InMongo.deployed(db, log_identity)
    random = Random(7)
    await shelf.fill(*(loan(random, f"l{number:04}") for number in range(3_000)))
    await db.command("profile", 2)
    await paged(shelf.views, {}, sort, 100)
    if sort.removeprefix("-") == "lent_at":
        await paged(shelf.views, {"reader": "anna"}, sort, 100)
        await paged(shelf.views, WHERES[2], sort, 100)
    await db.command("profile", 0)
    found = await db["system.profile"].find({"ns": shelf.collection.full_name}).to_list()
    queries = [one for one in found if one["op"] == "query"]
    assert len(queries) >= 30
    for one in queries:
        assert "hasSortStage" not in one, one["planSummary"]
        assert one["docsExamined"] <= 101 + 3, one["planSummary"]
        assert one["keysExamined"] <= 101 + 10, one["planSummary"]


@pytest.mark.parametrize("sort", ["lent_at", "-rating", None])
async def test_a_page_of_large_documents_has_fewer_of_them(
    sort: str | None, db: Database, log_identity: LogIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S5: 500 orders of 1,000 lines would be 140 MB; each is on one page all the same."""
    shelf, random = await InMongo.deployed(db, log_identity), Random(1)
    loans = [replace(loan(random, f"l{number:02}"), note="x" * 1_000) for number in range(20)]
    await shelf.put(*loans)
    monkeypatch.setattr(mongo_views, "MAX_PAGE_BYTES", 5_000)
    pages = await paged(shelf.views, {}, sort, 500)
    assert {len(page) for page in pages} == {4}
    assert sorted(one.number for page in pages for one in page) == [one.number for one in loans]
    monkeypatch.setattr(mongo_views, "MAX_PAGE_BYTES", 100)
    assert [len(page) for page in await paged(shelf.views, {}, sort, 500)] == [1] * 20
    monkeypatch.undo()
    assert [len(page) for page in await paged(shelf.views, {}, sort, 500)] == [20]
