"""Switch of a running process to the build that serves, and the first serving of a new version."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database
from zugabe_events.projections.builds import BuildRegistry, build_of, family_of, known_at, places
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

    async def follow(self, generation: int) -> None:
        """Retarget the consumer whenever another build begins to serve."""
        while True:
            await asyncio.sleep(SWITCH_INTERVAL_SECONDS)
            try:
                serving = await self.registry.projected(self.model)
                if serving != generation:
                    effect = ProjectionEffect(self.db, self.model, serving, self.types)
                    await self.consuming.retarget(build_of(self.model, serving), effect)
                    await self.consuming.reread()
                    generation = serving
                if await self.registry.filling(self.model):
                    await self._fill(generation)
            except Exception as error:
                log.warning("%s: %s: %s", self.model.name, type(error).__name__, error)

    async def _fill(self, generation: int) -> None:
        """Let queries read a build that the live projection fills, once it has caught up."""
        heads = [await self.heads(name) for name in self.model.hears]
        reached = await places(self.db, build_of(self.model, generation))
        left = sum(
            max(0, last - known_at(reached, (one.log, one.log_id, part)))
            for one in heads
            for part, last in one.last.items()
        )
        if left > MAX_REMAINING_EVENTS:
            log.info(
                "%s: %d events left until queries are answered",
                build_of(self.model, generation),
                left,
            )
            return
        await self.db.readmodels.update_one(
            {"_id": family_of(self.model), "serving": generation}, {"$unset": {"filling": 1}}
        )
