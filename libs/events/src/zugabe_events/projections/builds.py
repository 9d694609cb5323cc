"""Registry of builds: the one that consumers project into, and the one that queries read.

`readmodels` names the build that serves. Consumers switch to it at once, queries when it includes
everything that they could have read before: so a query never shows less than an earlier one.
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

LOOKUP_INTERVAL_SECONDS = 0.5
UNREGISTERED: Document = {"serving": 1, "highest": 1}
SWITCH_TIMEOUT_SECONDS = 30.0
"""Queries switch after this time even if the new build still lacks events."""


def build_of(model: AnyReadModel, number: int) -> str:
    """The name of a build: its collection, and the consumer of its positions."""
    return f"{family_of(model)}.{number}"


def family_of(model: AnyReadModel) -> str:
    """The common name of all builds of a model's version."""
    return f"{model.name}.v{model.version}"


async def builds(db: Database, model: AnyReadModel) -> Document:
    """The entry of a model in the registry.

    It has the build that is `serving`, the `highest` number so far, the one that is `building`, and
    `filling` while the serving build has not caught up for the first time.
    """
    found = await db.readmodels.find_one({"_id": family_of(model)})
    return found or dict(UNREGISTERED)


async def has_served(db: Database, family: str) -> bool:
    """True if an unregistered version was projected before builds were registered."""
    return await db.positions.find_one({"consumer": f"{family}.1"}) is not None


@dataclass(slots=True)
class BuildState:
    """The build projected since `since` (monotonic seconds), and the one queried until then."""

    projected: int
    queried: int
    since: float
    filling: bool


class BuildRegistry:
    """The builds of all models as of the last lookup."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._models: dict[str, AnyReadModel] = {}
        self._states: dict[str, BuildState] = {}
        self._looked_at = 0.0

    async def projected(self, model: AnyReadModel) -> int:
        """The build that consumers keep up to date."""
        return (await self._state(model)).projected

    async def filling(self, model: AnyReadModel) -> bool:
        return (await self._state(model)).filling

    async def queried(self, model: AnyReadModel) -> int:
        """The build that queries read. Raises UnavailableError while there is none."""
        state = await self._state(model)
        if state.filling:
            raise UnavailableError(
                "Diese Übersicht wird gerade neu aufgebaut. Bitte später noch einmal.",
                code="read-model-building",
                retry_after=10,
            )
        return state.queried

    async def _state(self, model: AnyReadModel) -> BuildState:
        family, now = family_of(model), time.monotonic()
        if family not in self._states or now - self._looked_at >= LOOKUP_INTERVAL_SECONDS:
            self._models[family] = model
            self._looked_at = now  # concurrent callers use the earlier state
            found = self._db.readmodels.find({"_id": {"$in": list(self._models)}})
            entries = {entry["_id"]: entry async for entry in found}
            for name, registered in list(self._models.items()):
                await self._update(registered, entries.get(name, UNREGISTERED), now)
        return self._states[family]

    async def _update(self, model: AnyReadModel, entry: Document, now: float) -> None:
        number, filling = entry["serving"], bool(entry.get("filling"))
        state = self._states.get(family_of(model))
        if state is None:
            state = self._states[family_of(model)] = BuildState(number, number, now, filling)
        state.filling = filling
        if number != state.projected:
            # Set before positions are read, so that waiting queries see the switch.
            state.projected, state.since = number, now
        if state.queried != number and await self._overtaken(model, state, now):
            state.queried = number

    async def _overtaken(self, model: AnyReadModel, state: BuildState, now: float) -> bool:
        if now - state.since > SWITCH_TIMEOUT_SECONDS:
            log.warning("%s: queries switch to build %d, which lags", model.name, state.projected)
            return True
        before = await positions_of(self._db, build_of(model, state.queried))
        after = await positions_of(self._db, build_of(model, state.projected))
        return all(
            pos == RETIRED or position_at(after, lane) >= pos for lane, pos in before.items()
        )


type Positions = dict[tuple[str, str, int], int]


async def positions_of(db: Database, build: str) -> Positions:
    """The positions of a build, by log, log id and part."""
    return {
        (stored["log"], stored["log_id"], stored["part"]): stored["pos"]
        async for stored in db.positions.find({"consumer": build})
    }


def position_at(positions: Positions, lane: tuple[str, str, int]) -> int:
    pos = positions.get(lane, 0)
    return sys.maxsize if pos == RETIRED else pos
