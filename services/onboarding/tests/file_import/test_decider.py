"""A file is imported once under its key."""

import msgspec
from onboarding_tests.samples import NOON

from onboarding.file_import.decider import (
    FILE_IMPORT_DECIDER,
    MAX_MISTAKES_KEPT,
    BeginImport,
    FinishImport,
)
from zugabe_events.contracts.onboarding import ImportBegun, ImportFinished, ImportMistake
from zugabe_events.eventstore.commits import MAX_EVENT_BYTES
from zugabe_testing.deciders import given

BEGUN = ImportBegun("i1", NOON)
MISTAKE = ImportMistake(2, "Marke", "Diese Angabe fehlt.")
FINISHED = ImportFinished("i1", 3, 0, 1, (MISTAKE,), NOON)
BEGIN, FINISH = BeginImport("i1", NOON), FinishImport(3, 0, 1, (MISTAKE,), NOON)


def test_an_import_begins_once_and_is_finished_once() -> None:
    """X-12"""
    given(FILE_IMPORT_DECIDER).when(BEGIN).then(BEGUN)
    given(FILE_IMPORT_DECIDER, BEGUN).when(BEGIN).then()
    given(FILE_IMPORT_DECIDER, BEGUN).when(FINISH).then(FINISHED)
    given(FILE_IMPORT_DECIDER, BEGUN, FINISHED).when(FINISH).then()
    given(FILE_IMPORT_DECIDER, BEGUN, FINISHED).when(BEGIN).then()


def test_what_has_not_begun_is_not_finished() -> None:
    given(FILE_IMPORT_DECIDER).when(FINISH).then()


def test_the_first_mistakes_are_kept_as_far_as_an_event_holds_them() -> None:
    """X-12"""
    many = tuple(ImportMistake(line, "Marke", "x" * 250) for line in range(MAX_MISTAKES_KEPT + 1))
    finish = FinishImport(0, 0, 0, many, NOON)
    finished = ImportFinished("i1", 0, 0, 0, many[:MAX_MISTAKES_KEPT], NOON)
    given(FILE_IMPORT_DECIDER, BEGUN).when(finish).then(finished)
    assert len(msgspec.json.encode(finished)) < MAX_EVENT_BYTES
