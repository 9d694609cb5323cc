"""The command line: the local stack, and the operators' commands of its services."""

import sys
from typing import Any

from rich.console import Console

from zugabe.commands import down, logs, status, token
from zugabe.config import config, env
from zugabe.demo.command import demo
from zugabe.errors import StackError
from zugabe.operator_commands import add_operator_commands
from zugabe.person import person
from zugabe.up import up
from zugabe.verify import verify
from zugabe_events.cli.help import Commands, Version


class CommandLine(Commands):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """An expected failure ends any command with one sentence and exit code 1."""
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
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(version: Version = False) -> None:
    """Options before the command."""


for command in (up, down, status, logs, token, demo, verify, config, env):
    app.command()(command)
add_operator_commands(app)
app.add_typer(person, name="person")
