"""When an import may be started, go on, be cancelled, and end."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from catalog_shops.catalogue_import.decider import (
    IMPORT_DECIDER,
    CancelImport,
    Command,
    EndImport,
    ImportEndedError,
    ImportExistsError,
    ImportNotFoundError,
    RecordProgress,
    StartImport,
)
from catalog_shops.catalogue_import.view import IMPORTS, ImportView
from zugabe_events.contracts.catalog_shops import (
    CatalogueImportCancelled,
    CatalogueImportEnded,
    CatalogueImportProgressed,
    CatalogueImportStarted,
    ImportCounts,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=20)
SOME = ImportCounts(new=1_900, wrong=100)

STARTED = CatalogueImportStarted(
    "acme", "i1", "0" * 64, "katalog.xml", 1_000, "bmecat", "whole-catalogue", False, NOON, "K/1"
)
BEGUN = CatalogueImportProgressed("acme", "i1", 0, ImportCounts(), NOON, 5_000)
PROGRESSED = CatalogueImportProgressed("acme", "i1", 2_000, SOME, LATER, 5_000)
CANCELLED = CatalogueImportCancelled("acme", "i1", LATER)
ENDED = CatalogueImportEnded("acme", "i1", SOME, "", LATER, "completed", 5_000)


def test_an_import_is_started_once() -> None:
    """X-12"""
    again = replace(STARTED, started_at=LATER)
    given(IMPORT_DECIDER).when(StartImport(STARTED)).then(STARTED)
    given(IMPORT_DECIDER, STARTED).when(StartImport(again)).then()
    given(IMPORT_DECIDER, STARTED, ENDED).when(StartImport(again)).then()


def test_another_file_needs_another_import() -> None:
    """X-12"""
    other = StartImport(replace(STARTED, file="1" * 64))
    given(IMPORT_DECIDER, STARTED).when(other).refused(ImportExistsError, "import-exists")


def test_progress_only_goes_forward() -> None:
    begun = RecordProgress(0, 5_000, ImportCounts(), NOON)
    some = RecordProgress(2_000, 5_000, SOME, LATER)
    given(IMPORT_DECIDER, STARTED).when(begun).then(BEGUN)
    given(IMPORT_DECIDER, STARTED, BEGUN).when(begun).then()
    given(IMPORT_DECIDER, STARTED, BEGUN).when(some).then(PROGRESSED)
    given(IMPORT_DECIDER, STARTED, BEGUN, PROGRESSED).when(some).then()
    given(IMPORT_DECIDER, STARTED, ENDED).when(some).then()


def test_an_import_can_be_cancelled_until_it_ended() -> None:
    cancel = CancelImport(LATER)
    given(IMPORT_DECIDER, STARTED).when(cancel).then(CANCELLED)
    given(IMPORT_DECIDER, STARTED, CANCELLED).when(cancel).then()
    given(IMPORT_DECIDER, STARTED, ENDED).when(cancel).refused(ImportEndedError, "import-ended")


def test_an_import_ends_once() -> None:
    end = EndImport("completed", 5_000, SOME, "", LATER)
    given(IMPORT_DECIDER, STARTED, PROGRESSED).when(end).then(ENDED)
    given(IMPORT_DECIDER, STARTED, ENDED).when(end).then()


@pytest.mark.parametrize(
    "command",
    [
        CancelImport(NOON),
        RecordProgress(1, None, SOME, NOON),
        EndImport("completed", 0, SOME, "", NOON),
    ],
)
def test_what_was_not_started_is_not_there(command: Command) -> None:
    given(IMPORT_DECIDER).when(command).refused(ImportNotFoundError, "import-not-found")


def view_after(*events: object) -> ImportView:
    view = None
    for event in events:
        assert IMPORTS.keys(event) == ["acme/i1"]  # type: ignore[arg-type]
        view = IMPORTS.project(view, event)  # type: ignore[arg-type]
    assert view is not None
    return view


def test_progress_is_shown_with_its_rate() -> None:
    assert view_after(STARTED).status == "waiting"
    running = view_after(STARTED, BEGUN, PROGRESSED)
    assert (running.status, running.done, running.total) == ("running", 2_000, 5_000)
    assert running.counts == SOME
    assert running.articles_per_second == 100
    soon = replace(PROGRESSED, done=50, progressed_at=NOON + timedelta(seconds=0.5))
    assert view_after(STARTED, BEGUN).articles_per_second is None
    assert view_after(STARTED, BEGUN, soon).articles_per_second == 100
    assert view_after(STARTED, BEGUN, CANCELLED, PROGRESSED).status == "cancelling"
    over = view_after(STARTED, BEGUN, PROGRESSED, ENDED)
    assert (over.status, over.done, over.ended_at) == ("completed", 5_000, LATER)
