"""A brand's state as decisions need it, and the gates of its phases: what each still needs, and who
owes it.

Counts are enough for gates: a decision emits only what is new, so nothing is counted twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec
from immutables import Map
from msgspec import field

from onboarding.labels import PHASES as PHASE_LABELS
from onboarding.labels import RELEASE_FORMS
from zugabe_events.contracts.onboarding import (
    DeliveryDisclosed,
    Missing,
    Phase,
    Side,
    Step,
    StepTurned,
    Waited,
)
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Fact
from zugabe_events.domain.german_numbers import thousands

PHASES: tuple[Phase, ...] = ("organisation", "content", "logistics", "live")
"""One after the other (ON-1)."""

STEPS: tuple[Step, ...] = ("releases", "contacts", "data-models", "warehouse", "customer-service")
"""The sub-steps of the organisation phase (ON-14)."""

WAIVABLE = frozenset(
    {
        "form:contacts",
        "form:data-models",
        "form:warehouse",
        "form:customer-service",
        "reporting",
    }
)
"""Not the release forms, the only way to a release (ON-16), nor the warehouse, without which no
address could be disclosed (ON-31), nor content (ON-6, ON-7), nor the goods receipt (ON-7), nor live
articles (ON-10): a platform that is not wanted any more is withdrawn. Nor what a platform demands
(ON-20)."""


class BrandNotFoundError(NotFoundError):
    code = "brand-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Marke gibt es nicht.")


class PhaseNotStartedError(RefusedError):
    """Phases come one after the other (ON-1)."""

    code = "phase-not-started"

    def __init__(self, phase: Phase) -> None:
        super().__init__(f"Die Phase {PHASE_LABELS[phase]} hat noch nicht begonnen.", phase=phase)


class TooManyError(RefusedError):
    """The brand has the maximum number of a kind; its history must not grow without limit."""

    code = "too-many"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            f"Mehr als {thousands(most)} {what} je Marke sind nicht möglich.", most=most
        )


type ReleaseStatus = Literal["requested", "granted", "refused", "withdrawn"]


class Release(Fact, frozen=True):
    """`open`: preconditions of the platform that are not met yet; they block only it (ON-20)."""

    status: ReleaseStatus
    open: tuple[str, ...] = ()


class Request(Fact, frozen=True):
    """Product types that were reported as missing (ON-27)."""

    product_types: tuple[str, ...]
    due_on: date
    overdue: tuple[str, ...] = ()


class Progress(Fact, frozen=True):
    """`phase` is the one that runs or, with `live_at`, the last; None: not welcomed yet.

    `releases` and `live` (articles, by platform) are by platform, `requests` by their id, `labels`
    by product type. Forms of steps `handed_in` wait for central; those `accepted`, with their step,
    are done although the step may not be. Tuples that stand for sets are
    sorted.
    """

    phase: Phase | None = None
    started_at: datetime | None = None
    live_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    handed_in: tuple[Step, ...] = ()
    waivers: tuple[str, ...] = ()
    warehouse: str | None = None
    product_types: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)
    platforms: tuple[str, ...] = ()
    releases: Mapping[str, Release] = field(default_factory=dict)
    met: tuple[str, ...] = ()
    articles: int = 0
    article_types: tuple[str, ...] = ()
    texts: int = 0
    images: int = 0
    disclosed: bool = False
    deliveries: int = 0
    receipts: int = 0
    live: Mapping[str, int] = field(default_factory=dict)
    reported: bool = False
    reporting_url: str = ""
    data_links: tuple[str, ...] = ()
    accepted: Mapping[str, Step] = field(default_factory=dict)

    def has_started(self, phase: Phase) -> bool:
        return self.phase is not None and PHASES.index(phase) <= PHASES.index(self.phase)

    def has_completed(self, phase: Phase) -> bool:
        return self.has_started(phase) and (phase != self.phase or self.live_at is not None)

    @property
    def granted(self) -> tuple[str, ...]:
        """Platforms on which the brand may be sold (ON-15)."""
        return tuple(name for name, release in self.releases.items() if release.status == "granted")

    @property
    def without_data_model(self) -> tuple[str, ...]:
        """Product types of the brand that have no data model (ON-24)."""
        return tuple(
            product_type
            for product_type in self.product_types
            if product_type not in self.available
        )


type WaitsFor = Literal["partner", "central", "nobody"]


class WaitingTime(Fact, frozen=True):
    """Seconds that the running phase has waited for each side until `seen`."""

    seen: datetime | None = None
    partner: float = 0.0
    central: float = 0.0

    def until(self, at: datetime, whom: WaitsFor) -> "WaitingTime":
        """Clocks differ: time never goes back."""
        seen = self.seen or at
        seconds = max(0.0, (at - seen).total_seconds())
        match whom:
            case "partner":
                return WaitingTime(max(seen, at), self.partner + seconds, self.central)
            case "central":
                return WaitingTime(max(seen, at), self.partner, self.central + seconds)
            case "nobody":
                return self

    @property
    def total(self) -> Waited:
        return Waited(round(self.partner), round(self.central))


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """An article, and whether text and images of it are in the PIM (ON-5)."""

    product_type: str
    text: bool = False
    image: bool = False

    @property
    def complete(self) -> bool:
        return self.text and self.image


@dataclass(frozen=True, slots=True)
class Pieces:
    """A delivery or a goods receipt."""

    on: date
    pieces: int


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


class Brand(msgspec.Struct, frozen=True):
    """`live` is by platform and article; `reminded` are phases with an automatic reminder.
    `reporting` is its address, the data links, and the id of the contact they were sent to."""

    partner: str
    brand: str
    name: str
    progress: Progress = field(default_factory=Progress)
    waiting: WaitingTime = field(default_factory=WaitingTime)
    articles: Map[str, ArticleContent] = field(default_factory=Map)
    left_out: Map[str, bool] = field(default_factory=Map)
    live: Map[str, Map[str, bool]] = field(default_factory=Map)
    deliveries: Map[str, Pieces] = field(default_factory=Map)
    receipts: Map[str, Pieces] = field(default_factory=Map)
    disclosed: DeliveryDisclosed | None = None
    reporting: tuple[str, tuple[str, ...], str] | None = None
    reminded: tuple[Phase, ...] = ()
    partner_name: str = ""
    reminded_at: datetime | None = None


type State = Unknown | Brand


def brand_of(state: State) -> Brand:
    """Raise BrandNotFoundError."""
    match state:
        case Unknown():
            raise BrandNotFoundError
        case Brand():
            return state


def require_phase(brand: Brand, phase: Phase) -> None:
    """Raise PhaseNotStartedError before a phase has started."""
    if not brand.progress.has_started(phase):
        raise PhaseNotStartedError(phase)


def with_all[Name: str](names: tuple[Name, ...], *more: Name) -> tuple[Name, ...]:
    return tuple(sorted({*names, *more}))


def without[Name: str](names: tuple[Name, ...], name: Name) -> tuple[Name, ...]:
    return tuple(each for each in names if each != name)


def turned(handed_in: tuple[Step, ...], event: StepTurned) -> tuple[Step, ...]:
    others = {*handed_in} - {event.step}
    return tuple(sorted(others | {event.step} if event.turn == "central" else others))


def missing(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """All that the phase still needs, with what earlier ones lack again."""
    return tuple(lacking for lacking in needed(progress, phase) if not is_waived(progress, lacking))


def is_waived(progress: Progress, lacking: Missing) -> bool:
    """Stored waivers of what cannot be waived any more count for nothing (Q32)."""
    return lacking.requirement in WAIVABLE and lacking.requirement in progress.waivers


def needed(progress: Progress, phase: Phase) -> Iterator[Missing]:
    match phase:
        case "organisation":
            yield from of_organisation(progress)
        case "content":
            yield from of_content(progress)
        case "logistics":
            yield from of_content(progress)
            if not progress.receipts:
                yield Missing("goods-receipt", "central" if progress.deliveries else "partner")
        case "live":
            yield from of_going_live(progress)


def of_organisation(progress: Progress) -> Iterator[Missing]:
    """Open releases and data models do not block it (Q14)."""
    for step in STEPS:
        if step not in progress.steps:
            owner: Side = "central" if step in progress.handed_in else "partner"
            yield Missing(f"form:{step}", owner, form_left_of(step, progress))
    if progress.warehouse is None:
        yield Missing("warehouse", "central")


def form_left_of(step: Step, progress: Progress) -> str:
    """The one form of the releases that is missing while the other is accepted, or "" (D10)."""
    if step != "releases" or step not in progress.accepted.values():
        return ""
    return next((form for form in RELEASE_FORMS if form not in progress.accepted), "")


def of_content(progress: Progress) -> Iterator[Missing]:
    """Text and images of all registered articles (ON-5, ON-6); guides help the partner with them,
    and central provides the data models without which there is no text (ON-25)."""
    if not progress.articles:
        yield Missing("articles", "partner")
    for product_type in progress.article_types:
        if product_type not in progress.available:
            yield Missing("data-model", "central", product_type)
    if lacking := progress.articles - progress.texts:
        yield Missing("texts", "partner", count=lacking)
    if lacking := progress.articles - progress.images:
        yield Missing("images", "partner", count=lacking)


def of_going_live(progress: Progress) -> Iterator[Missing]:
    """Live articles on every released platform (ON-10). One whose own preconditions are open blocks
    only itself (ON-20), unless there is no other."""
    granted = progress.granted
    free = [name for name in granted if not progress.releases[name].open]
    if not granted:
        yield Missing("release", "central")
    for platform in () if free else granted:
        for precondition in progress.releases[platform].open:
            yield Missing(f"precondition:{precondition}", "partner", platform)
    for platform in free:
        if not progress.live.get(platform):
            yield Missing("live-articles", "central", platform)
    if not progress.reported:
        yield Missing("reporting", "central")


def waits_for(progress: Progress) -> WaitsFor:
    """The partner while they owe something; otherwise central, which also completes phases."""
    if progress.phase is None or progress.live_at is not None:
        return "nobody"
    return owed_by(missing(progress, progress.phase))


def owed_by(lacking: Iterable[Missing]) -> WaitsFor:
    return "partner" if any(each.owner == "partner" for each in lacking) else "central"
