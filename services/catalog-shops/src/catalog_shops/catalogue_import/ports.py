"""The needs of carrying out imports that their process fulfils."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog_shops.article.view import ArticleView
from catalog_shops.catalogue_import.import_errors import ImportErrors
from catalog_shops.catalogue_import.import_queue import ImportQueue
from catalog_shops.catalogue_import.reading import (
    Reading,
    Recognition,
    read_in_process,
    recognise_in_process,
)
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.files.store import Files


@dataclass(frozen=True, slots=True)
class ImportStorage:
    """`files` are kept until their import is over; `folder` has them while they are read."""

    files: Files
    queue: ImportQueue
    errors: ImportErrors
    folder: Path
    reading: Reading = read_in_process
    recognition: Recognition = recognise_in_process


@dataclass(frozen=True, slots=True)
class ImportParts:
    store: EventStore
    articles: Views[ArticleView]
    storage: ImportStorage
    now: Callable[[], datetime]


def file_name_of(dealer: str, import_id: str, sha256: str) -> str:
    """None of them has a slash."""
    return f"{dealer}/{import_id}/{sha256}"
