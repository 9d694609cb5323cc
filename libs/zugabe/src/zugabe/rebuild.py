"""`zugabe rebuild`: a service of the running stack builds its read models anew."""

import os
import subprocess
from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.services import console_scripts, environment


def rebuild(
    service: Annotated[str, typer.Argument(help="Whose read models.")],
    models: Annotated[list[str] | None, typer.Argument(help="Which; all without one.")] = None,
) -> None:
    """Build read models from the log beside the live ones, compare, and switch to them."""
    home, told = running()
    services: dict[str, str] = told["services"]
    if service not in services:
        raise StackError(f"There is no service {service!r}; there are {', '.join(services)}.")
    addresses = {name: told[name] for name in ("kafka", "mongod", "issuer", "smtp")} | services
    secret, keys = home.secret_file(service), home.master_keys()
    env = environment(service, service, secret, keys, addresses, list(services))
    command = [*console_scripts()[service], "rebuild", *(models or [])]
    ended = subprocess.run(command, env={**os.environ, **env}, check=False)
    raise typer.Exit(ended.returncode)
