"""Texts of a dealer's programme: versions, and since when users have to accept them (X-23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import get_args

from bonus.text.template import check_placeholders
from zugabe_events.contracts.bonus import AcceptedText, ProgrammeTextPublished, TextKind
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

KINDS: Sequence[TextKind] = get_args(TextKind.__value__)


@dataclass(frozen=True, slots=True)
class PublishText:
    """`is_material`: users have to accept it before they collect further points."""

    dealer: str
    kind: TextKind
    body: str
    is_material: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Texts:
    """`material` are the instants since which something new has to be accepted, in order."""

    latest: Mapping[TextKind, Published] = field(default_factory=dict)
    material: tuple[datetime, ...] = ()

    def material_since(self, at: datetime) -> datetime | None:
        """The last material version that is in force at an instant began then."""
        return next((since for since in reversed(self.material) if since <= at), None)

    @property
    def to_accept(self) -> tuple[AcceptedText, ...]:
        """All texts in their present versions."""
        return tuple(AcceptedText(kind, self.version_of(kind)) for kind in KINDS)

    def version_of(self, kind: TextKind) -> int:
        """0 before the dealer has published one."""
        published = self.latest.get(kind)
        return published.version if published else 0


def decide(command: PublishText, texts: Texts) -> Sequence[ProgrammeTextPublished]:
    """Raises InvalidError for placeholders that nothing fills in."""
    check_placeholders(command.body)
    before = texts.latest.get(command.kind)
    if before and before.digest == digest_of(command.body):
        return []
    version = before.version + 1 if before else 1
    at = max((command.at, *texts.material[-1:]))
    return [
        ProgrammeTextPublished(
            command.dealer, command.kind, version, command.body, command.is_material, at
        )
    ]


def evolve(texts: Texts, event: ProgrammeTextPublished) -> Texts:
    published = Published(event.version, digest_of(event.body))
    material = (*texts.material, event.published_at) if event.is_material else texts.material
    return Texts({**texts.latest, event.kind: published}, material)


def digest_of(body: str) -> str:
    return sha256(body.encode()).hexdigest()


TEXTS_DECIDER: Decider[PublishText, Texts, ProgrammeTextPublished] = Decider(
    "programme-texts", Texts(), decide, evolve
)


def texts_history(dealer: str) -> History[Texts, ProgrammeTextPublished]:
    stream = f"programme-texts/{dealer}"
    return History(Stream(stream, stream), TEXTS_DECIDER)
