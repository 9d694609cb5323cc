"""Switch of a running process to the build that serves, and the first serving of a new version."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database
from zugabe_events.projections.builds import (
    BuildRegistry,
    build_of,
    family_of,
    position_at,
    positions_of,
)
from zugabe_events.projections.mongo_views import ProjectionEffect
from zugabe_events.projections.read_your_writes import Heads
from zugabe_events.projections.rebuild import MAX_REMAINING_EVENTS

log = logging.getLogger(__name__)

SWITCH_INTERVAL_SECONDS = 2.0


@dataclass(frozen=True)
class Switch:
    """Keeps the consumer of one read model on the build that serves."""

    registry: BuildRegistry
    db: Database
    types: EventTypes
    heads: Callable[[str], Awaitable[Heads]]
    model: AnyReadModel
    consuming: Consumer

    async def follow(self, number: int) -> None:
        """Retarget the consumer whenever another build begins to serve."""
        while True:
            await asyncio.sleep(SWITCH_INTERVAL_SECONDS)
            try:
                serving = await self.registry.projected(self.model)
                if serving != number:
                    effect = ProjectionEffect(self.db, self.model, serving, self.types)
                    await self.consuming.retarget(build_of(self.model, serving), effect)
                    await self.consuming.reread()
                    number = serving
                if await self.registry.filling(self.model):
                    await self._fill(number)
            except Exception as error:
                log.warning("%s: %s: %s", self.model.name, type(error).__name__, error)

    async def _fill(self, number: int) -> None:
        """Let queries read a build that the live projection fills, once it has caught up."""
        heads = [await self.heads(name) for name in self.model.topics]
        positions = await positions_of(self.db, build_of(self.model, number))
        left = sum(
            max(0, last - position_at(positions, (head.log, head.log_id, part)))
            for head in heads
            for part, last in head.last.items()
        )
        if left > MAX_REMAINING_EVENTS:
            build = build_of(self.model, number)
            log.info("%s: %d events left until queries are answered", build, left)
            return
        await self.db.readmodels.update_one(
            {"_id": family_of(self.model), "serving": number}, {"$unset": {"filling": 1}}
        )
