"""The operators' commands go to services of the running stack with the words that people typed."""

from collections.abc import Sequence

import pytest
from typer.testing import CliRunner, Result

from zugabe import operator_commands, person
from zugabe.cli import app
from zugabe.services import ALL

LETTER = "0d7c7a1e-4f0b-4a52-9d8c-0a4d3f1f2a11"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Each command that reached a service; that of vouchers fails."""
    found: list[tuple[str, ...]] = []

    def run_commands(services: Sequence[str], *words: str) -> int:
        found.extend((service, *words) for service in services)
        return 1 if "vouchers" in services else 0

    monkeypatch.setattr(operator_commands, "run_commands", run_commands)
    monkeypatch.setattr(person, "run_commands", run_commands)
    monkeypatch.setattr(
        operator_commands, "running", lambda: (None, {"services": dict.fromkeys(ALL, "")})
    )
    return found


def zugabe(words: str) -> Result:
    return CliRunner().invoke(app, words.split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("rebuild bonus", ["rebuild", "--"]),
        ("rebuild --new bonus a.b c.d", ["rebuild", "--new", "--", "a.b", "c.d"]),
        ("republish --part 5 bonus --from 51", ["republish", "--part=5", "--from=51", "--"]),
        ("new-log bonus --yes", ["new-log", "--yes", "--"]),
        ("read-models bonus switch a.b v1.2", ["read-models", "switch", "--", "a.b", "v1.2"]),
        ("read-models bonus verify", ["read-models", "verify", "--"]),
        (
            "dead-letters bonus list --consumer c",
            ["dead-letters", "list", "--consumer=c", "--"],
        ),
        (
            f"dead-letters bonus redrive {LETTER} --reason again",
            ["dead-letters", "redrive", "--reason=again", "--", LETTER],
        ),
    ],
)
def test_a_command_reaches_the_service_that_was_named(
    sent: list[tuple[str, ...]], words: str, expected: list[str]
) -> None:
    assert zugabe(words).exit_code == 0
    assert sent == [("bonus", *expected)]


def test_without_a_service_all_are_asked_and_one_failure_is_the_exit_code(
    sent: list[tuple[str, ...]],
) -> None:
    assert zugabe("dead-letters redrive --all --reason go").exit_code == 1
    words = ("dead-letters", "redrive", "--reason=go", "--all", "--")
    assert sent == [(service, *words) for service in ALL]


def test_a_contact_is_asked_for_where_partners_are(sent: list[tuple[str, ...]]) -> None:
    assert zugabe("person erase d1 u1 --reason asked --yes").exit_code == 0
    assert zugabe("person erase p1 c1 --reason asked --contact --yes").exit_code == 0
    words = ("person", "erase", "--reason=asked", "--yes", "--")
    assert sent == [("checkout", *words, "d1", "u1"), ("onboarding", *words, "p1", "c1")]
    sent.clear()
    zugabe("person export d1 u1 --reason asked --restricted")
    assert [service for service, *_ in sent] == [name for name in ALL if name != "onboarding"]
    assert sent[0][1:] == ("person", "export", "--reason=asked", "--restricted", "--", "d1", "u1")


@pytest.mark.parametrize("words", ["rebuild", "republish bonus --part 1", "dead-letters nope"])
def test_words_that_are_wrong_reach_nobody(sent: list[tuple[str, ...]], words: str) -> None:
    assert zugabe(words).exit_code == 2
    assert sent == []
