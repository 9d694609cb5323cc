"""Kafka or MongoDB in a stack: its address and what runs it."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from zugabe.child import Runner
from zugabe.errors import StackError


@dataclass(frozen=True)
class Part:
    """A part without a runner was given by address; it is used, but neither started nor stopped."""

    name: str
    address: str
    runner: Runner | None
    ready: Callable[[], Awaitable[None]]

    async def reach(self, timeout_seconds: float = 10) -> None:
        try:
            await asyncio.wait_for(self.ready(), timeout_seconds)
        except TimeoutError:
            place = self.address.rpartition("@")[2]  # without a password, if there is one
            sentence = f"No working {self.name} answers at {place}; check the address given."
            raise StackError(sentence) from None


def in_containers() -> bool:
    """Return true where a Docker engine answers, unless ZUGABE_PARTS says otherwise."""
    choice = os.environ.get("ZUGABE_PARTS")
    if choice in ("process", "container"):
        return choice == "container"
    from zugabe.container import engine_answers  # slow to import, and mostly not needed

    return engine_answers()
