"""S11: who saw whose names is on record, in every list and export in which they were opened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zugabe_events.encryption.personal_data import People
from zugabe_events.observability.context import Reader, current_correlation, current_reader
from zugabe_events.privacy.disclosures import KEPT, REPEATED_SECONDS, Disclosures
from zugabe_testing.personal_data import InMemoryMaster, InMemoryPersons, no_owner

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIST = "GET /dealers/{dealer}/orders"


class Recorded:
    """A database that takes disclosures only."""

    def __init__(self) -> None:
        self.documents: list[Mapping[str, Any]] = []
        self.disclosures = self

    async def insert_many(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self.documents += documents


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(recorded: Recorded, clock: Clock) -> People:
    disclosures = Disclosures(recorded, lambda: NOW, clock)  # type: ignore[arg-type]
    return People(
        "checkout", InMemoryPersons(), InMemoryMaster(), no_owner, disclose=disclosures.record
    )


@pytest.fixture
def hanna() -> Iterator[None]:
    correlation = current_correlation.set("c1")
    reader = current_reader.set(Reader("hanna", "dealer-staff", LIST))
    yield
    current_reader.reset(reader)
    current_correlation.reset(correlation)


async def names_of(people: People, *persons: str) -> list[str]:
    sealed = [await people.seal(person, None, NOW, name="Anna Ast") for person in persons]
    return [texts["name"] for texts in sealed if texts is not None]


@pytest.mark.usefixtures("hanna")
async def test_opened_names_of_others_are_on_record(people: People, recorded: Recorded) -> None:
    """S11: once for an answer, with everybody in it but the reader; by tenant."""
    texts = await names_of(people, "acme/uli", "acme/anna", "acme/hanna", "other/otto")
    await people.open(texts)
    common = {
        "actor": "hanna",
        "role": "dealer-staff",
        "reason": LIST,
        "at": NOW,
        "correlation": "c1",
        "even_restricted": False,
        "until": NOW + KEPT,
    }
    assert recorded.documents == [
        {"dealer": "acme", "user": ["anna", "uli"], **common},
        {"dealer": "other", "user": ["otto"], **common},
    ]


@pytest.mark.usefixtures("hanna")
async def test_a_page_that_is_read_again_and_again_is_recorded_once_an_hour(
    people: People, recorded: Recorded, clock: Clock
) -> None:
    """S11: what is on record does not grow with every refresh of a page."""
    texts = await names_of(people, "acme/uli")
    await people.open(texts)
    await people.open(texts)
    assert len(recorded.documents) == 1
    clock.seconds = REPEATED_SECONDS + 1
    await people.open([*texts, *await names_of(people, "acme/anna")])
    assert [one["user"] for one in recorded.documents] == [["uli"], ["anna", "uli"]]


async def test_mails_and_policies_disclose_nothing(people: People, recorded: Recorded) -> None:
    """S11: nobody reads them here; a mail is to the person themselves."""
    await people.open(await names_of(people, "acme/uli"))
    assert recorded.documents == []


@pytest.mark.usefixtures("hanna")
async def test_what_could_not_be_recorded_is_not_shown(people: People, recorded: Recorded) -> None:
    """S11"""

    async def fails(_: object) -> None:
        raise TimeoutError

    recorded.insert_many = fails  # type: ignore[method-assign, assignment]
    with pytest.raises(TimeoutError):
        await people.open(await names_of(people, "acme/uli"))
    assert timedelta(days=1_000) < KEPT
