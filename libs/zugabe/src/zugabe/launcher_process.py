"""The process from which a stack's services are forked: most of a start is imports.

`python -m zugabe.launcher_process PROGRAM...` imports console scripts, reads an order to start one
of them from each line of stdin, and reports on stdout when one has started or ended. A program runs
in a fork, as if a process had been started for it.
"""

import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from selectors import EVENT_READ, DefaultSelector
from typing import NoReturn

import msgspec

from zugabe.leash import tie_to
from zugabe.program import become

LATE_IMPORTS = (
    "anyio._backends._asyncio",
    "pydantic.v1",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.websockets.auto",
)
"""Modules that programs import only when they run."""


class Order(msgspec.Struct, frozen=True):
    """Run `program` with `words` as its arguments; what it prints is appended to `log`."""

    id: int
    program: str
    words: tuple[str, ...]
    environment: dict[str, str]
    log: str


class Report(msgspec.Struct, frozen=True):
    """The program of an order has started as process `pid`, or ended with `code`."""

    id: int
    pid: int
    code: int | None = None


class LauncherProcess:
    def __init__(self, programs: Mapping[str, Callable[[], None]]) -> None:
        self._programs = programs
        self._reports = os.dup(1)
        self._orders: dict[int, int] = {}
        self._wakeup, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Return at the end of stdin."""
        selector = DefaultSelector()
        selector.register(0, EVENT_READ)
        selector.register(self._wakeup, EVENT_READ)
        unread = b""
        while True:
            for key, _ in selector.select():
                data = os.read(key.fd, 65_536)
                if key.fd == self._wakeup:
                    self._report_ended()
                    continue
                if not data:
                    return
                *lines, unread = (unread + data).split(b"\n")
                for line in lines:
                    self._launch(msgspec.json.decode(line, type=Order))

    def _launch(self, order: Order) -> None:
        parent = os.getpid()
        if not (child := os.fork()):
            tie_to(parent)
            self._become(order)
        self._orders[child] = order.id
        self._report(Report(order.id, child))

    def _become(self, order: Order) -> NoReturn:
        os.setpgid(0, 0)  # Ctrl-C is for the supervisor, which stops in order
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._reports)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 1)
        os.dup2(1, 2)
        os.environ.clear()
        os.environ.update(order.environment)
        become(self._programs[order.program], [order.program, *order.words])

    def _report_ended(self) -> None:
        while self._orders:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            self._report(Report(self._orders.pop(child), child, os.waitstatus_to_exitcode(status)))

    def _report(self, report: Report) -> None:
        os.write(self._reports, msgspec.json.encode(report) + b"\n")


def main() -> None:
    scripts = entry_points(group="console_scripts")
    programs = {name: scripts[name].load() for name in sys.argv[1:]}
    for module in LATE_IMPORTS:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # else collections in the forks would copy what they share
    LauncherProcess(programs).run()


if __name__ == "__main__":
    main()
