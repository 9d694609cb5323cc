"""A running process goes over to the build that serves, and lets a new version serve in time."""

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
from zugabe_events.projections.rebuild import NEARLY_NOTHING

log = logging.getLogger(__name__)

SWITCH_SECONDS = 2.0


@dataclass(frozen=True)
class Switch:
    """Of one read model and its consumer in this process."""

    generations: BuildRegistry
    db: Database
    types: EventTypes
    heads: Callable[[str], Awaitable[Heads]]
    model: AnyReadModel
    consuming: Consumer

    async def follow(self, generation: int) -> None:
        """When another build begins to serve, keep that one up to date from then on."""
        while True:
            await asyncio.sleep(SWITCH_SECONDS)
            try:
                serving = await self.generations.followed(self.model)
                if serving != generation:
                    effect = ProjectionEffect(self.db, self.model, serving, self.types)
                    await self.consuming.retarget(build_of(self.model, serving), effect)
                    await self.consuming.reread()
                    generation = serving
                if await self.generations.filling(self.model):
                    await self._fill(generation)
            except Exception as error:
                log.warning("%s: %s: %s", self.model.name, type(error).__name__, error)

    async def _fill(self, generation: int) -> None:
        """A build that no rebuild has made answers queries once it has caught up."""
        heads = [await self.heads(name) for name in self.model.hears]
        reached = await places(self.db, build_of(self.model, generation))
        left = sum(
            max(0, last - known_at(reached, (one.log, one.log_id, part)))
            for one in heads
            for part, last in one.last.items()
        )
        if left > NEARLY_NOTHING:
            log.info("%s: %d events until it answers", build_of(self.model, generation), left)
            return
        await self.db.readmodels.update_one(
            {"_id": family_of(self.model), "serving": generation}, {"$unset": {"filling": 1}}
        )
