"""`zugabe rebuild`, `dead-letters`, `republish`, `new-log`: a service's own commands, with the
addresses of the running stack."""

import os
import subprocess
from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.services import ALL, console_scripts, environment


def rebuild(
    service: Annotated[str, typer.Argument(help="Whose read models.")],
    models: Annotated[list[str] | None, typer.Argument(help="Which; all without one.")] = None,
) -> None:
    """Build read models from the log beside the live ones, compare, and switch to them."""
    raise typer.Exit(ask(service, "rebuild", *(models or [])))


def dead_letters(
    words: Annotated[
        list[str],
        typer.Argument(metavar="[SERVICE] list|show|redrive|skip ...", help="All, without one."),
    ],
) -> None:
    """Events that could not be handled: list, show, redrive or skip them."""
    _, told = running()
    first, *others = words
    services = (
        [first] if first in told["services"] else [one for one in ALL if one in told["services"]]
    )
    asked = others if first in told["services"] else words
    codes = [ask(service, "dead-letters", *asked) for service in services]
    raise typer.Exit(max(codes))


def republish(
    service: Annotated[str, typer.Argument(help="Whose log.")],
    part: Annotated[int, typer.Option()],
    first: Annotated[int, typer.Option("--from", help="The first position.")],
) -> None:
    """Send a part of a log to Kafka again, from a position to its head."""
    raise typer.Exit(ask(service, "republish", f"--part={part}", f"--from={first}"))


def new_log(service: Annotated[str, typer.Argument(help="Whose log.")]) -> None:
    """Go on with a restored log that is older than its topic, under a new id."""
    raise typer.Exit(ask(service, "new-log"))


def ask(service: str, *words: str) -> int:
    """The exit code of the service's own command."""
    home, told = running()
    services: dict[str, str] = told["services"]
    if service not in services:
        raise StackError(f"There is no service {service!r}; there are {', '.join(services)}.")
    addresses = {name: told[name] for name in ("kafka", "mongod", "issuer", "smtp")} | services
    env = environment(service, service, home.secret_file(service), addresses, list(services))
    command = [*console_scripts()[service], *words]
    return subprocess.run(command, env={**os.environ, **env}, check=False).returncode
