"""`zugabe down`, `status` and `token`: commands for a running stack."""

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.table import Table

from zugabe.errors import StackError
from zugabe.home import Home
from zugabe.roles import Role
from zugabe.services import PROCESSES

STOP_TIMEOUT_SECONDS = 60


def home_path() -> Path:
    return Path(os.environ.get("ZUGABE_HOME") or ".zugabe")


def running() -> tuple[Home, dict[str, Any]]:
    home = Home(home_path())
    status = home.status()
    if status["state"] in ("stopped", "failed"):
        sentence = f"No stack is running in {home.path}; `zugabe up` starts one."
        raise StackError(sentence)
    return home, status


def describe(status: dict[str, Any]) -> Table:
    table = Table("", "address", "pid", "memory", box=None, header_style="dim")
    pids = status["pids"]
    parts = {name: status[name] for name in ("kafka", "mongod", "issuer", "smtp", "mails")}
    processes = {"sequencer": "", **status["services"]}
    for name, address in {**parts, **processes}.items():
        pid = pids.get(name)
        try:
            memory = f"{psutil.Process(pid).memory_info().rss / 1e6:.0f} MB" if pid else ""
        except psutil.NoSuchProcess:
            memory = "gone"
        safe_address = re.sub(r"//([^:@/]*):[^@]*@", r"//\1@", address)  # no password on the screen
        table.add_row(name, safe_address, str(pid or ""), memory)
    return table


def down() -> None:
    """Stop the stack and everything it started."""
    home, status = running()
    os.kill(status["pids"]["zugabe"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
    while home.is_taken():
        if time.monotonic() > deadline:
            raise StackError(f"The stack is still stopping; its logs are in {home.logs}.")
        time.sleep(0.05)
    Console().print("Stopped.")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print status.json.")] = False,
) -> None:
    """Show what runs, and where."""
    if as_json:
        written = Home(home_path()).status()
        print(json.dumps(written, indent=2))
        raise typer.Exit(0 if written["state"] == "running" else 1)
    _, current = running()
    Console().print(f"{current['state']}", describe(current))


def logs(
    process: Annotated[
        str | None,
        typer.Argument(
            metavar="PROCESS", help="Such as vouchers or kafka; all of Zugabe's own by default."
        ),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")
    ] = False,
    lines: Annotated[int, typer.Option(help="Lines of each log to begin with.", min=0)] = 50,
) -> None:
    """Show what the processes have logged."""
    home = Home(home_path())
    patterns = [process] if process else [*PROCESSES, *(f"{name}-*" for name in PROCESSES)]
    files = sorted(file for pattern in patterns for file in home.logs.glob(f"{pattern}.log"))
    if not files:
        names = ", ".join(sorted(file.stem for file in home.logs.glob("*.log"))) or "none"
        raise StackError(f"There is no log of {process or 'any process'}; there are {names}.")
    command = ["tail", f"--lines={lines}", *(["--follow=name"] if follow else [])]
    os.execvp(command[0], [*command, *map(str, files)])


def token(
    role: Annotated[Role, typer.Option(help="Role of the caller.")],
    user: Annotated[
        str | None, typer.Option(help="Subject of the token; the role by default.")
    ] = None,
    dealer: Annotated[
        str | None, typer.Option(help="The dealer that the caller belongs to.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option(help="The partner that the caller belongs to.")
    ] = None,
    customer: Annotated[
        str | None, typer.Option(help="The customer that a user orders for.")
    ] = None,
    rights: Annotated[
        list[str] | None,
        typer.Option(help="Rights besides those of the role, comma-separated or repeated."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Full name of the person.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address of the person.")] = None,
    hours: Annotated[float, typer.Option(help="Hours until the token expires.", max=24)] = 8,
) -> None:
    """Print a token that the services of the running stack accept."""
    from zugabe.issuer import issue, load_key  # slow to import, and only needed here

    home, status = running()
    signed = issue(
        load_key(home.key_file),
        status["issuer"],
        subject=user or role,
        role=role,
        dealer=dealer,
        partner=partner,
        customer=customer,
        rights=[right for words in rights or [] for right in words.split(",") if right],
        name=name,
        email=email,
        lifetime_seconds=int(hours * 3600),
    )
    print(signed)
