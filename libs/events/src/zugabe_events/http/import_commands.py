"""Carries out the commands of an import: many at once, each as often as it takes, none twice."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from zugabe_events.domain.decider import History
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.http.request_context import RequestContext

MAX_SECONDS = 20.0
"""Commands that have not begun by then are postponed, so that the caller gets an answer."""
CONCURRENT = 16
READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """A command of an import to one history; deciding it again changes nothing."""

    history: History[Any, Any]
    command: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """`changed` histories, `unchanged` ones that knew it, and `postponed` ones, for a repeat."""

    changed: int = 0
    unchanged: int = 0
    postponed: int = 0


async def to_do(store: EventStore, imported: Sequence[Imported]) -> list[Imported]:
    """Those that would change something now."""
    found: list[Imported] = []
    for first in range(0, len(imported), READ_AT_ONCE):
        batch = imported[first : first + READ_AT_ONCE]
        states = await states_of(store, [one.history for one in batch])
        found += [
            one
            for one, state in zip(batch, states, strict=True)
            if one.history.decider.decide(one.command, state)
        ]
    return found


async def carry_out(
    store: EventStore,
    request: RequestContext,
    imported: Sequence[Imported],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    changing = await to_do(store, imported)
    until, places = clock() + MAX_SECONDS, asyncio.Semaphore(CONCURRENT)
    done = 0

    async def one(number: int, each: Imported) -> None:
        nonlocal done
        async with places:
            if clock() < until:
                attempt = derived_id("import", str(request.fresh), str(number))
                await request.handle(store, each.history, each.command, attempt=attempt)
                done += 1

    async with asyncio.TaskGroup() as tasks:
        for number, each in enumerate(changing):
            tasks.create_task(one(number, each))
    return Outcome(done, len(imported) - len(changing), len(changing) - done)
