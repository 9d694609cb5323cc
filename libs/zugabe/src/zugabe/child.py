"""A child process with its own process group and log, which ends when its parent ends."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from zugabe import leash
from zugabe.errors import StackError

MAX_LOG_LINES = 20


class Runner(Protocol):
    """Runs a part: a child process, or a container."""

    name: str
    wanted: bool

    @property
    def pid(self) -> int | None: ...

    async def start(self) -> None: ...
    async def wait(self) -> int: ...
    async def stop(self, grace: float = 10) -> None: ...
    async def kill(self) -> None: ...
    def tail(self) -> str: ...


class Process:
    """A process of this machine; `wanted` until it is stopped on purpose: ending before is a
    failure."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self.wanted = False

    @property
    def pid(self) -> int | None:
        """None unless it runs."""
        raise NotImplementedError

    async def wait(self) -> int:
        """Its exit code, or the negative number of the signal that ended it."""
        raise NotImplementedError

    async def stop(self, grace: float = 10) -> None:
        """Send SIGTERM, and SIGKILL after `grace` seconds."""
        self.wanted = False
        self._send(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.wait(), grace)
        await self.kill()

    async def kill(self) -> None:
        self.wanted = False
        self._send(signal.SIGKILL)
        await self.wait()

    def tail(self) -> str:
        return tail_of(self.log)

    def _send(self, number: signal.Signals) -> None:
        if pid := self.pid:
            with suppress(ProcessLookupError):
                os.killpg(pid, number)


class Child(Process):
    """A program that the supervisor starts itself."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(name, log)
        self.command = tuple(command)
        self.env = env
        self.process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        running = self.process is not None and self.process.returncode is None
        return self.process.pid if running and self.process else None

    async def start(self) -> None:
        program = shutil.which(self.command[0])
        if program is None:
            sentence = f"The program {self.command[0]} is missing; `make install` installs it."
            raise StackError(sentence)
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *tied(program, *self.command[1:]),
                env=self.env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,  # Ctrl-C is for the supervisor, which stops in order
            )
        self.wanted = True

    async def wait(self) -> int:
        return await self.process.wait() if self.process else 0


def tied(program: str, *words: str) -> Sequence[str]:
    """A command that ends when this process ends."""
    return [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), program, *words]


def tail_of(log: Path) -> str:
    """Its last lines."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-MAX_LOG_LINES:])


async def until_ready(runner: Runner, ready: Awaitable[None], timeout_seconds: float) -> None:
    """Wait for `ready`; raise when the runner ends first, or after the timeout."""
    waiting, ended = asyncio.ensure_future(ready), asyncio.ensure_future(runner.wait())
    try:
        done, _ = await asyncio.wait(
            (waiting, ended), timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if waiting in done:
            return await waiting
        if ended in done:
            sentence = f"{runner.name} ended while it was starting (exit code {ended.result()})."
        else:
            sentence = f"{runner.name} was not ready after {timeout_seconds:.0f} seconds."
        raise StackError(sentence, runner.tail())
    finally:
        waiting.cancel()
        ended.cancel()
        await asyncio.gather(waiting, ended, return_exceptions=True)
