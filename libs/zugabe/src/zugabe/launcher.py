"""The launcher process of a stack as the supervisor sees it, and the processes that it forks."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import msgspec

from zugabe.child import Process, tail_of, tied
from zugabe.errors import StackError
from zugabe.launcher_process import Order, Report


class Launcher:
    """Imports `programs`, console scripts of this environment, and then starts them in no time."""

    def __init__(self, programs: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.programs = frozenset(programs)
        self._log = log
        self._env = env
        self._ids = count(1)
        self._forks: dict[int, Fork] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns at once; orders wait until everything is imported."""
        words = ["-m", "zugabe.launcher_process", *sorted(self.programs)]
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *tied(sys.executable, *words),
                env={**self._env, "PYTHONUNBUFFERED": "1"},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                process_group=0,
            )
        self._reading = asyncio.create_task(self._read())

    async def order(self, fork: "Fork") -> None:
        """Raises StackError if the launcher has ended."""
        if self._process is None:
            await self.start()
        assert self._process
        assert self._process.stdin
        assert self._reading
        if self._reading.done():
            raise StackError("The launcher of the services has ended.", tail_of(self._log))
        order = Order(next(self._ids), fork.program, fork.words, dict(fork.env), str(fork.log))
        self._forks[order.id] = fork
        with suppress(ConnectionError):  # it has just ended, and so will the fork
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            await self._process.stdin.drain()

    async def stop(self) -> None:
        """End it; what it has forked and still runs ends with it."""
        if self._process is None:
            return
        assert self._process.stdin
        assert self._reading
        self._process.stdin.close()
        await self._process.wait()
        await self._reading
        self._process = None

    async def _read(self) -> None:
        assert self._process
        assert self._process.stdout
        async for line in self._process.stdout:
            report = msgspec.json.decode(line, type=Report)
            if report.code is None:
                self._forks[report.id].began(report.pid)
            else:
                self._forks.pop(report.id).ended(report.code)
        for fork in self._forks.values():
            fork.ended(1)
        self._forks.clear()


class Fork(Process):
    """A process that the launcher forks."""

    def __init__(
        self,
        launcher: Launcher,
        name: str,
        program: str,
        words: Sequence[str],
        log: Path,
        env: Mapping[str, str],
    ) -> None:
        super().__init__(name, log)
        self.program = program
        self.words = tuple(words)
        self.env = env
        self._launcher = launcher
        self._pid: asyncio.Future[int] | None = None
        self._code: asyncio.Future[int] | None = None

    @property
    def pid(self) -> int | None:
        running = self._pid is not None and self._pid.done() and not self._pid.cancelled()
        ended = self._code is not None and self._code.done()
        return self._pid.result() if running and not ended and self._pid else None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._pid, self._code = loop.create_future(), loop.create_future()
        await self._launcher.order(self)
        self.wanted = True
        await asyncio.wait([self._pid, self._code], return_when=asyncio.FIRST_COMPLETED)

    async def wait(self) -> int:
        return await asyncio.shield(self._code) if self._code else 0

    def began(self, pid: int) -> None:
        if self._pid and not self._pid.done():
            self._pid.set_result(pid)

    def ended(self, code: int) -> None:
        if self._code and not self._code.done():
            self._code.set_result(code)
