"""Read your writes: wait until a read model includes what a token stands for."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bson.timestamp import Timestamp
from cachetools import LRUCache
from pymongo.errors import PyMongoError

from zugabe_events.consumer.checkpoints import RETIRED, position_id
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.flush_requests import FlushRequests
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import InvalidError, NotFoundError, UnavailableError
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import BuildRegistry, build_of
from zugabe_events.sequencer.change_stream import AWAITED_SECONDS, request_progress

WAIT_TIMEOUT_SECONDS = 5.0
POLL_INTERVAL_SECONDS = 0.005
LEASE_POLL_INTERVAL_SECONDS = 0.01
"""Half the time between two reports of a sequencer for which queries wait."""
REQUEST_INTERVAL_SECONDS = AWAITED_SECONDS / 2
"""While queries wait, the sequencer is asked that often to report often."""
REQUEST_AFTER_SECONDS = 0.05
"""A query that has waited for so long asks for a report itself."""
FALLBACK_INTERVAL_SECONDS = 1.0
BUILD_TIMEOUT_SECONDS = 1.25
"""Time to wait for one build before checking whether another one serves now."""
MAX_TOKENS = 10_000
MAX_AHEAD_SECONDS = 300
"""By which the clocks of two machines may differ."""


@dataclass(frozen=True, slots=True)
class LanePosition:
    """A position in a lane."""

    lane: Lane
    pos: int


@dataclass(frozen=True, slots=True)
class Heads:
    """The last positions of a log, by part."""

    log: str
    log_id: str
    last: Mapping[int, int]


type AskOwner = Callable[[Token], Awaitable[LanePosition]]


class ReadYourWrites:
    """One service's view on its read models, its policies and its log.

    `policies` are consumer names by the topics they hear: what they append in reaction to another
    service's events is part of what that service's tokens stand for. `local` are the consumers of
    this process, whose progress need not be looked up.
    """

    def __init__(
        self,
        db: Database,
        identity: LogIdentity,
        policies: Mapping[str, Sequence[str]],
        ask_owner: AskOwner,
    ) -> None:
        self._db = db
        self._identity = identity
        self._policies = policies
        self._ask_owner = ask_owner
        self.local: Sequence[Consumer] = ()
        self._through = (0, 0)
        self._last: dict[str, int] = {}
        self._lookup: asyncio.Task[None] | None = None
        self._requested = float("-inf")
        self._positions: LRUCache[Token, LanePosition] = LRUCache(MAX_TOKENS)
        self._asking: dict[Token, asyncio.Future[LanePosition]] = {}
        self._flush_requests = FlushRequests(db)
        self.registry = BuildRegistry(db)

    @property
    def parts(self) -> int:
        """The number of parts of this log."""
        return self._identity.parts

    async def heads(self) -> Heads:
        """The last sequenced positions of this log."""
        lease = await self._db.sequencers.find_one({"_id": "lease"}, {"last": 1}) or {}
        last = {int(part): pos for part, pos in lease.get("last", {}).items()}
        return Heads(self._identity.name, str(self._identity.id), last)

    async def position(self, token: Token) -> LanePosition:
        """The position of this log's own token, once it is sequenced."""
        if token.log != self._identity.name or token.part >= self._identity.parts:
            raise NotFoundError("Dieses Token gehört zu keinem Log dieses Dienstes.")
        last = await self._sequenced(token.time)
        lane = Lane(self._identity.name, str(self._identity.id), token.part)
        return LanePosition(lane, last.get(str(token.part), 0))

    async def position_soon(self, token: Token) -> LanePosition:
        """As `position`; raises UnavailableError when it takes longer than a query may wait."""
        refuse_ahead([token])
        async with bounded():
            return await self.position(token)

    async def caught_up(self, model: AnyReadModel, tokens: Sequence[Token]) -> None:
        """Return once queries include the tokens' events, whatever build they read.

        Raises UnavailableError when it takes longer than a query may wait, and InvalidError for a
        token of the future.
        """
        if not tokens:
            return
        refuse_ahead(tokens)
        async with bounded():
            while True:
                number = await self.registry.projected(model)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(BUILD_TIMEOUT_SECONDS):
                        for token in tokens:
                            await self._follow(model, build_of(model, number), token)
                        while await self.registry.projected(model) == number:
                            if await self.registry.queried(model) == number:
                                return
                            await asyncio.sleep(POLL_INTERVAL_SECONDS)

    async def reached(self, model: AnyReadModel, heads: Heads) -> bool:
        """Return true if queries include everything up to positions of a log.

        Raises UnavailableError while no build of the model serves.
        """
        consumer = build_of(model, await self.registry.queried(model))
        local = self._local_consumer(consumer)
        lanes = {Lane(heads.log, heads.log_id, part): last for part, last in heads.last.items()}
        lacking = {
            position_id(consumer, lane): last
            for lane, last in lanes.items()
            if last > ((local.position(lane) if local else None) or 0)
        }
        if not lacking:
            return True
        found = self._db.positions.find({"_id": {"$in": list(lacking)}}, {"pos": 1})
        stored = {document["_id"]: document["pos"] async for document in found}
        return all(
            pos == RETIRED or pos >= last
            for id_, last in lacking.items()
            for pos in (stored.get(id_, 0),)
        )

    async def up_to_date(self, model: AnyReadModel) -> None:
        """Return once queries include all that is in this log by now, whoever appended it.

        Raises UnavailableError when it takes longer than a query may wait.
        """
        async with self._db.client.start_session(causal_consistency=False) as session:
            await self._db.commits.find_one({}, {"_id": 1}, session=session)
            now = session.operation_time
        if now is not None:
            parts = range(self._identity.parts)
            tokens = [Token(self._identity.name, part, now.time, now.inc) for part in parts]
            await self.caught_up(model, tokens)

    async def reacted(self, tokens: Sequence[Token]) -> None:
        """Return once this service's policies have reacted to the tokens' events.

        Raises UnavailableError when it takes longer than a command may wait.
        """
        refuse_ahead(tokens)
        async with bounded():
            for token in tokens:
                await self._reacted(token)

    async def settled(self, tokens: Sequence[Token]) -> None:
        """As `reacted`, and its policies have reacted to what they appended to its own log."""
        refuse_ahead(tokens)
        own = self._policies.get(self._identity.name, ())
        async with bounded():
            for token in tokens:
                if token.log == self._identity.name:
                    await self._reacted(token)
                    continue
                for policy, at in await self._reacted(token):
                    for second in own:
                        await self._wait_for_effects(policy, second, at)

    async def _reacted(self, token: Token) -> Sequence[tuple[str, LanePosition]]:
        """The policies that have now reacted to a token's events, and the position of these."""
        policies = self._policies.get(token.log, ())
        if not policies:
            return ()
        own = token.log == self._identity.name
        at = await (self.position(token) if own else self._position_elsewhere(token))
        for policy in policies:
            await self._wait_for(policy, [at])
        return [(policy, at) for policy in policies]

    async def _follow(self, model: AnyReadModel, consumer: str, token: Token) -> None:
        if token.log == self._identity.name:
            if token.log in model.topics:
                await self._wait_for(consumer, [await self.position(token)])
            return
        # Only a model of the own log shows what policies append there.
        shows_effects = self._identity.name in model.topics
        policies = self._policies.get(token.log, ()) if shows_effects else ()
        if token.log not in model.topics and not policies:
            return
        at = await self._position_elsewhere(token)
        if token.log in model.topics:
            await self._wait_for(consumer, [at])
        for policy in policies:
            await self._wait_for(policy, [at])
            await self._wait_for_effects(policy, consumer, at)

    async def _position_elsewhere(self, token: Token) -> LanePosition:
        """The position of another log's token, cached, and asked for once by all who wait."""
        position = self._positions.get(token)
        if position is None:
            asking = self._asking.get(token)
            if asking is None:
                asking = self._asking[token] = asyncio.ensure_future(self._ask_owner(token))
                asking.add_done_callback(lambda _: self._asking.pop(token))
            position = self._positions[token] = await asyncio.shield(asking)
        return position

    async def _wait_for_effects(self, policy: str, consumer: str, at: LanePosition) -> None:
        """Wait until the appends of a policy up to a position are projected, in all parts."""
        written = await self._committed_at(policy, at)
        if written is None:
            return
        last = await self._sequenced((written.time, written.inc))
        name, log_id = self._identity.name, str(self._identity.id)
        await self._wait_for(
            consumer,
            [LanePosition(Lane(name, log_id, int(part)), pos) for part, pos in last.items()],
        )

    async def _committed_at(self, policy: str, at: LanePosition) -> Timestamp | None:
        """The commit time of the policy's appends up to a position; None if there are none."""
        local = self._local_consumer(policy)
        if local and (local.position(at.lane) or 0) >= at.pos:
            return local.effect_time
        async with self._db.client.start_session(causal_consistency=False) as session:
            found = await self._db.positions.find_one(
                {"_id": position_id(policy, at.lane)}, session=session
            )
            if found and found.get("time_pos", 0) >= at.pos:
                noted: Timestamp = found["time"]
                return noted
            return session.operation_time

    def _local_consumer(self, consumer: str) -> Consumer | None:
        """The consumer of that name in this process."""
        of_name = (local for local in self.local if local.checkpoints.consumer == consumer)
        return next(of_name, None)

    async def _sequenced(self, wanted: tuple[int, int]) -> dict[str, int]:
        """The last positions by part, once everything up to a cluster time has one."""
        began = time.monotonic()
        while self._through < wanted:
            if self._lookup is None or self._lookup.done():
                self._lookup = asyncio.create_task(self._read_lease(wanted, began))
            await asyncio.shield(self._lookup)
        return self._last

    async def _read_lease(self, wanted: tuple[int, int], began: float) -> None:
        """Read the sequencer's progress once for all waiting queries; if it falls short, wait a
        moment, or ask for a report. `began`: when the query did."""
        lease = await self._db.sequencers.find_one({"_id": "lease"}, {"through": 1, "last": 1})
        if lease and "through" in lease:
            through = lease["through"]
            self._through = (through.time, through.inc)
            self._last = lease["last"]
            if self._through >= wanted:
                return
        now = time.monotonic()
        forgotten = self._requested < began <= now - REQUEST_AFTER_SECONDS
        if forgotten or now - self._requested >= REQUEST_INTERVAL_SECONDS:
            self._requested = now
            with contextlib.suppress(PyMongoError):  # it reports in a moment all the same
                await request_progress(self._db)
        else:
            await asyncio.sleep(LEASE_POLL_INTERVAL_SECONDS)

    async def _wait_for(self, consumer: str, wanted: Sequence[LanePosition]) -> None:
        """Wait for positions of a consumer, of this process or, by polling, of another."""
        needed = {at.lane: at.pos for at in wanted if at.pos}
        local = self._local_consumer(consumer)
        waited = 0.0
        while needed:
            if local is not None:
                needed = lacking(local, needed)
            elsewhere = [lane for lane in needed if local is None or local.position(lane) is None]
            if waited >= FALLBACK_INTERVAL_SECONDS:
                elsewhere, waited = list(needed), 0.0
            if elsewhere:
                by_id = {position_id(consumer, lane): lane for lane in elsewhere}
                found = self._db.positions.find({"_id": {"$in": list(by_id)}}, {"pos": 1})
                async for document in found:
                    lane = by_id[document["_id"]]
                    if document["pos"] >= needed[lane]:
                        del needed[lane]
                if needed:
                    await self._flush_requests.send()
            if needed:
                waited += POLL_INTERVAL_SECONDS if elsewhere else await self._local_progress(local)
                if elsewhere:
                    await asyncio.sleep(POLL_INTERVAL_SECONDS)

    async def _local_progress(self, local: Consumer | None) -> float:
        assert local is not None
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(local.progress.wait(), FALLBACK_INTERVAL_SECONDS)
        return time.monotonic() - began


def lacking(consumer: Consumer, needed: Mapping[Lane, int]) -> dict[Lane, int]:
    """The positions that a consumer of this process has not reached; it hurries to do so."""
    left = {lane: pos for lane, pos in needed.items() if (consumer.position(lane) or 0) < pos}
    if left:
        consumer.hurry()
    return left


@dataclass(frozen=True, slots=True)
class PolicyProgress:
    """The policies of a service as a `Follower`, for commands that decide on their effects.

    `in_turn`: with those on what other policies of the service appended.
    """

    read_your_writes: ReadYourWrites
    in_turn: bool = False

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        if self.in_turn:
            await self.read_your_writes.settled(tokens)
        else:
            await self.read_your_writes.reacted(tokens)


def refuse_ahead(tokens: Sequence[Token]) -> None:
    """Raise InvalidError for a token of the future, for which a query would wait in vain (S8)."""
    latest = time.time() + MAX_AHEAD_SECONDS
    if any(token.seconds > latest for token in tokens):
        raise InvalidError("Das Token ist aus der Zukunft.", code="token-invalid")


@asynccontextmanager
async def bounded() -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(WAIT_TIMEOUT_SECONDS):
            yield
    except TimeoutError:
        raise UnavailableError(
            "Die Daten sind noch nicht auf dem angefragten Stand. Bitte gleich noch einmal.",
            code="not-caught-up",
        ) from None
