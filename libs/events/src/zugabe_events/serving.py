"""Which build of a read model serves, and waiting until it shows what a token stands for."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bson.timestamp import Timestamp

from zugabe_events.errors import NotFoundError, UnavailableError
from zugabe_events.messages import Lane
from zugabe_events.mongo import Database, Document, LogIdentity
from zugabe_events.positions import position_id
from zugabe_events.readmodels import AnyReadModel
from zugabe_events.tokens import Token

WAIT_SECONDS = 5.0
POLL_SECONDS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.05)
GENERATION_SECONDS = 0.5
OWNERS_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class At:
    """A position in a lane."""

    lane: Lane
    pos: int


type AskOwner = Callable[[Token], Awaitable[At]]


def build_of(model: AnyReadModel, generation: int) -> str:
    """Each build of a read model has its own collection, and its own positions."""
    return f"{model.name}.v{model.version}.{generation}"


class Serving:
    """One service's view on its read models, its policies and its log.

    `policies` are consumer names by the topics they hear: what they append in reaction to another
    service's events is part of what that service's tokens stand for.
    """

    def __init__(
        self,
        db: Database,
        identity: LogIdentity,
        policies: dict[str, Sequence[str]],
        ask_owner: AskOwner,
    ) -> None:
        self._db = db
        self._identity = identity
        self._policies = policies
        self._ask_owner = ask_owner
        self._owners: dict[Token, At] = {}
        self._generations: dict[str, tuple[float, int]] = {}

    async def generation(self, model: AnyReadModel) -> int:
        name = f"{model.name}.v{model.version}"
        known = self._generations.get(name)
        if known and time.monotonic() - known[0] < GENERATION_SECONDS:
            return known[1]
        found = await self._db.readmodels.find_one({"_id": name})
        generation = found["serving"] if found else 1
        self._generations[name] = (time.monotonic(), generation)
        return generation

    async def position(self, token: Token) -> At:
        """Where this log's own token lies; waits until it is sequenced."""
        if token.log != self._identity.name or token.part >= self._identity.parts:
            raise NotFoundError("Dieses Token gehört zu keinem Log dieses Dienstes.")
        last = await self._sequenced(token.time)
        lane = Lane(self._identity.name, str(self._identity.id), token.part)
        return At(lane, last.get(str(token.part), 0))

    async def position_soon(self, token: Token) -> At:
        """The same, but no longer than a query may wait: UnavailableError."""
        async with bounded():
            return await self.position(token)

    async def caught_up(self, model: AnyReadModel, tokens: Sequence[Token]) -> None:
        """Raises UnavailableError when it takes longer than a query may wait."""
        if not tokens:
            return
        consumer = build_of(model, await self.generation(model))
        async with bounded():
            for token in tokens:
                await self._follow(model, consumer, token)

    async def _follow(self, model: AnyReadModel, consumer: str, token: Token) -> None:
        if token.log == self._identity.name:
            await self._reached(consumer, [await self.position(token)])
            return
        policies = self._policies.get(token.log, ())
        if token.log not in model.hears and not policies:
            return
        at = await self._owner_says(token)
        if token.log in model.hears:
            await self._reached(consumer, [at])
        for policy in policies:
            await self._reached(policy, [at])
            await self._effects_of(policy, consumer, at)

    async def _owner_says(self, token: Token) -> At:
        """Asked once per token."""
        at = self._owners.get(token)
        if at is None:
            at = await self._ask_owner(token)
            if len(self._owners) >= OWNERS_REMEMBERED:
                self._owners.clear()
            self._owners[token] = at
        return at

    async def _effects_of(self, policy: str, consumer: str, at: At) -> None:
        """What a policy appended up to there must be sequenced and projected, in any part."""
        found = await self._db.positions.find_one({"_id": position_id(policy, at.lane)})
        written: Timestamp | None = found.get("time") if found else None
        if written is None:
            return
        last = await self._sequenced((written.time, written.inc))
        name, log_id = self._identity.name, str(self._identity.id)
        await self._reached(
            consumer, [At(Lane(name, log_id, int(part)), pos) for part, pos in last.items()]
        )

    async def _sequenced(self, wanted: tuple[int, int]) -> dict[str, int]:
        """The last positions by part, once everything up to a cluster time has one."""

        async def look() -> dict[str, int] | None:
            lease = await self._db.sequencers.find_one({"_id": "lease"}, {"through": 1, "last": 1})
            if lease is None or "through" not in lease:
                return None
            through = lease["through"]
            return lease["last"] if (through.time, through.inc) >= wanted else None

        return await polled(look)

    async def _reached(self, consumer: str, wanted: Sequence[At]) -> None:
        needed = {position_id(consumer, at.lane): at.pos for at in wanted if at.pos}

        async def look() -> Any:
            if not needed:
                return True
            found = self._db.positions.find({"_id": {"$in": list(needed)}}, {"pos": 1})
            async for document in found:
                if document["pos"] >= needed[document["_id"]]:
                    del needed[document["_id"]]
            return not needed or None

        await polled(look)


@asynccontextmanager
async def bounded() -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            yield
    except TimeoutError:
        raise UnavailableError(
            "Die Daten sind noch nicht auf dem angefragten Stand. Bitte gleich noch einmal.",
            code="not-caught-up",
        ) from None


async def polled[T](look: Callable[[], Awaitable[T | None]]) -> T:
    """Look again, less and less often, until there is something."""
    tried = 0
    while (found := await look()) is None:
        await asyncio.sleep(POLL_SECONDS[min(tried, len(POLL_SECONDS) - 1)])
        tried += 1
    return found


async def serve(db: Database, model: AnyReadModel, generation: int) -> None:
    """Switch queries and the live projection to another build."""
    await db.readmodels.update_one(
        {"_id": f"{model.name}.v{model.version}"}, {"$set": {"serving": generation}}, upsert=True
    )


async def builds(db: Database, model: AnyReadModel) -> Document:
    """`serving` and the highest build so far."""
    found = await db.readmodels.find_one({"_id": f"{model.name}.v{model.version}"})
    return found or {"serving": 1, "highest": 1}
