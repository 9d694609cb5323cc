"""`zugabe config`: the settings of each process, as the process itself describes them."""

import json
import os
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from zugabe.commands import home_path
from zugabe.errors import StackError
from zugabe.home import Home
from zugabe.service_commands import environment_of
from zugabe.services import ALL, PROCESSES, SEQUENCER, WEB, console_scripts

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
    process: Annotated[
        str | None, typer.Argument(help="A service, sequencer or web; all by default.")
    ] = None,
    printed: Annotated[bool, typer.Option("--print", help="Explain every setting.")] = False,
    env_file: Annotated[
        bool, typer.Option("--env-file", help="Print env files to fill in.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/settings.md.")] = False,
) -> None:
    """Check the settings in the environment, or of the running stack, or explain them."""
    programs = [process] if process else list(PROCESSES)
    if process and process not in PROCESSES:
        sentence = f"There is no process {process!r}; there are {', '.join(PROCESSES)}."
        raise StackError(sentence)
    if markdown:
        print(as_markdown(settings_by_process(programs)), end="")
    elif printed and not env_file:
        for name, settings in settings_by_process(programs).items():
            Console(markup=False, highlight=False).print(as_table(name, settings), "")
    else:
        words = ["config"] if env_file else ["config", "check"]
        scripts = console_scripts()
        checks = [
            subprocess.run([*scripts[name], *words], env=surroundings(name), check=False)
            for name in programs
        ]
        raise typer.Exit(max(check.returncode for check in checks))


def env(
    process: Annotated[str, typer.Argument(metavar="PROCESS", help="A service, sequencer or web.")],
) -> None:
    """Print the environment of a process of the running stack, for a shell to evaluate.

    `eval "$(zugabe env vouchers)"` lets the commands of vouchers be typed as the documents have
    them.
    """
    for name, value in environment_of(process).items():
        print(f"export {name}={shlex.quote(value)}")


def settings_by_process(programs: Iterable[str]) -> dict[str, list[Setting]]:
    """Ask all processes at once for their settings."""
    scripts = console_scripts()
    processes = {
        name: subprocess.Popen([*scripts[name], "config", "--json"], stdout=subprocess.PIPE)
        for name in programs
    }
    answers = {name: process.communicate()[0] for name, process in processes.items()}
    for name, process in processes.items():
        if process.returncode:
            raise StackError(f"{name} does not list its settings.")
    return {name: json.loads(answer) for name, answer in answers.items()}


def surroundings(process: str) -> Mapping[str, str]:
    """The environment that counts: that of the running stack, if one runs here."""
    if Home(home_path()).status()["state"] != "running":
        return os.environ
    return {**os.environ, **environment_of(process)}


def default_of(setting: Setting) -> str:
    return "required" if setting["required"] else setting["default"] or ""


def meaning_of(setting: Setting) -> str:
    return ("a file with " if setting["secret"] else "") + str(setting["meaning"])


def as_table(name: str, settings: Iterable[Setting]) -> Table:
    table = Table(name, "default", "meaning", box=None, header_style="bold", pad_edge=False)
    for setting in settings:
        table.add_row(setting["name"], default_of(setting), meaning_of(setting).replace("`", ""))
    return table


def as_markdown(by_process: Mapping[str, list[Setting]]) -> str:
    """Format the settings of all services, then of single services, of the sequencer and of the
    web application."""
    every = [
        setting
        for setting in by_process[ALL[0]]
        if all(setting in by_process[service] for service in ALL)
    ]
    own = {name: [setting for setting in by_process[name] if setting not in every] for name in ALL}
    chapters = {"Every service": every}
    chapters |= {f"`{name}` also": settings for name, settings in own.items() if settings}
    chapters |= {f"`{name}`": by_process[name] for name in (SEQUENCER, WEB)}
    lines = ["# Settings", "", *INTRODUCTION]
    for title, settings in chapters.items():
        lines += ["", f"## {title}", "", "| Variable | Default | Meaning |", "|---|---|---|"]
        for setting in settings:
            default = default_of(setting)
            code = f"`{default}`" if default and not setting["required"] else default
            lines.append(f"| `{setting['name']}` | {code} | {meaning_of(setting)} |")
    return "\n".join(lines) + "\n"
