"""Which build of a read model is kept up to date, and which one queries read.

`readmodels` names one build. Consumers go over to it as soon as they see that; queries go over when
it shows everything that they could have read before. So nobody sees less than a moment ago.
"""

import logging
import sys
import time
from dataclasses import dataclass

from zugabe_events.consumer.checkpoints import RETIRED
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)

GENERATION_SECONDS = 0.5
NOTHING_NOTED: Document = {"serving": 1, "highest": 1}
PATIENCE_SECONDS = 30.0
"""After that queries go over all the same: the former build may have come to nothing."""


def build_of(model: AnyReadModel, generation: int) -> str:
    """Each build of a read model has its own collection, and its own positions."""
    return f"{family_of(model)}.{generation}"


def family_of(model: AnyReadModel) -> str:
    """The builds that one version of the code can fold and read."""
    return f"{model.name}.v{model.version}"


async def builds(db: Database, model: AnyReadModel) -> Document:
    """`serving`, the highest build so far, the one that is `building`; `filling`: it does not
    answer queries before it has caught up for the first time."""
    found = await db.readmodels.find_one({"_id": family_of(model)})
    return found or dict(NOTHING_NOTED)


async def has_served(db: Database, family: str) -> bool:
    """Of a version of which nothing is noted: whether it was there before anybody noted that."""
    return await db.positions.find_one({"consumer": f"{family}.1"}) is not None


@dataclass(slots=True)
class Known:
    """`followed` since `since`, in seconds of this process, and `shown` until it is overtaken."""

    followed: int
    shown: int
    since: float
    filling: bool


class BuildRegistry:
    """Looked up now and then, once for all who ask and for all models."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._models: dict[str, AnyReadModel] = {}
        self._known: dict[str, Known] = {}
        self._looked_at = 0.0

    async def followed(self, model: AnyReadModel) -> int:
        """The build that consumers keep up to date."""
        return (await self._look(model)).followed

    async def filling(self, model: AnyReadModel) -> bool:
        return (await self._look(model)).filling

    async def shown(self, model: AnyReadModel) -> int:
        """The build that queries read. Raises UnavailableError while there is none."""
        known = await self._look(model)
        if known.filling:
            raise UnavailableError(
                "Diese Übersicht wird gerade neu aufgebaut. Bitte später noch einmal.",
                code="read-model-building",
                retry_after=10,
            )
        return known.shown

    async def _look(self, model: AnyReadModel) -> Known:
        family, now = family_of(model), time.monotonic()
        if family not in self._known or now - self._looked_at >= GENERATION_SECONDS:
            self._models[family] = model
            self._looked_at = now  # others go on with what was known while one looks
            noted = self._db.readmodels.find({"_id": {"$in": list(self._models)}})
            found = {one["_id"]: one async for one in noted}
            for known, its in list(self._models.items()):
                await self._note(its, found.get(known, NOTHING_NOTED), now)
        return self._known[family]

    async def _note(self, model: AnyReadModel, found: Document, now: float) -> None:
        number, filling = found["serving"], bool(found.get("filling"))
        known = self._known.get(family_of(model))
        if known is None:
            known = self._known[family_of(model)] = Known(number, number, now, filling)
        known.filling = filling
        if number != known.followed:
            # Noted before positions are read: who was shown something by then looks at it again.
            known.followed, known.since = number, now
        if known.shown != number and await self._overtaken(model, known, now):
            known.shown = number

    async def _overtaken(self, model: AnyReadModel, known: Known, now: float) -> bool:
        if now - known.since > PATIENCE_SECONDS:
            log.warning("%s: build %d is not awaited longer", model.name, known.followed)
            return True
        before = await places(self._db, build_of(model, known.shown))
        after = await places(self._db, build_of(model, known.followed))
        return all(pos == RETIRED or known_at(after, lane) >= pos for lane, pos in before.items())


type Places = dict[tuple[str, str, int], int]


async def places(db: Database, build: str) -> Places:
    """The positions of a build, by log, log id and part."""
    return {
        (one["log"], one["log_id"], one["part"]): one["pos"]
        async for one in db.positions.find({"consumer": build})
    }


def known_at(found: Places, lane: tuple[str, str, int]) -> int:
    pos = found.get(lane, 0)
    return sys.maxsize if pos == RETIRED else pos
