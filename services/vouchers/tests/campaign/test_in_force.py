"""What was in force when an order was placed stays so, whenever that is asked (X-17, X-40)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from vouchers.campaign.changes import registers_follow
from vouchers.campaign.decider import (
    CAMPAIGN_DECIDER,
    ActivateCampaign,
    Active,
    Campaign,
    ChangeTerms,
    DrawUpCampaign,
    EndCampaign,
    OfExisting,
    PauseCampaign,
    ResumeCampaign,
    Unknown,
)
from vouchers.campaign.register import REGISTER_DECIDER, Offers
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import RefusedError

type Step = tuple[int, Literal["change", "pause", "resume", "end"]]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

STEPS = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from(("change", "pause", "resume", "end"))),
    max_size=12,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A campaign and the register after a step at an instant, and whether it can earn vouchers."""

    at: datetime
    active: Active
    offers: Offers
    version: int
    runs: bool


def lived(terms: Callable[..., CampaignTerms], steps: Sequence[Step]) -> list[Moment]:
    """The moments of a second-purchase campaign that was activated at noon.

    Version and state are counted here by hand.
    """
    campaign: Campaign = Unknown()
    offers, at, version, runs, is_over = Offers(), NOON, 1, True, False
    moments: list[Moment] = []

    def told(command: DrawUpCampaign | OfExisting) -> bool:
        nonlocal campaign, offers
        try:
            events = CAMPAIGN_DECIDER.decide(command, campaign)
        except RefusedError:
            return False
        decided: Sequence[Any] = registers_follow(campaign, events, offers, Offers())[0]
        offers = REGISTER_DECIDER.fold(decided, offers)
        campaign = CAMPAIGN_DECIDER.fold(events, campaign)
        return True

    def written(value: int) -> CampaignTerms:
        return terms(kind="second-purchase", value=value)

    told(DrawUpCampaign("acme", "again", written(1)))
    told(ActivateCampaign(at))
    for gap, kind in [(0, "activation"), *steps]:
        at += gap * MINUTE
        match kind:
            case "change":
                version += told(ChangeTerms(written(version + 1), version, at))
            case "pause":
                runs = runs and not told(PauseCampaign(at))
            case "resume":
                runs = told(ResumeCampaign(at)) and not is_over
            case "end":
                assert told(EndCampaign(at))
                runs, is_over = False, True
        assert isinstance(campaign, Active)
        moments.append(Moment(at, campaign, offers, version, runs))
    return moments


@given(STEPS)
def test_an_order_has_the_terms_of_its_moment_however_late_it_is_heard_of(
    terms: Callable[..., CampaignTerms], steps: list[Step]
) -> None:
    """X-17, X-40, N-3: at once, after more changes, or replayed from the whole log."""
    moments = lived(terms, steps)
    for number, moment in enumerate(moments):
        later = moments[number:]
        placed_at = moment.at if len(later) == 1 else later[1].at - timedelta(microseconds=1)
        for heard in later:
            for instant in (moment.at, placed_at):
                found = heard.active.in_force_at(instant)
                assert (found.version, found.terms.value) == (moment.version, moment.version)
                offered = [offer.version for offer in heard.offers.at(instant)]
                assert offered == [moment.version] * moment.runs


@given(STEPS)
def test_an_imported_order_follows_the_latest_offer(
    terms: Callable[..., CampaignTerms], steps: list[Step]
) -> None:
    """X-30: however long ago it was placed, also while the campaign is paused or over."""
    last = lived(terms, steps)[-1]
    [offer] = last.offers.at(None)
    assert offer.version <= last.version
    assert last.active.in_force_at(NOON - timedelta(days=9_000)).version == 1


@given(STEPS, st.integers(0, 120))
def test_a_quote_keeps_its_version_for_half_an_hour(
    terms: Callable[..., CampaignTerms], steps: list[Step], minutes: int
) -> None:
    """X-17: whatever was shown at an instant is given to who orders within the half hour."""
    moments = lived(terms, steps)
    last = moments[-1].active
    for number, shown in enumerate(moments):
        ends = moments[number + 1 :]
        quoted_at = ends[0].at - timedelta(microseconds=1) if ends else shown.at
        ordered_at = quoted_at + minutes * MINUTE
        kept = last.as_quoted(shown.version, ordered_at)
        if minutes < 30:
            assert kept.version == shown.version
        assert kept.version in (shown.version, last.in_force_at(ordered_at).version)
