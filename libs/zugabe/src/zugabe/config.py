"""`zugabe config`: the settings of each process, as the process itself describes them."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from zugabe.errors import StackError
from zugabe.services import ALL, SEQUENCER, console_scripts

type Setting = Mapping[str, Any]

INTRODUCTION = (
    "From the environment; an empty variable counts as not set. `make catalog` writes this page.",
    "",
    "Secrets come from files only: a variable that ends with `_FILE` names one. A process that",
    "finds a value wrong, a required one missing, or a `ZUGABE_…` that no process reads, names all",
    "of them and ends with code 2. `SERVICE config check` does only that, `SERVICE config` writes",
    "an env file to fill in, and `zugabe config --print [SERVICE]` shows a table.",
)


def config(
    process: Annotated[str | None, typer.Argument(help="The process; all by default.")] = None,
    printed: Annotated[bool, typer.Option("--print", help="Explain every setting.")] = False,
    env_file: Annotated[bool, typer.Option(help="Print env files to fill in.")] = False,
    markdown: Annotated[bool, typer.Option(help="Print docs/settings.md.")] = False,
) -> None:
    """Check the settings in the environment, or explain them."""
    programs = [process] if process else [*ALL, SEQUENCER]
    if process and process not in (*ALL, SEQUENCER):
        sentence = f"There is no process {process!r}; there are {', '.join((*ALL, SEQUENCER))}."
        raise StackError(sentence)
    if markdown:
        print(as_markdown(told(programs)), end="")
    elif printed and not env_file:
        for name, settings in told(programs).items():
            Console(markup=False, highlight=False).print(as_table(name, settings), "")
    else:
        words = ["config"] if env_file else ["config", "check"]
        scripts = console_scripts()
        ended = [subprocess.run([*scripts[name], *words], check=False) for name in programs]
        raise typer.Exit(max(one.returncode for one in ended))


def told(programs: Iterable[str]) -> dict[str, list[Setting]]:
    """The settings by process; all processes are asked at once."""
    scripts = console_scripts()
    asked = {
        name: subprocess.Popen([*scripts[name], "config", "--json"], stdout=subprocess.PIPE)
        for name in programs
    }
    answers = {name: process.communicate()[0] for name, process in asked.items()}
    for name, process in asked.items():
        if process.returncode:
            raise StackError(f"{name} does not tell its settings.")
    return {name: json.loads(answer) for name, answer in answers.items()}


def default_of(setting: Setting) -> str:
    return "required" if setting["required"] else setting["default"] or ""


def meaning_of(setting: Setting) -> str:
    return ("a file with " if setting["secret"] else "") + str(setting["meaning"])


def as_table(name: str, settings: Iterable[Setting]) -> Table:
    table = Table(name, "default", "meaning", box=None, header_style="bold", pad_edge=False)
    for one in settings:
        table.add_row(one["name"], default_of(one), meaning_of(one).replace("`", ""))
    return table


def as_markdown(told: Mapping[str, list[Setting]]) -> str:
    """The settings of all services once, then those of single services and of the sequencer."""
    every = [one for one in told[ALL[0]] if all(one in told[service] for service in ALL)]
    own = {name: [one for one in told[name] if one not in every] for name in ALL}
    chapters = {"Every service": every}
    chapters |= {f"`{name}` also": settings for name, settings in own.items() if settings}
    chapters |= {f"`{SEQUENCER}`": told[SEQUENCER]}
    lines = ["# Settings", "", *INTRODUCTION]
    for title, settings in chapters.items():
        lines += ["", f"## {title}", "", "| Variable | Default | Meaning |", "|---|---|---|"]
        for one in settings:
            default = default_of(one)
            code = f"`{default}`" if default and not one["required"] else default
            lines.append(f"| `{one['name']}` | {code} | {meaning_of(one)} |")
    return "\n".join(lines) + "\n"
