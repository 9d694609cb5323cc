"""From a missing product type to the brand that learns of its data model, over the log."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from onboarding_tests.samples import BRAND, MANAGER, NOON, PARTNER, brand_opened, registered

from onboarding.brand.data_models import (
    NeededProductType,
    NeedProductTypes,
    NothingToReportError,
    RequestDataModels,
)
from onboarding.brand.decider import brand_history
from onboarding.product_type.decider import ImplementDataModel, product_type_history
from onboarding.product_type.overdue import OVERDUE
from onboarding.product_type.policy import DATA_MODELS
from zugabe_events.contracts.onboarding import (
    DataModelAnswered,
    DataModelAvailable,
    DataModelAwaited,
    DataModelImplemented,
    DataModelsOverdue,
)
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Context, Event, derived_id, event_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore

MUETZE = NeededProductType("muetze", "Mütze", available=False)
DUE = date(2026, 6, 1)
OVER = start_of(date(2026, 6, 2))


class Catalogue:
    """Brands and product types over one log; policies and the clock come when they are let."""

    def __init__(self) -> None:
        self.now = NOON
        self.store = InMemoryEventStore("onboarding", lambda: self.now)
        self.delivered = 0

    @property
    def context(self) -> Context:
        return Context("central", "central", "central", self.now, "c")

    async def open_brand(self, *more: Event) -> None:
        stream = brand_history(PARTNER, BRAND).stream
        commit = Commit(derived_id("opened"), stream, 1, (brand_opened, *more), self.context)
        await self.store.append([commit])

    async def do(self, history: History, command: object) -> Sequence[Event]:  # type: ignore[type-arg]
        attempt = derived_id(str(len(self.store.commits)), repr(command))
        done = await handle(self.store, history, command, self.context, attempt=attempt)
        return done.events

    async def need(self, *types: NeededProductType) -> None:
        await self.do(brand_history(PARTNER, BRAND), NeedProductTypes(types, self.now))

    async def report(self) -> None:
        report = RequestDataModels("r1", (), MANAGER, self.now)
        await self.do(brand_history(PARTNER, BRAND), report)

    async def implement(self, label: str = "Mütze", name: str = "muetze") -> None:
        command = ImplementDataModel(name, label, "Mode", self.now)
        await self.do(product_type_history(name), command)

    async def deliver_all(self, *, again: bool = False) -> None:
        """Deliver all events to the policy, its own included. `again`: from the beginning."""
        self.delivered = 0 if again else self.delivered
        while self.delivered < len(self.store.commits):
            commit, _ = self.store.commits[self.delivered]
            self.delivered += 1
            for index, event in enumerate(commit.events):
                name = event_id(commit.id, index)
                await self.deliver(ReceivedEvent(name, event, commit.stream.id, self.now))

    async def deliver(self, received: ReceivedEvent) -> None:
        for reaction in DATA_MODELS.react(received):
            [target] = await self.store.load([reaction.target], [None])
            decided = reaction.target.decider.decide(reaction.command(), target.state)
            if decided:
                commit_id = derived_id(received.id, DATA_MODELS.name, target.stream.id)
                version = target.version + 1
                commit = Commit(commit_id, target.stream, version, tuple(decided), self.context)
                await self.store.append([commit])

    async def ring(self, at: datetime) -> None:
        """Whatever is due then rings."""
        self.now = at
        alarms: dict[str, datetime] = {}
        for event in self.events:
            match OVERDUE.due(ReceivedEvent("1", event, "brand", self.now)):
                case Schedule(key, due_at):
                    alarms[key] = due_at
                case Cancel(key):
                    del alarms[key]
        for key, due_at in alarms.items():
            if due_at <= at:
                await OVERDUE.fire(self.store, key, self.context)

    @property
    def events(self) -> Sequence[Event]:
        return [event for commit, _ in self.store.commits for event in commit.events]

    def said[E: Event](self, kind: type[E]) -> Sequence[E]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
async def catalogue() -> Catalogue:
    opened = Catalogue()
    await opened.open_brand()
    return opened


async def test_a_brand_learns_of_the_data_model_it_waited_for(catalogue: Catalogue) -> None:
    """ON-24, ON-25, ON-27"""
    await catalogue.need(MUETZE)
    await catalogue.report()
    await catalogue.deliver_all()
    [awaited] = catalogue.said(DataModelAwaited)
    assert (awaited.label, awaited.waiting.brand) == ("Mütze", BRAND)
    await catalogue.implement()
    await catalogue.deliver_all()
    [there] = catalogue.said(DataModelAvailable)
    assert (there.partner, there.brand, there.product_type) == (PARTNER, BRAND, "muetze")


async def test_what_came_before_the_question_was_heard_is_answered(catalogue: Catalogue) -> None:
    """ON-24: no brand waits for what is there."""
    await catalogue.need(MUETZE)
    await catalogue.implement()
    await catalogue.deliver_all()
    assert catalogue.said(DataModelAnswered)
    assert len(catalogue.said(DataModelAvailable)) == 1


async def test_articles_of_a_type_that_was_not_named_find_its_data_model() -> None:
    """ON-25"""
    catalogue = Catalogue()
    await catalogue.implement("Hose", "hose")
    await catalogue.open_brand(registered)
    await catalogue.deliver_all()
    [there] = catalogue.said(DataModelAvailable)
    assert there.product_type == "hose"


async def test_hearing_everything_again_says_nothing_new(catalogue: Catalogue) -> None:
    await catalogue.need(MUETZE)
    await catalogue.report()
    await catalogue.deliver_all()
    await catalogue.implement()
    await catalogue.deliver_all()
    before = len(catalogue.store.commits)
    await catalogue.deliver_all(again=True)
    assert len(catalogue.said(DataModelAvailable)) == 1
    assert len(catalogue.said(DataModelImplemented)) == 1
    assert all(isinstance(one, DataModelAnswered) for one in catalogue.events[before + 1 :])


@examples(st.permutations(["need", "report", "implement", "hear", "hear", "other"]))
async def test_whatever_comes_first_the_brand_learns_of_it_once(order: list[str]) -> None:
    """ON-24, ON-25"""
    catalogue = Catalogue()
    await catalogue.open_brand()
    needs = False
    for step in order:
        match step:
            case "need":
                await catalogue.need(MUETZE)
                needs = True
            case "report" if needs:
                with suppress(NothingToReportError):
                    await catalogue.report()
            case "implement":
                await catalogue.implement()
            case "other":
                await catalogue.implement("Zelt", "zelt")
            case _:
                await catalogue.deliver_all()
    await catalogue.deliver_all()
    [there] = catalogue.said(DataModelAvailable)
    assert there.product_type == "muetze"


async def test_the_clock_says_once_that_a_data_model_is_overdue(catalogue: Catalogue) -> None:
    """ON-28"""
    await catalogue.need(MUETZE)
    await catalogue.report()
    await catalogue.ring(OVER - timedelta(milliseconds=1))
    assert not catalogue.said(DataModelsOverdue)
    await catalogue.ring(OVER)
    await OVERDUE.fire(catalogue.store, f"{PARTNER}/{BRAND}/r1", catalogue.context)
    await catalogue.ring(OVER + timedelta(days=1))
    [overdue] = catalogue.said(DataModelsOverdue)
    assert (overdue.product_types, overdue.due_on) == (("muetze",), DUE)


@pytest.mark.parametrize("noted", [True, False])
async def test_what_came_in_time_is_never_overdue(catalogue: Catalogue, noted: bool) -> None:
    """ON-28: whether or not the brand has been told when the clock asks."""
    await catalogue.need(MUETZE)
    await catalogue.report()
    await catalogue.deliver_all()
    catalogue.now = OVER - timedelta(milliseconds=1)
    await catalogue.implement()
    if noted:
        await catalogue.deliver_all()
    await catalogue.ring(OVER)
    assert not catalogue.said(DataModelsOverdue)


async def test_what_came_a_moment_too_late_is_overdue(catalogue: Catalogue) -> None:
    """ON-28"""
    await catalogue.need(MUETZE)
    await catalogue.report()
    catalogue.now = OVER
    await catalogue.implement()
    await catalogue.ring(OVER)
    assert len(catalogue.said(DataModelsOverdue)) == 1


async def test_an_alarm_of_nobody_rings_in_vain(catalogue: Catalogue) -> None:
    before = len(catalogue.store.commits)
    await OVERDUE.fire(catalogue.store, f"{PARTNER}/nobody/r1", catalogue.context)
    await OVERDUE.fire(catalogue.store, f"{PARTNER}/{BRAND}/r1", catalogue.context)
    assert len(catalogue.store.commits) == before
