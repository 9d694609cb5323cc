"""The effect of a policy on its own service's log: load, decide in memory, append, in batches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.consumer.effect import ConflictError
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Context, EventTypes, Stream, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.policy import Policy, Reaction
from zugabe_events.eventstore.commits import commit_document
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.errors import is_duplicate
from zugabe_events.observability import metrics, tracing


@dataclass(slots=True)
class TargetState:
    """A history as the batch leaves it, with version and partition key."""

    history: History[Any, Any]
    state: Any
    version: int
    key: str


@dataclass(frozen=True, slots=True)
class Reactions:
    commits: list[Commit]
    targets: list[TargetState]


class PolicyEffect:
    """The effect of a policy. A reaction is named by (event, policy, stream) and happens once."""

    def __init__(
        self, store: MongoEventStore, policy: Policy, types: EventTypes, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._policy = policy
        self._types = types
        self._now = now

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> Reactions | None:
        wanted: list[tuple[Message, Reaction, UUID]] = []
        for message in messages:
            received = message.received(self._types)
            if received is None:
                continue
            for reaction in self._policy.react(received):
                target = reaction.target.stream.id
                commit_id = derived_id(message.id, self._policy.name, target)
                wanted.append((message, reaction, commit_id))
        if not wanted:
            return None
        histories = {
            (history.stream.id, history.decider.name): history
            for _, reaction, _ in wanted
            for history in (reaction.target, *reaction.reads)
        }
        ids = [commit_id for _, _, commit_id in wanted] if again else []
        targets, existing = await self._load(histories, ids)
        now = self._now()
        commits = [
            commit
            for message, reaction, commit_id in wanted
            if commit_id not in existing
            and (commit := self._react(message, reaction, commit_id, targets, now))
        ]
        return Reactions(commits, list(targets.values())) if commits else None

    async def _load(
        self, histories: dict[tuple[str, str], History[Any, Any]], ids: Sequence[UUID]
    ) -> tuple[dict[tuple[str, str], TargetState], set[UUID]]:
        loaded = await self._store.load(list(histories.values()), [None] * len(histories))
        existing: set[UUID] = set()
        if ids:
            found = self._store.db.commits.find({"_id": {"$in": list(ids)}}, {"_id": 1})
            existing = {document["_id"] async for document in found}
        return {
            name: TargetState(history, target.state, target.version, target.stream.key)
            for (name, history), target in zip(histories.items(), loaded, strict=True)
        }, existing

    def _react(
        self,
        message: Message,
        reaction: Reaction,
        commit_id: UUID,
        targets: dict[tuple[str, str], TargetState],
        now: datetime,
    ) -> Commit | None:
        target = targets[reaction.target.stream.id, reaction.target.decider.name]
        reads = [targets[read.stream.id, read.decider.name].state for read in reaction.reads]
        decider = reaction.target.decider
        events = tuple(decider.decide(reaction.command(*reads), target.state))
        if not events:
            return None
        stream = Stream(reaction.target.stream.id, target.key)
        context = self._context(message, now)
        commit = Commit(commit_id, stream, target.version + 1, events, context)
        target.state = decider.fold(events, target.state)
        target.version += len(events)
        return commit

    def _context(self, message: Message, now: datetime) -> Context:
        headers = message.headers
        return Context(
            actor=self._policy.name,
            role="policy",
            tenant=headers["ce_dealer"].decode(),
            at=now,
            correlation=headers["ce_correlationid"].decode(),
            causation=message.id,
            traceparent=tracing.traceparent_for(message, headers),
        )

    async def write(self, prepared: Reactions, session: AsyncClientSession) -> None:
        parts = self._store.identity.parts
        try:
            await self._store.db.commits.insert_many(
                [commit_document(commit, parts) for commit in prepared.commits], session=session
            )
        except PyMongoError as error:
            if is_duplicate(error):
                raise ConflictError(self._policy.name) from error
            raise

    def done(self, prepared: Reactions) -> None:
        """Cache the committed states, so that the next batch need not load them."""
        metrics.count_written("policy", prepared.commits)
        for target in prepared.targets:
            self._store.states.put(target.history, target.state, target.version, target.key)
