"""The processes of a stack by name: started, watched, stopped. An unexpected end is a failure."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable

import aiohttp

from zugabe.child import Runner, until_ready
from zugabe.errors import StackError

START_TIMEOUT_SECONDS = 180
"""Generous, for loaded machines; a process that ends while it starts is noticed at once."""


class Processes:
    def __init__(self, changed: Callable[[], None]) -> None:
        self.by_name: dict[str, Runner] = {}
        self.failure: StackError | None = None
        self.failed = asyncio.Event()
        self._changed = changed
        self._watching: set[asyncio.Task[None]] = set()

    async def start(self, runner: Runner, ready: Callable[[], Awaitable[None]]) -> None:
        if runner.wanted:
            raise StackError(f"{runner.name} is running already.")
        self.by_name[runner.name] = runner
        await runner.start()
        self._changed()
        await until_ready(runner, ready(), START_TIMEOUT_SECONDS)
        task = asyncio.create_task(self._watch(runner))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def run(self, runner: Runner) -> None:
        """Run it to the end; raise unless it succeeds."""
        self.by_name[runner.name] = runner
        await runner.start()
        code = await runner.wait()
        runner.wanted = False
        del self.by_name[runner.name]
        if code:
            raise StackError(f"{runner.name} failed ({ending(code)}).", runner.tail())

    async def stop(self, names: Iterable[str]) -> None:
        await asyncio.gather(*(self.by_name[name].stop() for name in names))
        self._changed()

    async def kill(self, name: str) -> None:
        await self.by_name[name].kill()
        self._changed()

    def pids(self) -> dict[str, int]:
        return {name: runner.pid for name, runner in self.by_name.items() if runner.pid}

    async def _watch(self, runner: Runner) -> None:
        code = await runner.wait()
        if runner.wanted and self.failure is None:
            runner.wanted = False
            sentence = f"{runner.name} ended by itself ({ending(code)})."
            self.failure = StackError(sentence, runner.tail())
            self.failed.set()
            self._changed()


def ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


async def together(*work: Awaitable[None]) -> None:
    """Run all at once; the first failure cancels the others and is raised as it is."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until_http_ready(url: str | None) -> None:
    if url is None:  # it has no HTTP; that it runs is all there is to check
        return
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while True:
            try:
                async with session.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.05)
