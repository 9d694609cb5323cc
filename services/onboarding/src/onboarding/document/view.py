"""The documents of a partner (ON-13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from zugabe_events.contracts.onboarding import DocumentRemoved, DocumentStored, Side
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel

type DocumentStatus = Literal["stored", "removed"]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """`dealer` is the partner. `brand` is "" for what is about all of them."""

    dealer: str
    document: str
    brand: str
    title: str
    file_name: str
    media_type: str
    size_bytes: int
    by: Side
    stored_at: datetime
    status: DocumentStatus = "stored"
    sha256: str = ""


def keys(event: Event) -> Sequence[str]:
    match event:
        case DocumentStored() | DocumentRemoved():
            return [f"{event.partner}/{event.document}"]
        case _:
            return []


def project(view: DocumentView | None, event: Event) -> DocumentView | None:
    match view, event:
        case _, DocumentStored():
            return DocumentView(
                dealer=event.partner,
                document=event.document,
                brand=event.brand,
                title=event.title,
                file_name=event.file_name,
                media_type=event.media_type,
                size_bytes=event.size_bytes,
                by=event.by,
                stored_at=event.stored_at,
                sha256=event.sha256,
            )
        case DocumentView(), DocumentRemoved():
            return replace(view, status="removed")
        case _:
            return view


DOCUMENTS = ReadModel(
    name="onboarding.documents",
    version=2,
    topics=("onboarding",),
    view=DocumentView,
    keys=keys,
    project=project,
    lists=ListOptions(("brand", "status"), ("stored_at",)),
)
