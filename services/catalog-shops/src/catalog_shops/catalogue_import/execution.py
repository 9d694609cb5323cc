"""One import, carried out from its last recorded progress to its end."""

import asyncio
from pathlib import Path

from catalog_shops.catalogue_import.batch import ArticleBatches, BatchResult
from catalog_shops.catalogue_import.changes import Purpose
from catalog_shops.catalogue_import.decider import (
    EndImport,
    RecordProgress,
    Running,
    import_history,
)
from catalog_shops.catalogue_import.delisting import count_missing, delist_missing
from catalog_shops.catalogue_import.import_queue import ImportTask, Turn
from catalog_shops.catalogue_import.names import Names
from catalog_shops.catalogue_import.ports import ImportParts, file_name_of
from catalog_shops.catalogue_import.record_reader import RecordReader
from catalog_shops.catalogue_import.records import CatalogueArticle
from catalog_shops.catalogue_import.tally import Tally
from catalog_shops.catalogue_import.working_file import working_file
from zugabe_events.contracts.catalog_shops import ImportOutcome
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.eventstore.command_handler import handle

BATCH_SIZE = 500
PROGRESS_INTERVAL = 2_000
"""Articles after which progress is recorded: what is looked at again after a crash."""
MAX_AHEAD = PROGRESS_INTERVAL + 4 * BATCH_SIZE
"""Articles that a run may have applied beyond its last recorded progress."""


class TurnLostError(Exception):
    """Another process may carry out the tenant's imports by now."""


class Execution:
    """Whatever it does twice, because it was interrupted in between, has one effect."""

    def __init__(
        self, parts: ImportParts, dealer: str, task: ImportTask, turn: Turn, running: Running
    ) -> None:
        self._parts = parts
        self._dealer = dealer
        self._task = task
        self._turn = turn
        self._started = started = running.started
        self._tally = Tally.of(running)
        self._total: int | None = None
        self._recorded = running.done
        self._is_cancelled = running.is_cancelled
        self._attempt = derived_id("catalogue-import", dealer, task.import_id)
        self._purpose = Purpose(dealer, started.scope, started.catalogue)
        self._batches = ArticleBatches(
            parts.store,
            self._purpose,
            self._attempt,
            self.context,
            dry_run=started.dry_run,
            repeated_until=running.done + MAX_AHEAD if running.progress else 0,
        )
        self._names = Names(
            parts.store, dealer, self._attempt, self.context, dry_run=started.dry_run
        )

    def context(self) -> Context:
        task = self._task
        return Context(
            actor=task.actor,
            role=task.role,
            tenant=self._dealer,
            at=self._parts.now(),
            correlation=task.correlation,
            causation=task.cause,
        )

    async def run(self) -> None:
        """Raises TurnLostError, and whatever keeps the import from going on for now."""
        with working_file(self._parts.storage.folder) as file:
            name = file_name_of(self._dealer, self._task.import_id, self._started.file)
            pieces = await self._parts.storage.files.read(name)
            if pieces is None:
                await self.end("failed", "Die hochgeladene Datei ist nicht mehr da.")
                return
            async for piece in pieces:
                await asyncio.to_thread(file.write, piece)
            await asyncio.to_thread(file.flush)
            await self._carry_out(Path(file.name))

    async def _carry_out(self, path: Path) -> None:
        started = self._started
        reading = self._parts.storage.reading
        async with reading(path, started.format, started.scope, BATCH_SIZE) as stream:
            reader = RecordReader(stream, self._tally.done)
            try:
                self._total = stream.total
                await self._record()
                await self._read(reader)
                await self._finish(reader)
            finally:
                reader.close()

    async def _read(self, reader: RecordReader) -> None:
        """Decide a batch while the one before it is appended."""
        await reader.skip()
        appending: asyncio.Task[BatchResult] | None = None
        try:
            while not self._is_cancelled and (batch := await reader.next_batch()):
                articles = [
                    found.record for found in batch if isinstance(found.record, CatalogueArticle)
                ]
                known = await self._names.resolve(articles)
                decided, changes = await self._batches.decide(batch, known)
                if appending is not None:
                    await self._count(await appending)
                self._check_turn()
                appending = asyncio.create_task(self._batches.append(decided, changes, known))
            if appending is not None:
                await self._count(await appending)
        finally:
            if appending is not None:
                appending.cancel()

    async def _count(self, result: BatchResult) -> None:
        now = self._parts.now()
        await self._parts.storage.errors.add(
            self._dealer, self._task.import_id, result.mistakes, now
        )
        self._tally.add(result)
        if self._tally.done - self._recorded >= PROGRESS_INTERVAL:
            await self._record()

    def _check_turn(self) -> None:
        if not self._turn.is_valid:
            raise TurnLostError

    async def _record(self) -> None:
        """Record progress, and see whether somebody has cancelled the import."""
        self._check_turn()
        tally = self._tally
        await self._look_for_cancelling()
        history = import_history(self._dealer, self._task.import_id)
        at = self._parts.now()
        command = RecordProgress(tally.done, self._total, tally.counts, at, tally.missing)
        what = f"{tally.done}/{tally.missing is not None}"
        await handle(
            self._parts.store,
            history,
            command,
            self.context(),
            attempt=derived_id(str(self._attempt), "progress", what),
        )
        self._recorded = tally.done

    async def _look_for_cancelling(self) -> None:
        history = import_history(self._dealer, self._task.import_id)
        state = await state_of(self._parts.store, history)
        self._is_cancelled = isinstance(state, Running) and state.is_cancelled

    async def _finish(self, reader: RecordReader) -> None:
        problem = ""
        if self._is_complete(reader):
            problem = await self._delist(reader)
        if self._is_cancelled:
            await self._count_delisted(reader)
            await self.end("cancelled", "Der Import wurde abgebrochen.")
        elif reader.damage:
            await self.end("damaged", reader.damage)
        else:
            await self.end("completed", problem)

    def _is_complete(self, reader: RecordReader) -> bool:
        """True if the file has all articles of its catalogue, and all of it was read."""
        is_whole = self._started.scope == "whole-catalogue"
        return is_whole and not reader.damage and not self._is_cancelled

    async def _delist(self, reader: RecordReader) -> str:
        """Delist what the file lacks, until somebody cancels; return in German why nothing is
        delisted, or ""."""
        tally, articles = self._tally, self._parts.articles
        await articles.up_to_date()
        if tally.missing is None:
            missing = await count_missing(articles, self._purpose, reader.seen)
            kept = tally.effects["changed"] + tally.effects["unchanged"]
            if missing > kept and not self._started.confirm_delisting:
                return too_many(missing, missing + kept)
            tally.missing = missing
            await self._record()
        if not self._started.dry_run:
            async for batch in delist_missing(articles, self._purpose, reader.seen):
                self._check_turn()
                await self._look_for_cancelling()
                if self._is_cancelled:
                    break
                decided, changes = await self._batches.decide(batch, self._names.known)
                await self._batches.append(decided, changes, self._names.known)
        return ""

    async def _count_delisted(self, reader: RecordReader) -> None:
        """Delisting was cancelled: of what was missing, only a part is delisted."""
        tally, articles = self._tally, self._parts.articles
        if tally.missing is not None:
            await articles.up_to_date()
            left = await count_missing(articles, self._purpose, reader.seen)
            tally.missing = max(0, tally.missing - left)

    async def end(self, outcome: ImportOutcome, problem: str) -> None:
        tally = self._tally
        await handle(
            self._parts.store,
            import_history(self._dealer, self._task.import_id),
            EndImport(outcome, tally.done, tally.final_counts, problem, self._parts.now()),
            self.context(),
            attempt=derived_id(str(self._attempt), "end"),
        )


def too_many(missing: int, present: int) -> str:
    return (
        f"Die Datei enthält {thousands(missing)} von {thousands(present)} Artikeln dieses Katalogs "
        "nicht mehr. Weil das mehr als die Hälfte ist, wurde nichts ausgelistet. Wenn es so "
        "gewollt ist, bestätigen Sie das Auslisten beim Import."
    )
