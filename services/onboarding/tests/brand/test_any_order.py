"""No order of commands reaches a phase whose gate is not met; looked at from the events alone."""

from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from onboarding_tests.samples import CONTACT, NOON, PLANNED, STEPS, brand_opened

from onboarding.brand.articles import (
    CreateContent,
    LeaveOutArticles,
    LetArticlesLive,
    RegisterArticles,
    SendReporting,
)
from onboarding.brand.data_models import NeededProductType, NeedProductTypes, NoteDataModel
from onboarding.brand.decider import BRAND_DECIDER, Command
from onboarding.brand.logistics import AnnounceDelivery, BookReceipt
from onboarding.brand.phases import CompletePhase, GrantWaiver, StartPhases
from onboarding.brand.releases import (
    ChoosePlatforms,
    GrantRelease,
    MeetPrecondition,
    RefuseRelease,
    RequestRelease,
    WithdrawRelease,
)
from onboarding.brand.reminders import Remind
from onboarding.brand.state import PHASES, WAIVABLE, brand_of
from onboarding.brand.steps import FinishStep
from onboarding.warehouse.decider import ChooseWarehouse, KnownWarehouse
from zugabe_events.contracts.onboarding import (
    Article,
    ArticlesLeftOut,
    ArticlesRegistered,
    ArticlesWentLive,
    BrandEvent,
    BrandWentLive,
    ContentCreated,
    DataModelAvailable,
    DeliveryDisclosed,
    GoodsReceived,
    PhaseCompleted,
    PhaseStarted,
    PreconditionMet,
    ProductTypesNeeded,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
    ReportingSent,
    StepDone,
    WaiverGranted,
    WarehouseChosen,
)
from zugabe_events.domain.errors import RefusedError

TODAY = date(2026, 5, 4)
PLACES = tuple(KnownWarehouse(name, name, f"Kai {name}", "") for name in ("hamburg", "kiel"))
PLATFORMS = ("amazon", "otto")
DEMANDED = {"amazon": ("brand-registration",), "otto": ()}
TYPES = (NeededProductType("hose", "Hose", True), NeededProductType("muetze", "Mütze", False))
NAMES = ("a", "b", "c")

STRAIGHT: tuple[Command, ...] = (
    StartPhases(CONTACT, NOON),
    *(FinishStep(step, NOON) for step in STEPS),
    ChooseWarehouse(PLACES[0], CONTACT, NOON, PLANNED),
    ChoosePlatforms(PLATFORMS, NOON),
    NeedProductTypes(TYPES, NOON),
    CompletePhase("organisation", CONTACT, None, NOON),
    RegisterArticles((Article("a", "hose"), Article("b", "muetze")), NOON),
    NoteDataModel("muetze", NOON),
    CreateContent(("a", "b"), ("a",), NOON),
    CreateContent((), ("b",), NOON),
    CompletePhase("content", CONTACT, PLACES[0], NOON),
    BookReceipt("w-1", TODAY, 1, TODAY, NOON),
    CompletePhase("logistics", CONTACT, None, NOON),
    *(RequestRelease(platform, DEMANDED[platform], NOON) for platform in PLATFORMS),
    *(GrantRelease(platform, NOON) for platform in PLATFORMS),
    MeetPrecondition("amazon", "brand-registration", DEMANDED["amazon"], NOON),
    RegisterArticles((Article("c", "hose"),), NOON),
    CreateContent(("c",), (), NOON),
    CreateContent((), ("c",), NOON),
    *(LetArticlesLive(platform, ("a", "c"), NOON) for platform in PLATFORMS),
    SendReporting(CONTACT, "https://r.example.org", ("https://d.example.org",), NOON),
    CompletePhase("live", CONTACT, None, NOON),
)
"""The way that ends."""

platforms = st.sampled_from(PLATFORMS)
names = st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)
ANY = st.one_of(
    st.sampled_from(STRAIGHT),
    st.builds(CompletePhase, st.sampled_from(PHASES), st.just(CONTACT),
              st.sampled_from((None, *PLACES)), st.just(NOON)),
    st.builds(GrantWaiver, st.sampled_from((*sorted(WAIVABLE), "goods-receipt", "warehouse")),
              st.just("x"), st.just(NOON)),
    st.builds(ChooseWarehouse, st.sampled_from(PLACES), st.just(CONTACT), st.just(NOON),
              st.sampled_from((None, PLANNED))),
    st.builds(NeedProductTypes, st.lists(st.sampled_from(TYPES), unique=True).map(tuple),
              st.just(NOON)),
    st.builds(RegisterArticles, st.lists(
        st.builds(Article, st.sampled_from(NAMES), st.sampled_from(("hose", "muetze"))),
        min_size=1, max_size=3).map(tuple), st.just(NOON)),
    st.builds(LeaveOutArticles, names, st.just("x"), st.just(NOON)),
    st.builds(CreateContent, names, names, st.just(NOON)),
    st.builds(LetArticlesLive, platforms, names, st.just(NOON)),
    st.builds(AnnounceDelivery, st.just("l"), st.just(TODAY), st.just(1), st.just(TODAY),
              st.just(NOON)),
    st.builds(RefuseRelease, platforms, st.just("x"), st.just(NOON)),
    st.builds(WithdrawRelease, platforms, st.just("x"), st.just(NOON)),
    st.just(Remind(CONTACT, NOON, again=True)),
)  # fmt: skip


@st.composite
def journeys(draw: st.DrawFn) -> list[Command]:
    """The straight way with steps left out and others taken between."""
    left_out = draw(st.sets(st.integers(0, len(STRAIGHT) - 1), max_size=3))
    detours = draw(st.lists(st.tuples(st.integers(0, len(STRAIGHT)), ANY), max_size=25))
    journey: list[Command] = []
    for place in range(len(STRAIGHT) + 1):
        journey += [command for where, command in detours if where == place]
        if place < len(STRAIGHT) and place not in left_out:
            journey.append(STRAIGHT[place])
    return journey


def happened(journey: list[Command]) -> list[BrandEvent]:
    events: list[BrandEvent] = [brand_opened]
    state = BRAND_DECIDER.fold(events)
    for number, command in enumerate(journey):
        try:
            decided = BRAND_DECIDER.decide(command, state)
        except RefusedError:
            continue
        events += decided
        state = BRAND_DECIDER.fold(decided, state)
        assert list(BRAND_DECIDER.decide(command, state)) == [] or isinstance(command, Remind), (
            number
        )
    return events


def test_the_straight_way_ends() -> None:
    assert any(isinstance(event, BrandWentLive) for event in happened(list(STRAIGHT)))


@settings(max_examples=300, deadline=timedelta(seconds=2))
@generated(journeys())
def test_no_order_of_commands_passes_a_closed_gate(journey: list[Command]) -> None:
    """ON-1, ON-4, ON-6, ON-7, ON-8, ON-10, ON-15, ON-16, ON-20, ON-25, ON-31, Q14"""
    seen = Seen()
    for event in happened(journey):
        seen.look(event)


@settings(max_examples=100, deadline=timedelta(seconds=2))
@generated(journeys())
def test_counts_are_what_is_there(journey: list[Command]) -> None:
    state = brand_of(BRAND_DECIDER.fold(happened(journey)))
    progress, shown = state.progress, state.articles.values()
    assert progress.articles == len(state.articles)
    assert progress.texts == sum(one.text for one in shown)
    assert progress.images == sum(one.image for one in shown)
    assert progress.live == {platform: len(live) for platform, live in state.live.items()}
    assert progress.receipts == len(state.receipts)
    assert progress.deliveries == len(state.deliveries)


class Seen:
    """A second model of the brand, built from its events independently of the state."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.completed: list[str] = []
        self.steps: set[str] = set()
        self.waived: set[str] = set()
        self.warehouse = ""
        self.told = ""
        self.types: dict[str, str] = {}
        self.models: set[str] = set()
        self.texts: set[str] = set()
        self.images: set[str] = set()
        self.release: dict[str, str] = {}
        self.met: set[str] = set()
        self.live: dict[str, set[str]] = defaultdict(set)
        self.received = self.reported = self.ended = False

    def look(self, event: BrandEvent) -> None:  # noqa: C901
        match event:
            case PhaseStarted(phase=phase):
                assert [*self.phases, phase] == list(PHASES[: len(self.phases) + 1])
                assert self.completed == self.phases
                self.phases.append(phase)
            case PhaseCompleted(phase=phase, waived=waived):
                assert self.phases[-1] == phase
                assert phase not in self.completed
                self.may_end(phase)
                assert {one.requirement for one in waived} <= self.waived
                self.completed.append(phase)
            case BrandWentLive(platforms=live):
                assert self.completed == list(PHASES)
                assert not self.ended
                assert set(live) == {name for name, articles in self.live.items() if articles}
                self.ended = True
            case StepDone(step=step):
                self.steps.add(step)
            case WaiverGranted(requirement=requirement):
                self.waived.add(requirement)
            case WarehouseChosen(warehouse=warehouse, planned=planned):
                assert planned or "warehouse" in self.steps or "form:warehouse" in self.waived
                self.warehouse = warehouse
            case DeliveryDisclosed(warehouse=warehouse):
                assert "logistics" in self.phases
                assert warehouse == self.warehouse
                self.told = warehouse
            case ProductTypesNeeded(available=available):
                self.models |= {*available}
            case DataModelAvailable(product_type=product_type):
                self.models.add(product_type)
            case ArticlesRegistered(articles=articles):
                assert self.phases
                assert not {one.article for one in articles} & {*self.types}
                self.types |= {one.article: one.product_type for one in articles}
            case ArticlesLeftOut(articles=left_out):
                assert not {*left_out} & {name for live in self.live.values() for name in live}
                for name in left_out:
                    del self.types[name]
                self.texts -= {*left_out}
                self.images -= {*left_out}
            case ContentCreated(texts=texts, images=images):
                assert "content" in self.phases
                assert {self.types[one] for one in texts} <= self.models
                assert not {*texts} & self.texts
                self.texts |= {*texts}
                self.images |= {*images}
            case GoodsReceived():
                assert "logistics" in self.phases
                assert self.told == self.warehouse
                self.received = True
            case ReleaseRequested(platform=platform):
                assert "releases" in self.steps
                self.release[platform] = "requested"
            case ReleaseGranted(platform=platform):
                assert self.release[platform] == "requested"
                self.release[platform] = "granted"
            case ReleaseRefused(platform=platform) | ReleaseWithdrawn(platform=platform):
                self.release[platform] = "ended"
                self.live[platform].clear()
            case PreconditionMet(platform=platform):
                self.met.add(platform)
            case ArticlesWentLive(platform=platform, articles=went_live):
                assert "live" in self.phases
                assert self.release[platform] == "granted"
                assert platform != "amazon" or "amazon" in self.met
                assert {*went_live} <= self.texts & self.images
                self.live[platform] |= {*went_live}
            case ReportingSent():
                assert "live" in self.phases
                self.reported = True
            case _:
                pass

    def may_end(self, phase: str) -> None:
        match phase:
            case "organisation":
                forms = {f"form:{step}" for step in {*STEPS} - self.steps}
                assert forms <= self.waived - {"form:releases"}
                assert self.warehouse
            case "content":
                self.has_content()
            case "logistics":
                self.has_content()
                assert self.received
            case "live":
                assert self.reported or "reporting" in self.waived
                free = {
                    name
                    for name, status in self.release.items()
                    if status == "granted" and (name != "amazon" or "amazon" in self.met)
                }
                assert free
                assert all(self.live[name] for name in free)

    def has_content(self) -> None:
        assert self.types
        assert {*self.types} == self.texts == self.images
