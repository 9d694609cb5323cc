"""The whole stack with two replicas of whatever decides or sequences, and a link on every way.

Processes are started again when they end, as an orchestrator does it.
"""

import asyncio
import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from chaos.link import HOST, Link

from zugabe.errors import StackError
from zugabe.services import ALL, SEQUENCER
from zugabe.supervisor import Stack

LOGS = ("checkout", "vouchers", "bonus")
REPLICATED = (*LOGS, SEQUENCER)
REPLICA = {f"{name}-2": name for name in REPLICATED}
PROCESSES = (*ALL, SEQUENCER, *REPLICA)
STORES = ("kafka", "mongod")
CATALOGUE = "catalog-shops"
PEERS = {
    "checkout": ("vouchers", "bonus", CATALOGUE),
    "vouchers": ("checkout", CATALOGUE),
    "bonus": ("checkout", CATALOGUE),
}

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

    def __init__(self, home: Path, seed: int) -> None:
        self.links = {
            name: Link(name, partial(self._ports_of, peer), f"{seed} {name}")
            for name, (_, peer) in WAYS.items()
        }
        self.ended: list[str] = []
        self._home = home
        self._wanted: set[str] = set()
        self._turns = {name: asyncio.Lock() for name in (*PROCESSES, *STORES)}
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as exits:
            for link in self.links.values():
                await exits.enter_async_context(link)
            self.stack = Stack(
                self._home, fresh=True, env=EVERYWHERE, own_env=environments(self.links)
            )
            await exits.enter_async_context(self.stack)
            for name in REPLICA:
                await self.start(name)
            self._exits = exits.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    def replicas(self, service: str) -> Sequence[str]:
        """Addresses of those that run, else of all."""
        names = [service, *(name for name, of in REPLICA.items() if of == service)]
        known = [name for name in names if name in self.stack.addresses]
        running = [name for name in known if name in self.stack.pids()]
        return [self.stack.addresses[name] for name in running or known]

    async def start(self, name: str) -> None:
        """Again and again, until it runs: what it needs may be missing just now."""
        deadline = time.monotonic() + STARTING_SECONDS
        async with self._turns[name]:
            self._wanted.add(name)
            while name not in self.stack.pids():
                try:
                    number = 2 if name in REPLICA else 0
                    await self.stack.start_process(REPLICA.get(name, name), replica=number)
                except StackError:
                    if name in self.stack.pids():
                        return  # alive, and slow: a restart would not make it faster
                    await self.stack.kill(name)
                    if time.monotonic() > deadline:
                        raise
                    await asyncio.sleep(1)

    async def kill(self, name: str, *, gracefully: bool = False) -> None:
        async with self._turns[name]:
            self._wanted.discard(name)
            await (self.stack.stop_process(name) if gracefully else self.stack.kill(name))

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the process, if it runs."""
        if pid := self.stack.pids().get(name):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    async def keep_up(self) -> None:
        """Until cancelled. Raises StackError when a process cannot be started any more."""
        self._wanted = {*PROCESSES, *STORES}
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for name in self._wanted - self.stack.pids().keys():
                if not self._turns[name].locked():
                    self.ended.append(name)
                    await self.start(name)

    async def calm(self) -> None:
        """Every way is open and every process runs."""
        for link in self.links.values():
            link.heal()
        for name in (*STORES, *PROCESSES):
            await self.start(name)

    def _ports_of(self, peer: str) -> Sequence[int]:
        """A store's one port, or those of a service's replicas."""
        if peer in STORES:
            return [port_of(self.stack.addresses[peer])]
        return [port_of(address) for address in self.replicas(peer)]


def port_of(address: str) -> int:
    return int(address.removeprefix("mongodb://").partition("/?")[0].rpartition(":")[2])


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
                services = found[process].get("ZUGABE_SERVICES", "").split(",")
                services.append(f"{service}=http://{address}")
                found[process]["ZUGABE_SERVICES"] = ",".join(filter(None, services))
    return found
