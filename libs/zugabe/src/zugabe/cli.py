"""The command line; every command is a function in a module of its own, added here."""

import sys
from typing import Any

import typer
from rich.console import Console

from zugabe.commands import down, status, token
from zugabe.config import config
from zugabe.demo.command import demo
from zugabe.errors import StackError
from zugabe.operating import dead_letters, new_log, read_models, rebuild, republish
from zugabe.person import person
from zugabe.up import up
from zugabe.verify import verify


class CommandLine(typer.Typer):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A failure that was foreseen is one sentence and a non-zero exit, for every command."""
        try:
            return super().__call__(*args, **kwargs)
        except StackError as error:
            console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
            console.print(error.sentence, style="bold red")
            if error.log:
                console.print(f"The end of its log:\n{error.log}", style="dim")
            sys.exit(1)


app = CommandLine(
    help="Zugabe on this machine: Kafka, MongoDB and the services.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (
    up,
    down,
    status,
    token,
    demo,
    rebuild,
    read_models,
    republish,
    new_log,
    verify,
    config,
):
    app.command()(command)
# What follows is for the service's own command, options included.
app.command(context_settings={"ignore_unknown_options": True})(dead_letters)
app.add_typer(person, name="person")
