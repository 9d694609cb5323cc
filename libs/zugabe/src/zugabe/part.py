"""Kafka or MongoDB as the stack sees them: where they listen and what runs them."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from zugabe.child import Runner
from zugabe.errors import StackError


@dataclass(frozen=True)
class Part:
    """Without a runner it was given by address: used, but neither started nor stopped here."""

    name: str
    address: str
    runner: Runner | None
    ready: Callable[[], Awaitable[None]]

    async def reach(self, limit: float = 10) -> None:
        try:
            await asyncio.wait_for(self.ready(), limit)
        except TimeoutError:
            place = self.address.rpartition("@")[2]  # without a password, if there is one
            sentence = f"No working {self.name} answers at {place}; check the address given."
            raise StackError(sentence) from None


def in_containers() -> bool:
    """Where a Docker engine answers, unless ZUGABE_PARTS=process asks for child processes."""
    wish = os.environ.get("ZUGABE_PARTS")
    if wish in ("process", "container"):
        return wish == "container"
    from zugabe.container import engine_answers  # slow to import, and mostly not needed

    return engine_answers()
