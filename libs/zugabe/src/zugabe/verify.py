"""`zugabe verify`: the independent audit of what the running stack has stored and sent."""

from pathlib import Path
from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.service_commands import services_of


def verify(
    services: Annotated[list[str] | None, typer.Argument(help="Whose logs; all without.")] = None,
    business: Annotated[
        bool, typer.Option("--business", help="Effects, limits, balances and read models, too.")
    ] = False,
    history: Annotated[
        Path | None, typer.Option(help="What clients were told, as JSON Lines.", exists=True)
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="A folder: go on there after an interruption.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Read every log and topic, with code of its own, and say what is wrong."""
    from zugabe_verify import cli  # slow to import, and only needed here
    from zugabe_verify.progress import Shown
    from zugabe_verify.verify import verify as audit

    _, told = running()
    known = services_of(told)
    if unknown := set(services or ()) - set(known):
        raise StackError(f"There is no service {min(unknown)!r}; there are {', '.join(known)}.")
    found = audit(
        told["mongod"],
        told["kafka"],
        services=services or list(known),
        business=business,
        history=history,
        progress=Shown(),
        resume=resume,
    )
    raise typer.Exit(cli.finish(found, as_json=as_json))
