"""Does to the system what the plan says, when it says so."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence

from chaos.doubt import double, lose_token, rewind
from chaos.plan import Fault
from chaos.system import REPLICA, System

DELAY_SECONDS = 0.5
PROGRESS_SECONDS = 15.0
LOOK_SECONDS = 0.1
SEQUENCERS = ("sequencer", "sequencer-2")


class Nemesis:
    """`done` counts, by kind, what was done and is over; `placed` tells how many orders are."""

    def __init__(
        self, system: System, placed: Callable[[], int], tell: Callable[[str], None]
    ) -> None:
        self.done: Counter[str] = Counter()
        self._system = system
        self._placed = placed
        self._tell = tell
        self._turns: dict[str, asyncio.Lock] = {}

    async def run(self, faults: Sequence[Fault]) -> None:
        """Inject faults as planned; later on a slow machine, for nothing shows in a system that
        stands still. Faults that touch the same thing follow each other."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for fault in faults:
                await asyncio.sleep(max(0, began + fault.at - time.monotonic()))
                tasks.create_task(self._in_turn(fault, sorted(fault.touches)))
                await self._progress()

    async def _progress(self) -> None:
        """Until another order is placed, or for as long as one may reasonably take."""
        before, until = self._placed(), time.monotonic() + PROGRESS_SECONDS
        while self._placed() == before and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)

    async def _in_turn(self, fault: Fault, touches: Sequence[str]) -> None:
        """Always taken in the same order, so that no two wait for each other."""
        if touches:
            async with self._turns.setdefault(touches[0], asyncio.Lock()):
                return await self._in_turn(fault, touches[1:])
        self._tell(str(fault))
        try:
            await self._do(fault)
            self.done[fault.kind] += 1
        except TimeoutError:
            self._tell(f"{fault} could not be done in time")

    async def _do(self, fault: Fault) -> None:
        match fault.kind:
            case "kill" | "kill-store":
                await self._gone(fault, gracefully=False)
            case "restart":
                await self._gone(fault, gracefully=True)
            case "pause" | "pause-store":
                await self._pause(fault)
            case "tear" | "refuse" | "delay" | "hold":
                await self._cut_off(fault)
            case "token":
                await self._lose_token(fault)
            case "double":
                await double(self._system.stack.addresses["kafka"], fault.target, fault.salt)
            case "reread":
                await self._reread(fault)
            case unknown:
                raise ValueError(unknown)

    async def _gone(self, fault: Fault, *, gracefully: bool) -> None:
        await self._system.kill(fault.target, gracefully=gracefully)
        await asyncio.sleep(fault.seconds)
        await self._system.start(fault.target)

    async def _pause(self, fault: Fault) -> None:
        """Its pending requests and its own work come after the pause."""
        self._system.signal(fault.target, signal.SIGSTOP)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            self._system.signal(fault.target, signal.SIGCONT)

    async def _cut_off(self, fault: Fault) -> None:
        link = self._system.links[fault.target]
        match fault.kind:
            case "tear":
                return link.tear()
            case "refuse":
                link.refusing = True
                link.abort()
            case "delay":
                link.delay_seconds = DELAY_SECONDS
            case "hold":
                link.hold()
        await asyncio.sleep(fault.seconds)
        link.heal()

    async def _lose_token(self, fault: Fault) -> None:
        """With all sequencers stopped: a running one would write its own token again."""
        log, doubt = fault.target.split()
        for name in SEQUENCERS:
            await self._system.kill(name)
        await lose_token(self._system.stack.addresses["mongod"], log, doubt)
        for name in SEQUENCERS:
            await self._system.start(name)

    async def _reread(self, fault: Fault) -> None:
        """It begins to read each topic at its very beginning."""
        await self._system.kill(fault.target)
        service = REPLICA.get(fault.target, fault.target)
        await rewind(self._system.stack.addresses["mongod"], service)
        await self._system.start(fault.target)
