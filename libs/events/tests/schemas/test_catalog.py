"""docs/events.md is printed from the contracts, so that it cannot be wrong."""

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import ClassVar, Literal

import pytest

from zugabe_events.domain.event import Event, Fact, Instant, Personal
from zugabe_events.schemas.catalog import REPOSITORY, catalog, main, section, sources_by_service

type Mood = Literal["glad", "sad"]


class Guest(Fact, frozen=True):
    """Who comes."""

    name: Personal


class PartyHeld(Event, frozen=True):
    """There was a party."""

    stored_as: ClassVar[str] = "party-held"
    schema_version: ClassVar[int] = 2

    guests: tuple[Guest, ...]
    on: date | None
    at: Instant
    mood: Mood
    songs: dict[str, int] | None = None


class PartyCalledOff(Event, frozen=True):
    """There was none."""

    stored_as: ClassVar[str] = "party-called-off"


type PartyEvent = PartyHeld | PartyCalledOff


def test_an_event_is_told_with_its_fields_as_a_reader_of_json_sees_them() -> None:
    module = ModuleType(__name__, "What happens in the hall.")
    vars(module).update(Guest=Guest, PartyEvent=PartyEvent)
    told = section(module, {"band": "case PartyHeld():", "bar": "PartyHeldElsewhere"})
    assert (
        "PartyHeld, schema version 2. Consumed by other services: band.\n\nThere was a party.\n"
        in told
    )
    assert "| `guests` | list of Guest |  |" in told
    assert "| `on` | day (ISO 8601) or null |  |" in told
    assert "| `at` | instant (RFC 3339) |  |" in told
    assert "| `mood` | `glad` or `sad` |  |" in told
    assert "| `songs` | object with whole number as values or null | optional |" in told
    assert "#### Guest\n\nWho comes.\n" in told
    assert "| `name` | text, personal |  |" in told
    assert "### `party-called-off`" in told


def test_the_whole_catalog_names_every_publisher() -> None:
    printed = catalog(REPOSITORY)
    for line in ("## checkout", "### `order-placed`", "#### OrderLine", "| `net_cents` |"):
        assert line in printed


def test_who_mentions_an_event_hears_it(tmp_path: Path) -> None:
    source = tmp_path / "services" / "band" / "src" / "band" / "policy.py"
    source.parent.mkdir(parents=True)
    source.write_text("case OrderPlaced(): ...\n")
    assert sources_by_service(tmp_path) == {"band": "case OrderPlaced(): ...\n"}
    printed = catalog(tmp_path)
    placed = printed[printed.index("### `order-placed`") :]
    assert "Consumed by other services: band." in placed.split("###")[1]
    assert "OrderCancelled, schema version 1. Consumed by other services: none." in printed


def test_a_file_that_says_otherwise_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "events.md"
    assert main(["--check", str(file)]) == 1
    assert "does not say what the contracts say" in capsys.readouterr().err
    assert main([]) == 0
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["--check", str(file)]) == 0
    assert main(["--what"]) == 2
