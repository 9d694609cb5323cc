"""Articles of a file decided and appended in batches: many loads in one, many commits in few."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from catalog_shops.article.decider import NO_ARTICLE, article_history
from catalog_shops.catalogue_import.changes import (
    Effect,
    MasterData,
    Purpose,
    changes_of,
    effect_of,
    notices_of,
)
from catalog_shops.catalogue_import.import_errors import RowMistake
from catalog_shops.catalogue_import.record_reader import Numbered
from catalog_shops.catalogue_import.records import CatalogueArticle, Record, WrongRecord
from catalog_shops.tenants import with_central
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.errors import RefusedError, StaleError, UnavailableError
from zugabe_events.domain.event import Context, Event
from zugabe_events.domain.event_store import Commit, EventStore, LoadedState
from zugabe_events.eventstore.command_handler import handle_together

BACKOFF = Backoff(0.005, 0.2)
MAX_TRIES = 50
DECIDED_AT_ONCE = 25


class Change(NamedTuple):
    """A record that changes something, with the commit that does."""

    record: Numbered
    article: CatalogueArticle
    commit: Commit


@dataclass(slots=True)
class BatchResult:
    """The effect on each article that was not left out, and what was wrong."""

    effects: list[Effect] = field(default_factory=list)
    wrong: int = 0
    partly: int = 0
    mistakes: list[RowMistake] = field(default_factory=list)

    def leave_out(self, record: Numbered, reason: str) -> None:
        self.wrong += 1
        self.mistakes.append(mistake(record, 0, reason, left_out=True))

    def take(self, record: Numbered, effect: Effect, notices: Sequence[str]) -> None:
        self.effects.append(effect)
        self.partly += bool(notices)
        self.mistakes += [
            mistake(record, number, notice, left_out=False) for number, notice in enumerate(notices)
        ]


def is_wrong(record: Record) -> bool:
    return isinstance(record, WrongRecord)


def mistake(record: Numbered, number: int, reason: str, *, left_out: bool) -> RowMistake:
    return RowMistake(
        f"{record.position:09d}.{number:02d}",
        record.record.line,
        record.record.number,
        "left-out" if left_out else "partly",
        reason,
    )


class ArticleBatches:
    """Applies records to the articles of one tenant; a dry run only decides."""

    def __init__(
        self,
        store: EventStore,
        purpose: Purpose,
        attempt: UUID,
        context: Callable[[], Context],
        *,
        dry_run: bool,
        repeated_until: int = 0,
    ) -> None:
        """Commit ids are made from `attempt`. Records up to the number `repeated_until` may have
        been applied already, by a run that was interrupted; their commits are looked for."""
        self._store = store
        self._purpose = purpose
        self._attempt = attempt
        self._context = context
        self._dry_run = dry_run
        self._repeated_until = repeated_until
        dealer = purpose.dealer
        self._tenants = with_central(dealer)

    async def decide(
        self, batch: Sequence[Numbered], known: MasterData
    ) -> tuple[BatchResult, Sequence[Change]]:
        """Present states of the batch's articles, and the commits to append."""
        result = BatchResult()
        changes: list[Change] = []
        context = self._context()
        right = [found for found in batch if not is_wrong(found.record)]
        loaded = iter(await self._load(right))
        for number, record in enumerate(batch):
            if number % DECIDED_AT_ONCE == 0:
                await asyncio.sleep(0)  # requests come between
            article = record.record
            if isinstance(article, WrongRecord):
                result.leave_out(record, article.reason)
                continue
            own, central = next(loaded)
            if own.earlier is not None:
                result.take(record, effect_of(own.earlier.events), notices_of(article, known))
                continue
            try:
                events = changes_of(article, self._purpose, known, own.state, central, context.at)
            except RefusedError as refused:
                result.leave_out(record, refused.detail)
                continue
            if not events or self._dry_run:
                result.take(record, effect_of(events), notices_of(article, known))
                continue
            commit_id = uuid5(self._attempt, own.stream.id)
            commit = Commit(commit_id, own.stream, own.version + 1, tuple(events), context)
            changes.append(Change(record, article, commit))
        return result, changes

    async def append(
        self, result: BatchResult, changes: Sequence[Change], known: MasterData
    ) -> BatchResult:
        """Append all changes, each for itself, and complete the result."""
        outcomes = await asyncio.gather(*(self._append(change, known) for change in changes))
        for change, outcome in zip(changes, outcomes, strict=True):
            if isinstance(outcome, RefusedError):
                result.leave_out(change.record, outcome.detail)
                continue
            result.take(change.record, effect_of(outcome), notices_of(change.article, known))
        return result

    async def _append(self, change: Change, known: MasterData) -> Sequence[Event] | RefusedError:
        try:
            [appended] = await self._store.append([change.commit])
        except StaleError:
            return await self._decide_again(change.article, known)
        return appended.events

    async def _decide_again(
        self, article: CatalogueArticle, known: MasterData
    ) -> Sequence[Event] | RefusedError:
        """Somebody else has just changed this article."""
        context = self._context()

        def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
            own, central = states if len(states) > 1 else (states[0], NO_ARTICLE)
            events = changes_of(article, self._purpose, known, own, central, context.at)
            return [events, *[()] * (len(states) - 1)]

        histories = [article_history(tenant, article.number) for tenant in self._tenants]
        try:
            handled = await handle_together(
                self._store, histories, decide, context, attempt=self._attempt
            )
        except UnavailableError:
            raise
        except RefusedError as refused:
            return refused
        return handled.events

    async def _load(self, records: Sequence[Numbered]) -> Sequence[tuple[LoadedState, Any]]:
        """The state of each record's article, and that of the central article."""
        histories = [
            article_history(tenant, found.record.number)
            for tenant in self._tenants
            for found in records
        ]
        size = len(records)
        attempts = [
            uuid5(self._attempt, history.stream.id)
            if found.position <= self._repeated_until
            else None
            for history, found in zip(histories[:size], records, strict=True)
        ]
        unasked = [None] * (len(histories) - size)
        for tried in range(1, MAX_TRIES):
            try:
                loaded = await self._store.load(histories, [*attempts, *unasked])
            except StaleError:
                await asyncio.sleep(BACKOFF.wait(tried))
                continue
            central = [other.state for other in loaded[size:]] or [NO_ARTICLE] * size
            return list(zip(loaded[:size], central, strict=True))
        raise UnavailableError("Artikel werden gerade von anderen geändert.")
