"""Imports that are interrupted anywhere: they go on, and nothing is done twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from catalog_shops_tests.bmecat import bmecat_file
from catalog_shops_tests.import_storage import InMemoryImportQueue, InMemoryTurn
from catalog_shops_tests.service import InMemoryService
from pymongo.errors import AutoReconnect

from catalog_shops.catalogue_import import delisting, execution
from catalog_shops.catalogue_import.records import CatalogueArticle
from catalog_shops.catalogue_import.worker import MAX_FAILURES
from zugabe_events.contracts.catalog_shops import (
    ArticleDelisted,
    CatalogueImportEnded,
    CatalogueImportProgressed,
)
from zugabe_events.domain.event_store import AppendedCommit, Commit
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.views import InMemoryViews

LONG = timedelta(hours=1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "BATCH_SIZE", 4)
    monkeypatch.setattr(execution, "PROGRESS_INTERVAL", 8)
    monkeypatch.setattr(execution, "MAX_AHEAD", 24)


def article(number: int, **changes: Any) -> CatalogueArticle:
    fields = {"name": f"Heft {number}", "brand": "", "groups": ((f"Gruppe {number % 5}",),)}
    fields["manufacturer"] = f"Marke {number % 3}"
    return CatalogueArticle(0, f"{number:03d}", **{**fields, **changes})


BEFORE = bmecat_file([article(number) for number in range(30)])
AFTER = bmecat_file(
    [
        *(article(number) for number in range(12)),
        *(article(number, name="Neu") for number in range(12, 20)),
        article(20, name=""),
        *(article(number) for number in range(30, 44)),
    ]
)


class Faulty(InMemoryEventStore):
    """Fails once, at the append of this number: before or after it is in the log."""

    fails_at = 0
    is_written = False
    appends = 0
    error: type[Exception] = AutoReconnect

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        self.appends += 1
        if self.appends == self.fails_at:
            if self.is_written:
                await super().append(commits)
            raise self.error
        return await super().append(commits)


async def two_issues(fails_at: int, is_written: bool) -> tuple[InMemoryService, Any, int]:
    """A service after two issues of a catalogue; the second import failed once."""
    service = InMemoryService()
    store = Faulty("catalog-shops", lambda: service.now)
    service.store = store
    await service.upload_catalogue(BEFORE)
    await service.import_waiting()
    answer = await service.upload_catalogue(AFTER)
    before = store.appends
    store.fails_at, store.is_written = before + fails_at, is_written
    for _ in range(3):
        await service.import_waiting()
        service.now += LONG
    path = answer.json()["address"].removeprefix("/dealers/central")
    result = await service.must("central", "GET", path, dealer="central")
    return service, result, store.appends - before


def facts(service: InMemoryService) -> Counter[str]:
    """What the log says, apart from times and progress."""
    return Counter(
        f"{commit.stream.id} {type(event).__name__}"
        for commit, _ in service.store.commits
        for event in commit.events
        if not isinstance(event, CatalogueImportProgressed)
        and not commit.stream.id.startswith("catalogue-import/")
    )


@pytest.mark.parametrize("is_written", [False, True], ids=["before", "after"])
async def test_wherever_an_import_breaks_off_it_ends_the_same(is_written: bool) -> None:
    """X-39: at each append, whether it is in the log or not."""
    whole, expected, appends = await two_issues(0, False)
    assert expected["status"] == "completed"
    assert expected["counts"] == {
        "new": 14, "changed": 8, "unchanged": 12, "delisted": 9, "wrong": 1, "partly": 0,
    }  # fmt: skip
    assert appends > 35
    for fails_at in range(1, appends + 1):
        service, result, _ = await two_issues(fails_at, is_written)
        assert result["status"] == "completed", fails_at
        assert result["counts"] == expected["counts"], fails_at
        assert facts(service) == facts(whole), fails_at


async def test_who_has_lost_the_turn_stops() -> None:
    """X-39: another process goes on from the last progress."""
    service = InMemoryService()
    turns: list[InMemoryTurn] = []
    queue = service.import_storage.queue
    assert isinstance(queue, InMemoryImportQueue)

    class Watched(Faulty):
        async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
            appended = await super().append(commits)
            if self.appends == 20 and turns:
                turns[0].is_valid = False
            return appended

    hold = queue.hold

    async def watched(dealer: str) -> InMemoryTurn | None:
        turn = await hold(dealer)
        assert turn is not None
        turns.append(turn)
        return turn

    queue.hold = watched  # type: ignore[method-assign]
    service.store = Watched("catalog-shops", lambda: service.now)
    answer = await service.upload_catalogue(BEFORE)
    await service.import_waiting()
    path = answer.json()["address"].removeprefix("/dealers/central")
    stopped = await service.must("central", "GET", path, dealer="central")
    assert stopped["status"] == "running"
    assert 0 < stopped["done"] < 30
    await service.import_waiting()
    result = await service.must("central", "GET", path, dealer="central")
    assert (result["status"], result["counts"]["new"]) == ("completed", 30)
    assert len(turns) == 2


async def test_an_import_that_never_works_does_not_keep_others_waiting_for_ever() -> None:
    service = InMemoryService()

    class Broken(Faulty):
        async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
            if commits[0].stream.id == "article/central/001":
                raise ZeroDivisionError
            return await super().append(commits)

    service.store = Broken("catalog-shops", lambda: service.now)
    bad = await service.upload_catalogue(BEFORE)
    good = await service.upload_catalogue(bmecat_file([article(50)]), catalogue="Anderer")
    for _ in range(MAX_FAILURES + 1):
        await service.import_waiting()
        service.now += LONG
    for answer, status in ((bad, "failed"), (good, "completed")):
        path = answer.json()["address"].removeprefix("/dealers/central")
        shown = await service.must("central", "GET", path, dealer="central")
        assert shown["status"] == status
    path = bad.json()["address"].removeprefix("/dealers/central")
    assert (
        "internen Fehler"
        in (await service.must("central", "GET", path, dealer="central"))["problem"]
    )


async def test_what_was_never_started_leaves_the_queue() -> None:
    """X-12: a process died between the queue and the event; the bytes are swept."""
    service = InMemoryService()
    store = Faulty("catalog-shops", lambda: service.now)
    store.fails_at = 1
    service.store = store
    answer = await service.upload_catalogue(BEFORE)
    assert answer.status_code == 503
    queue = service.import_storage.queue
    assert await queue.first("central") is not None
    await service.import_waiting()
    assert await queue.first("central") is not None
    service.now += LONG
    await service.import_waiting()
    assert await queue.first("central") is None
    assert store.commits == []


async def test_a_running_import_is_cancelled_at_its_next_progress() -> None:
    service = InMemoryService()

    class Cancelled(Faulty):
        async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
            appended = await super().append(commits)
            if commits[0].stream.id == "article/central/009":
                await service.must("central", "POST", f"{path}/cancellation", dealer="central")
            return appended

    service.store = Cancelled("catalog-shops", lambda: service.now)
    answer = await service.upload_catalogue(BEFORE)
    path = answer.json()["address"].removeprefix("/dealers/central")
    await service.import_waiting()
    result = await service.must("central", "GET", path, dealer="central")
    assert result["status"] == "cancelled"
    assert 9 < result["counts"]["new"] < 25
    assert result["done"] == result["counts"]["new"]
    assert await service.import_storage.queue.first("central") is None


@pytest.mark.parametrize("is_interrupted", [False, True], ids=["at once", "after a crash"])
async def test_an_import_can_be_cancelled_while_it_delists(
    monkeypatch: pytest.MonkeyPatch, is_interrupted: bool
) -> None:
    """X-39: what is not delisted yet stays, and is not counted."""
    monkeypatch.setattr(delisting, "PAGE_SIZE", 2)
    service = InMemoryService()

    class Cancelled(Faulty):
        async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
            appended = await super().append(commits)
            if any(isinstance(event, ArticleDelisted) for event in commits[0].events):
                await service.must("central", "POST", f"{path}/cancellation", dealer="central")
                if is_interrupted:
                    raise AutoReconnect
            return appended

    service.store = Cancelled("catalog-shops", lambda: service.now)
    await service.upload_catalogue(BEFORE)
    await service.import_waiting()
    answer = await service.upload_catalogue(bmecat_file([article(one) for one in range(16)]))
    path = answer.json()["address"].removeprefix("/dealers/central")
    for _ in range(2):
        await service.import_waiting()
        service.now += LONG
    result = await service.must("central", "GET", path, dealer="central")
    assert result["status"] == "cancelled"
    assert result["counts"]["unchanged"] == 16
    assert result["counts"]["delisted"] == len(service.said(ArticleDelisted))
    assert 0 < result["counts"]["delisted"] < 14


async def test_what_an_earlier_import_listed_is_delisted_however_late_it_is_shown() -> None:
    """X-39: an issue that changes nothing else follows at once."""
    service = InMemoryService()
    shown = service.shown.articles
    assert isinstance(shown, InMemoryViews)
    shown.is_late = True
    await service.upload_catalogue(BEFORE, scope="some-articles")
    answer = await service.upload_catalogue(bmecat_file([article(one) for one in range(20)]))
    await service.import_waiting()
    path = answer.json()["address"].removeprefix("/dealers/central")
    result = await service.must("central", "GET", path, dealer="central")
    assert (result["counts"]["unchanged"], result["counts"]["delisted"]) == (20, 10)
    assert len(service.said(ArticleDelisted)) == 10


async def test_no_tenant_waits_for_all_imports_of_another() -> None:
    """X-39: one import of each in turn."""
    service = InMemoryService()
    file = bmecat_file([article(1)], transaction="T_UPDATE_PRODUCTS")
    for _ in range(3):
        await service.upload_catalogue(file)
    await service.upload_catalogue(file, "dealer-staff+import-articles", dealer="acme")
    await service.import_waiting()
    ended = [event.dealer for event in service.said(CatalogueImportEnded)]
    assert ended == ["central", "acme", "central", "central"]
