"""Read model of the texts of dealers' programmes, in their latest versions."""

from collections.abc import Sequence
from datetime import datetime

from zugabe_events.contracts.bonus import ProgrammeTextPublished, TextKind
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class TextView(Fact, frozen=True):
    """`body` has placeholders."""

    dealer: str
    kind: TextKind
    version: int
    body: str
    published_at: datetime


def key_of(dealer: str, kind: TextKind) -> str:
    return f"{dealer}/{kind}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case ProgrammeTextPublished():
            return [key_of(event.dealer, event.kind)]
        case _:
            return []


def project(view: TextView | None, event: Event) -> TextView | None:
    match event:
        case ProgrammeTextPublished():
            return TextView(event.dealer, event.kind, event.version, event.body, event.published_at)
        case _:
            return view


TEXTS = ReadModel("bonus.texts", 1, ("bonus",), TextView, keys, project)
