"""A service's own commands, run with what the running stack has told it."""

import os
import subprocess
from typing import Any

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.services import ALL, console_scripts, environment


def services_of(told: dict[str, Any]) -> dict[str, str]:
    """The addresses of those that have a log, in our order; the sequencer is none of them."""
    return {name: told["services"][name] for name in ALL if name in told["services"]}


def run_command(service: str, *words: str) -> int:
    """Its exit code; what it prints goes where ours goes."""
    home, told = running()
    services = services_of(told)
    if service not in services:
        raise StackError(f"There is no service {service!r}; there are {', '.join(services)}.")
    addresses = {name: told[name] for name in ("kafka", "mongod", "issuer", "smtp")} | services
    files = home.secret_file(service), home.master_keys(), home.link_secret()
    env = environment(service, service, *files, addresses, list(services))
    command = [*console_scripts()[service], *words]
    return subprocess.run(command, env={**os.environ, **env}, check=False).returncode
