"""Services' own commands, run with the settings of the running stack."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any

from zugabe.commands import running
from zugabe.errors import StackError
from zugabe.program import become
from zugabe.services import ALL, PROCESSES, WEB, environment


def services_of(status: dict[str, Any]) -> dict[str, str]:
    """The addresses of the services, without the sequencer's, in the usual order."""
    return {name: status["services"][name] for name in ALL if name in status["services"]}


def environment_of(process: str) -> Mapping[str, str]:
    """The settings of a process of the running stack, as it has them itself."""
    home, status = running()
    if process not in PROCESSES:
        raise StackError(f"There is no process {process!r}; there are {', '.join(PROCESSES)}.")
    services = services_of(status)
    if process in ALL and process not in services:
        raise StackError(f"{process} does not run in this stack.")
    addresses = {name: status[name] for name in ("kafka", "mongod", "issuer", "smtp")}
    addresses |= services
    if WEB in status["services"]:
        addresses[WEB] = status["services"][WEB]
    return environment(process, process, home, addresses, list(services))


def run_commands(services: Sequence[str], *words: str) -> int:
    """Let each service run the words as its command, one after another; return the highest exit
    code.

    Each runs in a fork of this process, which has imported them all: imports are most of the time.
    """
    environments = {service: environment_of(service) for service in services}
    scripts = entry_points(group="console_scripts")
    programs = {service: scripts[service].load() for service in services}
    sys.stdout.flush()
    codes = [0]
    for service, program in programs.items():
        if not (child := os.fork()):
            os.environ.update(environments[service])
            become(program, [service, *words])
        _, status = os.waitpid(child, 0)
        codes.append(os.waitstatus_to_exitcode(status))
    return max(codes)
