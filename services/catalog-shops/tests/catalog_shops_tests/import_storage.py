"""Storage of imports in memory."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from msgspec.structs import replace

from catalog_shops.catalogue_import.import_errors import MAX_ERRORS, RowMistake
from catalog_shops.catalogue_import.import_queue import ImportTask
from catalog_shops.catalogue_import.ports import ImportStorage
from catalog_shops.catalogue_import.reading import read_in_thread, recognise_in_thread
from zugabe_testing.files import InMemoryFiles


class InMemoryTurn:
    """Valid until somebody sets `is_valid`."""

    def __init__(self, queue: "InMemoryImportQueue", dealer: str) -> None:
        self.is_valid = True
        self._queue = queue
        self._dealer = dealer

    async def keep_renewing(self) -> None:
        pass

    async def release(self) -> None:
        self._queue.held.discard(self._dealer)


class InMemoryImportQueue:
    def __init__(self) -> None:
        self.tasks: dict[str, list[ImportTask]] = {}
        self.due: dict[str, datetime] = {}
        self.held: set[str] = set()

    async def add(self, dealer: str, task: ImportTask) -> None:
        tasks = self.tasks.setdefault(dealer, [])
        if task.import_id not in [other.import_id for other in tasks]:
            tasks.append(task)

    async def waiting(self, dealer: str) -> int:
        return len(self.tasks.get(dealer, []))

    async def tenants(self, now: datetime) -> Sequence[str]:
        return [
            dealer
            for dealer, tasks in self.tasks.items()
            if tasks and self.due.get(dealer, now) <= now
        ]

    async def hold(self, dealer: str) -> InMemoryTurn | None:
        if dealer in self.held:
            return None
        self.held.add(dealer)
        return InMemoryTurn(self, dealer)

    async def first(self, dealer: str) -> ImportTask | None:
        return next(iter(self.tasks.get(dealer, [])), None)

    async def remove(self, dealer: str, import_id: str) -> None:
        self.due.pop(dealer, None)
        self.tasks[dealer] = [
            task for task in self.tasks.get(dealer, []) if task.import_id != import_id
        ]

    async def postpone(self, dealer: str, import_id: str, until: datetime, *, failed: bool) -> None:
        self.due[dealer] = until
        self.tasks[dealer] = [
            replace(task, tries=task.tries + 1, failures=task.failures + failed)
            if task.import_id == import_id
            else task
            for task in self.tasks[dealer]
        ]


class InMemoryImportErrors:
    def __init__(self) -> None:
        self.mistakes: dict[tuple[str, str], dict[str, RowMistake]] = {}

    async def add(
        self, dealer: str, import_id: str, errors: Sequence[RowMistake], now: datetime
    ) -> None:
        kept = self.mistakes.setdefault((dealer, import_id), {})
        for error in errors[: MAX_ERRORS - len(kept)]:
            kept.setdefault(error.position, error)

    async def page(
        self, dealer: str, import_id: str, after: str, limit: int
    ) -> Sequence[RowMistake]:
        kept = self.mistakes.get((dealer, import_id), {})
        return [kept[position] for position in sorted(kept) if position > after][:limit]


def in_memory_storage() -> ImportStorage:
    return ImportStorage(
        InMemoryFiles(),
        InMemoryImportQueue(),
        InMemoryImportErrors(),
        Path(gettempdir()),
        read_in_thread,
        recognise_in_thread,
    )
