"""The command `config`: what a process reads from its environment, for people and for programs."""

from typing import Annotated

import typer

from zugabe_events.cli.help import Commands
from zugabe_events.runtime.settings import EnvironmentSettings, settings_or_exit
from zugabe_events.runtime.settings_docs import as_json, env_file, settings_of


def config_commands(program: str, kind: type[EnvironmentSettings]) -> typer.Typer:
    commands = Commands(help="Print every setting as an env file to fill in, or check them.")

    @commands.callback(invoke_without_command=True)
    def config(
        ctx: typer.Context,
        json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    ) -> None:
        if ctx.invoked_subcommand is None:
            settings = settings_of(kind)
            typer.echo(as_json(settings) if json else env_file(program, settings))

    @commands.command()
    def check() -> None:
        """Check the settings in the environment; the exit code is 2 when some are wrong."""
        settings_or_exit(program, kind)
        typer.echo(f"{program}: the settings are complete and well-formed.")

    return commands
