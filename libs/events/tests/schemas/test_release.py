"""`make release-schemas` and its check: nothing is released that some reader could not follow."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from zugabe_events.domain.event import Event, Upcast
from zugabe_events.schemas import release
from zugabe_events.schemas.compatibility import Schemas
from zugabe_events.schemas.json_schema import schema_of
from zugabe_events.schemas.released import is_older, released, services


class Opened(Event, frozen=True):
    stored_as: ClassVar[str] = "opened"

    euros: str


class Closed(Event, frozen=True):
    stored_as: ClassVar[str] = "closed"


class OpenedLate(Event, frozen=True):
    stored_as: ClassVar[str] = "opened"
    schema_version: ClassVar[int] = 2
    upcasts: ClassVar[Mapping[int, Upcast]] = {1: lambda body: {"cents": int(body["euros"]) * 100}}

    cents: int


class Renamed(Event, frozen=True):
    stored_as: ClassVar[str] = "opened"

    amount: str


def say(monkeypatch: pytest.MonkeyPatch, *events: type[Event]) -> None:
    """From now on these are the contracts."""
    told: Schemas = {"shops": {event.stored_as: schema_of(event) for event in events}}
    monkeypatch.setattr(release, "present", lambda: told)


def test_what_was_released_is_what_the_contracts_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say(monkeypatch, Opened, Closed)
    assert release.main([], tmp_path) == 0
    assert services(tmp_path) == ["shops"]
    assert released("shops", tmp_path) == release.present()["shops"]


def test_what_is_not_released_yet_passes_and_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, Opened)
    release.main([], tmp_path)
    say(monkeypatch, Opened, Closed)
    assert release.main(["--check"], tmp_path) == 0
    assert capsys.readouterr().out == "Not released yet (make release-schemas): shops closed\n"
    assert list(released("shops", tmp_path)) == ["opened"]
    release.main([], tmp_path)
    assert release.main(["--check"], tmp_path) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["release", "check"])
def test_a_breach_is_neither_released_nor_passed(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    say(monkeypatch, Opened)
    release.main([], tmp_path)
    before = released("shops", tmp_path)
    say(monkeypatch, Renamed, Closed)
    assert release.main(arguments, tmp_path) == 1
    assert "shops opened `euros` was renamed to `amount`." in capsys.readouterr().err
    assert released("shops", tmp_path) == before


def test_the_shape_before_a_new_version_stays_released(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say(monkeypatch, Opened)
    release.main([], tmp_path)
    say(monkeypatch, OpenedLate)
    for _ in range(2):
        assert release.main([], tmp_path) == 0
        assert release.main(["--check"], tmp_path) == 0
    files = released("shops", tmp_path)
    assert files == {"opened.1": schema_of(Opened), "opened": schema_of(OpenedLate)}
    assert [name for name in files if is_older(name)] == ["opened.1"]


def test_files_are_text_that_people_can_compare(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say(monkeypatch, Opened)
    release.main([], tmp_path)
    text = (tmp_path / "shops" / "opened.json").read_text()
    assert text == json.dumps(schema_of(Opened), indent=2) + "\n"


def test_what_cannot_be_read_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["--force"]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_contracts_of_the_working_tree_break_no_reader() -> None:
    assert release.main(["--check"]) == 0
