"""Carries out imports in the background: one at a time in each process, in turn for each tenant."""

import asyncio
import contextlib
import logging
from datetime import timedelta

from pymongo.errors import PyMongoError

from catalog_shops.catalogue_import.decider import NotStarted, Running, import_history
from catalog_shops.catalogue_import.execution import Execution, TurnLostError
from catalog_shops.catalogue_import.import_queue import ImportTask, Turn
from catalog_shops.catalogue_import.ports import ImportParts, file_name_of
from catalog_shops.catalogue_import.working_file import remove_abandoned
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.rounds import Rounds

log = logging.getLogger(__name__)

MAX_FAILURES = 5
"""Internal errors after which an import is given up, so that it no longer keeps others waiting."""
FAILED = "Der Import ist mehrmals an einem internen Fehler gescheitert."
MAX_UNSTARTED_AGE = timedelta(minutes=5)
"""Longer than any request takes between the queue and its event."""
BACKOFF = Backoff(1.0, 120.0)
PASSING = (PyMongoError, UnavailableError, TimeoutError)


class ImportWorker:
    def __init__(self, parts: ImportParts) -> None:
        self._parts = parts
        self.rounds = Rounds("imports", self.run_due)

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.to_thread(remove_abandoned, self._parts.storage.folder)
        await self.rounds.run()

    async def run_due(self) -> None:
        """Carry out all imports that are due and not in the hands of another process."""
        while await self._carry_out_one_each():
            pass

    async def _carry_out_one_each(self) -> bool:
        """One import of each tenant, so that none waits for all of another's; False if none could
        be carried out."""
        is_more = False
        for dealer in await self._parts.storage.queue.tenants(self._parts.now()):
            turn = await self._parts.storage.queue.hold(dealer)
            if turn is None:
                continue
            renewing = asyncio.create_task(turn.keep_renewing())
            try:
                is_more |= await self._carry_out_first(dealer, turn)
            finally:
                renewing.cancel()
                with contextlib.suppress(PyMongoError):
                    await turn.release()
        return is_more

    async def _carry_out_first(self, dealer: str, turn: Turn) -> bool:
        """False if the tenant's next import has to wait, or there is none."""
        task = await self._parts.storage.queue.first(dealer)
        if task is None:
            return False
        try:
            return await self._carry_out(dealer, task, turn)
        except TurnLostError:
            log.warning("import %s goes on in another process", task.import_id)
        except PASSING as error:
            name = type(error).__name__
            log.warning("import %s waits, trying again later: %s", task.import_id, name)
            await self._postpone(dealer, task)
        except Exception:
            log.exception("import %s failed", task.import_id)
            await self._postpone(dealer, task, failed=True)
        return False

    async def _carry_out(self, dealer: str, task: ImportTask, turn: Turn) -> bool:
        history = import_history(dealer, task.import_id)
        state = await state_of(self._parts.store, history)
        match state:
            case NotStarted() if self._parts.now() - task.queued_at < MAX_UNSTARTED_AGE:
                return False
            case Running():
                execution = Execution(self._parts, dealer, task, turn, state)
                if task.failures >= MAX_FAILURES:
                    await execution.end("failed", FAILED)
                else:
                    await execution.run()
        if not isinstance(state, NotStarted):
            name = file_name_of(dealer, task.import_id, state.started.file)
            await self._parts.storage.files.delete(name)
        await self._parts.storage.queue.remove(dealer, task.import_id)
        return True

    async def _postpone(self, dealer: str, task: ImportTask, *, failed: bool = False) -> None:
        wait = timedelta(seconds=BACKOFF.wait(task.tries + 1))
        with contextlib.suppress(PyMongoError):
            await self._parts.storage.queue.postpone(
                dealer, task.import_id, self._parts.now() + wait, failed=failed
            )
