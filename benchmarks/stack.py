"""The stack of any installation in a process of its own, and what its processes use."""

import asyncio
import json
import os
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from zugabe.home import Home
from zugabe.issuer import issue, load_key

DRIVER = Path(__file__).with_name("stack_driver.py")


class StackProcess:
    """The stack of any installation, in a process of its own; driven as `stack_driver.py` says."""

    def __init__(self, home: Path, process: Process) -> None:
        self.home = Home(home)
        self.addresses: dict[str, str] = {}
        self._process = process
        self._pids: dict[str, int] = {}

    def pids(self) -> Mapping[str, int]:
        return self._pids

    async def stop_process(self, name: str) -> None:
        await self._do(f"stop {name}")

    async def start_process(
        self, name: str, *, replica: int = 0, extra_env: Mapping[str, str] | None = None
    ) -> None:
        await self._do(f"start {name} {replica} {json.dumps(extra_env or {})}")

    def token(self, role: Any, *, user: str, **claims: Any) -> str:
        key, issuer = load_key(self.home.key_file), self.addresses["issuer"]
        return issue(key, issuer, subject=user, role=role, lifetime_seconds=8 * 3600, **claims)

    async def _do(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())
        await self.answered()

    async def answered(self) -> None:
        assert self._process.stdout is not None
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the stack ended by itself")
        stack = json.loads(answer)
        self.addresses.update(stack["addresses"])
        self._pids = stack["pids"]


@asynccontextmanager
async def running_stack(python: Path, home: Path, *options: str) -> AsyncGenerator[StackProcess]:
    """Start a stack with its own Kafka and MongoDB; with `--bare`, no more than these."""
    env = {**os.environ, "ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}
    process = await asyncio.create_subprocess_exec(
        python, "-P", DRIVER, home, *options,
        env=env, start_new_session=True, stdin=PIPE, stdout=PIPE,
    )  # fmt: skip
    stack = StackProcess(home, process)
    try:
        await stack.answered()
        yield stack
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@dataclass
class Used:
    """CPU seconds by process, and requests to MongoDB by kind, during a measurement."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)


@contextmanager
def used_by(pids: Mapping[str, int]) -> Iterator[Used]:
    """Measure the time and CPU of processes, and of this one as `load`; filled in at the end."""
    processes = {name: psutil.Process(pid) for name, pid in pids.items()}
    processes["load"] = psutil.Process()
    before = {name: cpu_of(process) for name, process in processes.items()}
    used, began = Used(), time.perf_counter()
    yield used
    used.seconds = time.perf_counter() - began
    used.cpu = {name: cpu_of(process) - before[name] for name, process in processes.items()}


def cpu_of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
