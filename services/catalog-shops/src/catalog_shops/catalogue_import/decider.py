"""An import of a catalogue: started with a file, read in the background, ended or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec.structs import replace as struct_replace

from zugabe_events.contracts.catalog_shops import (
    CatalogueImportCancelled,
    CatalogueImportEnded,
    CatalogueImportProgressed,
    CatalogueImportStarted,
    ImportCounts,
    ImportEvent,
    ImportOutcome,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Stream


class ImportNotFoundError(NotFoundError):
    code = "import-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Import gibt es nicht.")


class ImportEndedError(RefusedError):
    code = "import-ended"

    def __init__(self) -> None:
        super().__init__("Dieser Import ist schon beendet.")


class ImportExistsError(RefusedError):
    """Another file was uploaded under this id."""

    code = "import-exists"

    def __init__(self) -> None:
        super().__init__("Unter dieser Kennung gibt es bereits einen anderen Import.")


class TooManyImportsError(RefusedError):
    """Each keeps a file of up to 500 MB until it is over."""

    code = "imports-too-many"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Es warten schon {most} Importe. Sobald einer fertig ist, kann der nächste beginnen.",
            most=most,
        )


@dataclass(frozen=True, slots=True)
class StartImport:
    started: CatalogueImportStarted


@dataclass(frozen=True, slots=True)
class RecordProgress:
    """`total` is None while the number of articles in the file is not known, `missing` is None
    until all of them are done."""

    done: int
    total: int | None
    counts: ImportCounts
    at: datetime
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class CancelImport:
    at: datetime


@dataclass(frozen=True, slots=True)
class EndImport:
    outcome: ImportOutcome
    done: int
    counts: ImportCounts
    problem: str
    at: datetime


type Command = StartImport | RecordProgress | CancelImport | EndImport


@dataclass(frozen=True, slots=True)
class NotStarted:
    pass


@dataclass(frozen=True, slots=True)
class Running:
    """`progress` is None until its file is read; `is_cancelled`: it ends as soon as whoever carries
    it out sees that."""

    started: CatalogueImportStarted
    progress: CatalogueImportProgressed | None = None
    is_cancelled: bool = False

    @property
    def done(self) -> int:
        return self.progress.done if self.progress else 0

    @property
    def counts(self) -> ImportCounts:
        return self.progress.counts if self.progress else ImportCounts()


@dataclass(frozen=True, slots=True)
class Ended:
    started: CatalogueImportStarted
    ended: CatalogueImportEnded


type CatalogueImport = NotStarted | Running | Ended


def decide(command: Command, state: CatalogueImport) -> Sequence[ImportEvent]:
    match command:
        case StartImport(started):
            return start(started, state)
        case RecordProgress():
            running = begun(state)
            if running is None or not goes_on(command, running):
                return []
            return [progressed(command, running.started)]
        case CancelImport(at):
            running = begun(state)
            if running is None:
                raise ImportEndedError
            started = running.started
            cancelled = CatalogueImportCancelled(started.dealer, started.import_id, at)
            return [] if running.is_cancelled else [cancelled]
        case EndImport():
            running = begun(state)
            return [] if running is None else [ended(command, running.started)]


def start(
    started: CatalogueImportStarted, state: CatalogueImport
) -> Sequence[CatalogueImportStarted]:
    match state:
        case NotStarted():
            return [started]
        case Running(earlier) | Ended(earlier):
            if struct_replace(earlier, started_at=started.started_at) != started:
                raise ImportExistsError
            return []  # a repeated request


def begun(state: CatalogueImport) -> Running | None:
    """The import while it runs; None if it is over. Raise ImportNotFoundError."""
    match state:
        case NotStarted():
            raise ImportNotFoundError
        case Running():
            return state
        case Ended():
            return None


def goes_on(command: RecordProgress, state: Running) -> bool:
    progress = state.progress
    if progress is None:
        return True
    before = (progress.done, progress.missing is not None)
    return (command.done, command.missing is not None) > before


def progressed(
    command: RecordProgress, started: CatalogueImportStarted
) -> CatalogueImportProgressed:
    return CatalogueImportProgressed(
        started.dealer,
        started.import_id,
        command.done,
        command.counts,
        command.at,
        command.total,
        command.missing,
    )


def ended(command: EndImport, started: CatalogueImportStarted) -> CatalogueImportEnded:
    return CatalogueImportEnded(
        started.dealer,
        started.import_id,
        command.counts,
        command.problem,
        command.at,
        command.outcome,
        command.done,
    )


def evolve(state: CatalogueImport, event: ImportEvent) -> CatalogueImport:
    match event:
        case CatalogueImportStarted():
            return Running(event)
        case CatalogueImportProgressed():
            return replace(running_of(state), progress=event)
        case CatalogueImportCancelled():
            return replace(running_of(state), is_cancelled=True)
        case CatalogueImportEnded():
            return Ended(running_of(state).started, event)


def running_of(state: CatalogueImport) -> Running:
    assert isinstance(state, Running), "nothing follows the end, and nothing precedes the start"
    return state


IMPORT_DECIDER: Decider[Command, CatalogueImport, ImportEvent] = Decider(
    "catalogue-import", NotStarted(), decide, evolve
)


def import_history(dealer: str, import_id: str) -> History[CatalogueImport, ImportEvent]:
    stream = f"catalogue-import/{dealer}/{import_id}"
    return History(Stream(stream, stream), IMPORT_DECIDER)
