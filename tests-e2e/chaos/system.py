"""The whole stack with two replicas of whatever decides or sequences, and a link on every way.

Processes are started again when they end, as an orchestrator does it.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from chaos.link import HOST, Link

from zugabe.errors import StackError
from zugabe.services import ALL, SEQUENCER
from zugabe.supervisor import Stack

LOGS = ("checkout", "vouchers", "bonus")
REPLICATED = (*LOGS, SEQUENCER)
REPLICA = {f"{name}-2": name for name in REPLICATED}
PROCESSES = (*ALL, SEQUENCER, *REPLICA)
STORES = ("kafka", "mongod")
PEERS = {"checkout": ("vouchers", "bonus"), "vouchers": ("checkout",), "bonus": ("checkout",)}

STARTING_SECONDS = 240.0
LOOK_SECONDS = 0.5

EVERYWHERE = {
    "ZUGABE_KAFKA": "",
    "ZUGABE_MONGO_URL": "",
    "ZUGABE_SESSION_MS": "6000",
    "ZUGABE_HOLD_SECONDS": "20",
}
"""Stores of its own; sessions as short as Kafka allows; attempts that lapse while we watch."""


def _ways() -> Mapping[str, tuple[str, str]]:
    """By the name of its link, each way from a process to a store or another service."""
    ways = [(process, store) for process in PROCESSES for store in STORES]
    ways += [
        (process, peer)
        for process in PROCESSES
        for peer in PEERS.get(REPLICA.get(process, process), ())
    ]
    return {f"{process}>{peer}": (process, peer) for process, peer in ways}


WAYS = _ways()
LINKS = tuple(WAYS)


class System:
    """`ended` tells which processes ended without having been asked to."""

    def __init__(self, stack: Stack, links: Mapping[str, Link]) -> None:
        self.stack = stack
        self.links = links
        self.ended: list[str] = []
        self._wanted: set[str] = set()
        self._turns = {name: asyncio.Lock() for name in (*PROCESSES, *STORES)}

    def replicas(self, service: str) -> Sequence[str]:
        """Addresses of those that run, else of all."""
        names = [service, *(name for name, of in REPLICA.items() if of == service)]
        running = self.stack.pids()
        known = [name for name in names if name in self.stack.addresses]
        return [
            self.stack.addresses[name] for name in [one for one in known if one in running] or known
        ]

    async def start(self, name: str) -> None:
        """Again and again, until it runs: what it needs may be missing just now."""
        async with self._turns[name]:
            await self._start(name)

    async def kill(self, name: str, *, gracefully: bool = False) -> None:
        async with self._turns[name]:
            self._wanted.discard(name)
            with suppress(StackError):  # it has just ended by itself
                await (self.stack.stop_process(name) if gracefully else self.stack.kill(name))

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the process, if it runs."""
        if pid := self.stack.pids().get(name):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    async def _start(self, name: str) -> None:
        program, number = REPLICA.get(name, name), 2 if name in REPLICA else 0
        deadline = time.monotonic() + STARTING_SECONDS
        while name not in self.stack.pids():
            try:
                await self.stack.start_process(program, replica=number)
            except StackError:
                await self.stack.kill(name)
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(1)
        self._wanted.add(name)

    async def all_up(self) -> None:
        for name in (*STORES, *PROCESSES):
            await self.start(name)

    async def keep_up(self) -> None:
        """Until cancelled."""
        self._wanted = {*PROCESSES, *STORES}
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for name in self._wanted - self.stack.pids().keys():
                if not self._turns[name].locked():
                    self.ended.append(name)
                    await self.start(name)


@asynccontextmanager
async def system(home: Path, seed: int) -> AsyncGenerator[System]:
    stacks: list[Stack] = []
    running: list[System] = []

    def ports_of(peer: str) -> list[int]:
        """A store's one port, or those of a service's replicas."""
        if peer in STORES:
            address = stacks[0].addresses[peer].removeprefix("mongodb://").partition("/")[0]
            return [int(address.rpartition(":")[2])]
        addresses = running[0].replicas(peer) if running else [stacks[0].addresses[peer]]
        return [int(address.rpartition(":")[2]) for address in addresses]

    async with AsyncExitStack() as exits:
        links = {
            name: await exits.enter_async_context(
                Link(name, lambda peer=peer: ports_of(peer), f"{seed} {name}")  # type: ignore[misc]
            )
            for name, (_, peer) in WAYS.items()
        }
        stack = Stack(home, env=EVERYWHERE, own_env=environments(links))
        stacks.append(stack)
        await exits.enter_async_context(stack)
        whole = System(stack, links)
        running.append(whole)
        for name in REPLICA:
            await whole.start(name)
        keeping = asyncio.create_task(whole.keep_up())
        try:
            yield whole
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


def environments(links: Mapping[str, Link]) -> Mapping[str, Mapping[str, str]]:
    """Every process finds everybody else behind a link of its own."""
    found: dict[str, dict[str, str]] = {process: {} for process in PROCESSES}
    for name, (process, peer) in WAYS.items():
        address = f"{HOST}:{links[name].port}"
        match peer:
            case "kafka":
                found[process]["ZUGABE_KAFKA"] = address
            case "mongod":
                found[process]["ZUGABE_MONGO_URL"] = f"mongodb://{address}/?replicaSet=rs0"
            case service:
                found[process][f"ZUGABE_{service.upper()}_URL"] = f"http://{address}"
    return found
