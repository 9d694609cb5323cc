"""A service's own commands, run with the settings of the running stack."""

import os
import subprocess
from typing import Any

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.services import ALL, WEB, console_scripts, environment


def services_of(status: dict[str, Any]) -> dict[str, str]:
    """The addresses of the services, without the sequencer's, in the usual order."""
    return {name: status["services"][name] for name in ALL if name in status["services"]}


def run_command(service: str, *words: str) -> int:
    """Return the exit code; the output goes where that of this process goes."""
    home, status = running()
    services = services_of(status)
    if service not in services:
        raise StackError(f"There is no service {service!r}; there are {', '.join(services)}.")
    addresses = {name: status[name] for name in ("kafka", "mongod", "issuer", "smtp")} | services
    if WEB in status["services"]:
        addresses[WEB] = status["services"][WEB]
    files = home.secret_file(service), home.master_keys(), home.link_secret(), home.session_key()
    env = environment(service, service, *files, addresses, list(services))
    command = [*console_scripts()[service], *words]
    return subprocess.run(command, env={**os.environ, **env}, check=False).returncode
