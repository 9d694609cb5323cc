"""Help, version and questions of the operators' commands."""

import re

import pytest
from typer.testing import CliRunner, Result

from zugabe_events.cli.commands import commands
from zugabe_events.cli.help import Commands, Version

app = Commands()


@app.callback()
def program(version: Version = False) -> None:
    """A program."""


app.add_typer(commands)


def said(words: str) -> Result:
    return CliRunner().invoke(app, words.split(), prog_name="toys", env={"COLUMNS": "120"})


@pytest.mark.parametrize(
    "command",
    ["", "rebuild", "republish", "new-log", "rotate-keys", "dead-letters redrive", "person export"],
)
def test_help_explains_and_does_nothing(command: str) -> None:
    """Nothing is connected: a command that ran would fail."""
    shown = said(f"{command} --help")
    assert shown.exit_code == 0
    assert "Usage: toys" in shown.output
    assert not re.search(r"<\w|list\[|\bstr\b|\bbool\b|Error", shown.output)


def test_a_list_and_a_flag_are_shown_for_people() -> None:
    shown = said("rebuild --help").output
    assert "TEXT..." in shown
    assert re.search(r"--new +Only read models", shown)


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"toys \d+\.\d+\.\d+\n", said("--version").output)


@pytest.mark.parametrize(
    "command",
    [
        "new-log",
        "read-models remove a.b v1.1",
        "dead-letters skip 0d7c7a1e-4f0b-4a52-9d8c-0a4d3f1f2a11 --reason r",
        "person erase musikhaus u-17 --reason r",
    ],
)
def test_what_cannot_be_taken_back_is_not_done_without_a_yes(command: str) -> None:
    """It ends before it needs a database."""
    refused = said(command)
    assert refused.exit_code == 1
    assert "--yes" in refused.output


def test_unknown_words_are_refused() -> None:
    assert said("new-log --yes now").exit_code == 2
    assert said("rotate-keys now").exit_code == 2
