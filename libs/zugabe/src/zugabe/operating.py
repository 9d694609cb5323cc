"""`zugabe rebuild`, `read-models`, `dead-letters`, `republish`, `new-log`: a service's own
commands, with the addresses of the running stack."""

from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.service_commands import run_command, services_of


def rebuild(
    service: Annotated[str, typer.Argument(help="Whose read models.")],
    models: Annotated[list[str] | None, typer.Argument(help="Which; all without one.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Only versions that never served.")] = False,
) -> None:
    """Build read models from the log beside the live ones, compare, and switch to them."""
    asked = [*(["--new"] if new else []), *(models or [])]
    raise typer.Exit(run_command(service, "rebuild", *asked))


def read_models(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[SERVICE] list|switch|remove|verify ...", help="All, without one."),
    ],
) -> None:
    """Builds of read models: list them, switch to one, remove one, or check what serves."""
    _of_services("read-models", words)


def dead_letters(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[SERVICE] list|show|redrive|skip ...", help="All, without one."),
    ],
) -> None:
    """Events that could not be handled: list, show, redrive or skip them."""
    _of_services("dead-letters", words)


def _of_services(command: str, words: list[str]) -> None:
    """Of the service that the first word names, else of all."""
    _, told = running()
    known = services_of(told)
    first, *others = words
    services, asked = ([first], others) if first in known else (list(known), words)
    codes = [run_command(service, command, *asked) for service in services]
    raise typer.Exit(max(codes))


def republish(
    service: Annotated[str, typer.Argument(help="Whose log.")],
    part: Annotated[int, typer.Option()],
    first: Annotated[int, typer.Option("--from", help="The first position.")],
) -> None:
    """Send a part of a log to Kafka again, from a position to its head."""
    raise typer.Exit(run_command(service, "republish", f"--part={part}", f"--from={first}"))


def new_log(service: Annotated[str, typer.Argument(help="Whose log.")]) -> None:
    """Go on with a restored log that is older than its topic, under a new id."""
    raise typer.Exit(run_command(service, "new-log"))
