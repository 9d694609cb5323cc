"""Switch of a running process to the build that serves, and the first serving of a new version."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, Document
from zugabe_events.mongo.work_watch import Work
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


@dataclass
class Switch:
    """Keeps the consumer of one read model on the build that serves."""

    registry: BuildRegistry
    db: Database
    types: EventTypes
    heads: Callable[[str], Awaitable[Heads]]
    model: AnyReadModel
    consuming: Consumer
    number: int
    """The build that the consumer projects."""

    @property
    def due(self) -> Document:
        """The query for a registered build that this process does not follow yet."""
        other = [{"serving": {"$ne": self.number}}, {"filling": True}]
        return {"_id": family_of(self.model), "$or": other}

    async def follow(self) -> None:
        """Retarget the consumer if another build serves, and let queries read one that is full."""
        serving = await self.registry.projected(self.model)
        if serving != self.number:
            effect = ProjectionEffect(self.db, self.model, serving, self.types)
            await self.consuming.retarget(build_of(self.model, serving), effect)
            self.number = serving
        if await self.registry.filling(self.model):
            await self._fill(self.number)

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


def switching(switches: Sequence[Switch]) -> Work:
    """Follow the builds of all read models of a process."""

    async def follow() -> None:
        for switch in switches:
            try:
                await switch.follow()
            except Exception as error:
                log.warning("%s: %s: %s", switch.model.name, type(error).__name__, error)

    return Work("builds", "readmodels", lambda: {"$or": [each.due for each in switches]}, follow)
