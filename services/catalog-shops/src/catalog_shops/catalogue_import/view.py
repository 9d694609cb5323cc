"""Read model of imports: their progress, and what they did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    CatalogueImportCancelled,
    CatalogueImportEnded,
    CatalogueImportProgressed,
    CatalogueImportStarted,
    ImportCounts,
    ImportFormat,
    ImportOutcome,
    ImportScope,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel

type ImportStatus = Literal["waiting", "running", "cancelling"] | ImportOutcome


class ImportView(Fact, frozen=True):
    """`done` of `total` articles of the file, which is None while it is not known.

    `articles_per_second` is the average since the first progress was recorded.
    """

    dealer: str
    import_id: str
    status: ImportStatus
    file_name: str
    size_bytes: int
    format: ImportFormat
    scope: ImportScope
    catalogue: str
    dry_run: bool
    started_at: datetime
    done: int = 0
    total: int | None = None
    counts: ImportCounts = ImportCounts()
    articles_per_second: int | None = None
    problem: str = ""
    ended_at: datetime | None = None
    first_done: int = 0
    first_at: datetime | None = None


def key_of(dealer: str, import_id: str) -> str:
    return f"{dealer}/{import_id}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case (
            CatalogueImportStarted()
            | CatalogueImportProgressed()
            | CatalogueImportCancelled()
            | CatalogueImportEnded()
        ):
            return [key_of(event.dealer, event.import_id)]
        case _:
            return []


def project(view: ImportView | None, event: Event) -> ImportView | None:
    match event:
        case CatalogueImportStarted():
            return ImportView(
                event.dealer,
                event.import_id,
                "waiting",
                event.file_name,
                event.size_bytes,
                event.format,
                event.scope,
                event.catalogue,
                event.dry_run,
                event.started_at,
            )
        case CatalogueImportProgressed() if view is not None:
            return with_progress(view, event)
        case CatalogueImportCancelled() if view is not None:
            return replace(view, status="cancelling")
        case CatalogueImportEnded() if view is not None:
            return replace(
                view,
                status=event.outcome,
                done=event.done,
                counts=event.counts,
                problem=event.problem,
                ended_at=event.ended_at,
            )
        case _:
            return view


def with_progress(view: ImportView, event: CatalogueImportProgressed) -> ImportView:
    first_at = view.first_at or event.progressed_at
    first_done = view.first_done if view.first_at else event.done
    seconds = (event.progressed_at - first_at).total_seconds()
    return replace(
        view,
        status="cancelling" if view.status == "cancelling" else "running",
        done=event.done,
        total=event.total,
        counts=event.counts,
        articles_per_second=round((event.done - first_done) / seconds) if seconds > 0 else None,
        first_done=first_done,
        first_at=first_at,
    )


IMPORTS = ReadModel(
    name="catalog-shops.imports",
    version=1,
    topics=("catalog-shops",),
    view=ImportView,
    keys=keys,
    project=project,
    lists=ListOptions(filters=("status", "scope"), sorts=("started_at",)),
)
