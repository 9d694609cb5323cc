"""`zugabe up`: the stack in the foreground until Ctrl-C, or in the background."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.status import Status

from zugabe.commands import describe, home_path
from zugabe.errors import StackError
from zugabe.home import Home
from zugabe.services import ALL, USUAL_PORTS

if TYPE_CHECKING:
    from zugabe.supervisor import Stack


def up(
    detach: Annotated[bool, typer.Option("--detach", help="Run in the background.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete all data first.")] = False,
    bare: Annotated[
        bool,
        typer.Option("--bare", help="Start only Kafka, MongoDB, the issuer and the mail folder."),
    ] = False,
    port: Annotated[
        list[str] | None, typer.Option(metavar="NAME=NUMBER", help="Use this port; repeatable.")
    ] = None,
) -> None:
    """Start Kafka, MongoDB, the issuer, the mail folder and the services."""
    ports = dict(_port(asked) for asked in port or [])
    if detach:
        _background([*(["--fresh"] if fresh else []), *(["--bare"] if bare else [])], ports)
    else:
        from zugabe.supervisor import Stack  # slow to import, and only needed here

        console = Console()
        with console.status("Starting") as spinner:
            tell = spinner.update if console.is_terminal else console.print
            stack = Stack(
                home_path(),
                fresh=fresh,
                services=() if bare else ALL,
                ports=ports,
                usual_ports=True,
                tell=tell,
            )
            asyncio.run(_foreground(stack, console, spinner))


def _port(asked: str) -> tuple[str, int]:
    name, _, number = asked.partition("=")
    if name not in USUAL_PORTS or not number.isdigit() or not 0 < int(number) < 65536:
        message = f"{asked!r} is not NAME=NUMBER; names are {', '.join(USUAL_PORTS)}"
        raise typer.BadParameter(message)
    return name, int(number)


async def _foreground(stack: "Stack", console: Console, spinner: Status) -> None:
    async def serve() -> None:
        async with stack:
            spinner.stop()
            console.print(describe(stack.home.status()))
            console.print("Ctrl-C stops everything.", style="dim")
            failure = await stack.failed()
            spinner.start()
        raise failure

    serving = asyncio.create_task(serve())

    def stop() -> None:
        if not serving.cancelling():  # once: the second Ctrl-C must not disturb the stopping
            serving.cancel()
            spinner.start()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await serving
    except asyncio.CancelledError:
        console.print("Stopped.")


def _background(options: list[str], ports: dict[str, int]) -> None:
    home = Home(home_path())
    if home.is_taken():
        home.take(fresh=False)
    home.logs.mkdir(parents=True, exist_ok=True)
    log = home.logs / "zugabe.log"
    words = [f"--port={name}={number}" for name, number in ports.items()]
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "zugabe", "up", *options, *words],
            env={**os.environ, "ZUGABE_HOME": str(home.path)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    console = Console()
    with console.status("Starting"):
        while home.status()["state"] != "running":
            if supervisor.poll() is not None:
                raise StackError("The stack did not start.", log.read_text().strip())
            time.sleep(0.1)
    console.print(describe(home.status()))
    console.print("`zugabe down` stops it.", style="dim")
