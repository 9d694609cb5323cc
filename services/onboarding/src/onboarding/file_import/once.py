"""Files are imported once per Idempotency-Key: the same file again gets the first answer (X-12)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from onboarding.file_import.decider import (
    BeginImport,
    FileImport,
    Finished,
    FinishImport,
    file_import_history,
)
from zugabe_events.contracts.onboarding import ImportMistake
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.request_context import RequestContext
from zugabe_events.tables.report import ImportReport
from zugabe_events.tables.table import RowError


async def once(
    store: EventStore,
    request: RequestContext,
    would_be: ImportReport,
    carry_out: Callable[[], Awaitable[ImportReport]],
) -> ImportReport:
    """The report of an import. `would_be` is what the file says, whatever has happened before.

    Raise KeyReusedError for a key that another file has. An import that stopped half way goes on.
    """
    if request.key is None:
        return await carry_out()
    attempt, at = request.attempt(), request.context.at
    history = file_import_history(str(attempt))
    await request.handle(store, history, BeginImport(str(attempt), at), attempt=attempt)
    first = first_answer(await state_of(store, history), would_be)
    if first is not None:
        return first
    report = await carry_out()
    mistakes = tuple(ImportMistake(row.line, row.column, row.reason) for row in report.wrong)
    finish = FinishImport(report.new, report.changed, report.unchanged, mistakes, at)
    await request.handle(store, history, finish, attempt=derived_id(str(attempt), "finish"))
    return first_answer(await state_of(store, history), report) or report


def first_answer(file_import: FileImport, report: ImportReport) -> ImportReport | None:
    """The report as it was, if there is one; it may have had more mistakes than are kept."""
    match file_import:
        case Finished(event):
            wrong = tuple(RowError(row.line, row.column, row.reason) for row in event.mistakes)
            return replace(
                report,
                new=event.new,
                changed=event.changed,
                unchanged=event.unchanged,
                wrong=wrong,
            )
        case _:
            return None
