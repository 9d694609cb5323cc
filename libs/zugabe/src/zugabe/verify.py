"""`zugabe verify`: the independent audit of what the running stack has stored and sent."""

from pathlib import Path
from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.service_commands import services_of
from zugabe_events.runtime.setting_types import with_password


def verify(
    services: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help="Services to audit; all by default."),
    ] = None,
    business: Annotated[
        bool,
        typer.Option("--business", help="Audit effects, limits and balances too."),
    ] = False,
    history: Annotated[
        Path | None, typer.Option(help="Answers that clients got, as JSON Lines.", exists=True)
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="A folder to continue an interrupted audit from."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Audit every log and topic, with code that shares nothing with the services."""
    from zugabe_verify import cli  # slow to import, and only needed here
    from zugabe_verify.progress import ProgressLine
    from zugabe_verify.verify import verify as audit

    home, status = running()
    mongo, file = str(status["mongod"]), home.mongo_password_file
    if "@" in mongo and file.exists():
        mongo = with_password(mongo, file)
    running_here = services_of(status)
    if unknown := set(services or ()) - set(running_here):
        raise StackError(
            f"There is no service {min(unknown)!r}; there are {', '.join(running_here)}."
        )
    found = audit(
        mongo,
        status["kafka"],
        services=services or list(running_here),
        business=business,
        history=history,
        progress=ProgressLine(),
        resume=resume,
    )
    raise typer.Exit(cli.finish(found, as_json=as_json))
