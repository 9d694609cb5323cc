"""`zugabe rebuild`: a service of the running stack builds its read models anew."""

from typing import Annotated

import typer

from zugabe.service_commands import run_command


def rebuild(
    service: Annotated[str, typer.Argument(help="Whose read models.")],
    models: Annotated[list[str] | None, typer.Argument(help="Which; all without one.")] = None,
) -> None:
    """Build read models from the log beside the live ones, compare, and switch to them."""
    raise typer.Exit(run_command(service, "rebuild", *(models or [])))
