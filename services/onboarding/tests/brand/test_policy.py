"""A partner's welcome and steps reach each of the partner's brands once."""

import pytest
from onboarding_tests.samples import BRAND, NOON, PARTNER, brand_opened, done, started, welcomed

from onboarding.brand.decider import BRAND_DECIDER, brand_history
from onboarding.brand.policy import react
from zugabe_events.contracts.onboarding import BrandEvent, StepDone, StepTurned
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import ReceivedEvent


def decided(event: Event, *history: BrandEvent) -> list[BrandEvent]:
    """Events appended to the brand's stream."""
    [reaction] = react(ReceivedEvent("e1", event, f"partner/{PARTNER}", NOON))
    assert reaction.target.stream == brand_history(PARTNER, BRAND).stream
    return list(BRAND_DECIDER.decide(reaction.command(), BRAND_DECIDER.fold(history)))  # type: ignore[arg-type]


def test_the_welcome_starts_the_first_phase_of_every_brand() -> None:
    """ON-2, Q15"""
    assert decided(welcomed, brand_opened) == [started("organisation")]
    assert decided(welcomed, brand_opened, started("organisation")) == []


def test_a_step_of_the_partner_is_done_for_every_brand() -> None:
    """ON-14"""
    of_all = StepDone(PARTNER, (BRAND, "fjord"), "contacts", NOON)
    reactions = react(ReceivedEvent("e1", of_all, f"partner/{PARTNER}", NOON))
    assert [one.target.stream.id for one in reactions] == [
        f"brand/{PARTNER}/{BRAND}",
        f"brand/{PARTNER}/fjord",
    ]
    assert decided(StepDone(PARTNER, (BRAND,), "contacts", NOON), brand_opened) == [
        done("contacts")
    ]


@pytest.mark.parametrize(
    "event", [done("contacts"), StepTurned(PARTNER, (BRAND,), "contacts", "central", NOON)]
)
def test_a_brand_that_hears_of_its_own_step_does_nothing(event: BrandEvent) -> None:
    assert react(ReceivedEvent("e1", event, f"brand/{PARTNER}/{BRAND}", NOON)) == []


def test_nothing_else_concerns_it() -> None:
    assert react(ReceivedEvent("e1", brand_opened, f"brand/{PARTNER}/{BRAND}", NOON)) == []
