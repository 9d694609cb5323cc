"""An import under an Idempotency-Key: begun with one file, finished once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.onboarding import ImportBegun, ImportFinished, ImportMistake
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

MAX_MISTAKES_KEPT = 2_000
"""More would not fit into an event."""


@dataclass(frozen=True, slots=True)
class BeginImport:
    import_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FinishImport:
    new: int
    changed: int
    unchanged: int
    mistakes: tuple[ImportMistake, ...]
    at: datetime


type Command = BeginImport | FinishImport
type FileImportEvent = ImportBegun | ImportFinished


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Running:
    import_id: str


@dataclass(frozen=True, slots=True)
class Finished:
    event: ImportFinished


type FileImport = Unknown | Running | Finished


def decide(command: Command, file_import: FileImport) -> Sequence[FileImportEvent]:
    match command, file_import:
        case BeginImport(import_id, at), Unknown():
            return [ImportBegun(import_id, at)]
        case FinishImport(new, changed, unchanged, mistakes, at), Running(import_id):
            kept = mistakes[:MAX_MISTAKES_KEPT]
            return [ImportFinished(import_id, new, changed, unchanged, kept, at)]
        case _:
            return []


def evolve(_: FileImport, event: FileImportEvent) -> FileImport:
    match event:
        case ImportBegun():
            return Running(event.import_id)
        case ImportFinished():
            return Finished(event)


FILE_IMPORT_DECIDER: Decider[Command, FileImport, FileImportEvent] = Decider(
    "file-import", Unknown(), decide, evolve
)


def file_import_history(import_id: str) -> History[FileImport, FileImportEvent]:
    return History(Stream(f"import/{import_id}", import_id), FILE_IMPORT_DECIDER)
