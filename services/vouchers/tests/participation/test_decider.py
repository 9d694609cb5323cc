"""A dealer joins central campaigns, changes their minimum order value, and leaves them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

from vouchers.campaign.decider import CAMPAIGN_DECIDER, Active, Campaign, Unknown
from vouchers.participation.decider import (
    MAX_VERSIONS,
    PARTICIPATION_DECIDER,
    ChangeMinimum,
    Command,
    JoinCampaign,
    LeaveCampaign,
    Participation,
    ParticipationError,
    Participations,
)
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignCreated,
    CampaignEnded,
    CampaignJoined,
    CampaignLeft,
    CampaignMinimumChanged,
    CampaignPaused,
    CampaignTerms,
)
from zugabe_events.domain.errors import NotFoundError
from zugabe_testing.deciders import given

type Terms = Callable[..., CampaignTerms]

ID = "central-spring"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
JOINED = CampaignJoined(ID, "acme", 1, None, NOON)
LEFT = CampaignLeft(ID, "acme", 2, LATER)


@pytest.fixture(name="active")
def active_campaign(terms: Terms) -> Active:
    campaign = CAMPAIGN_DECIDER.fold([CampaignActivated(ID, "central", 1, terms(), NOON)])
    assert isinstance(campaign, Active)
    return campaign


def join(campaign: Campaign, minimum_cents: int | None = None, at: datetime = NOON) -> JoinCampaign:
    return JoinCampaign("acme", ID, minimum_cents, campaign, at)


def test_a_dealer_joins_with_a_minimum_of_their_own(active: Active) -> None:
    """VO-27"""
    joined = CampaignJoined(ID, "acme", 1, 5_000, NOON)
    given(PARTICIPATION_DECIDER).when(join(active, 5_000)).then(joined)


def test_joining_again_in_the_same_way_changes_nothing(active: Active) -> None:
    given(PARTICIPATION_DECIDER, JOINED).when(join(active, at=LATER)).then()


def test_joining_twice_with_another_minimum_is_refused(active: Active) -> None:
    command = join(active, 5_000)
    given(PARTICIPATION_DECIDER, JOINED).when(command).refused(
        ParticipationError, "participation-exists"
    )


def test_who_has_left_may_join_again(active: Active) -> None:
    """Q21"""
    again = join(active, 2_000, LATER + timedelta(days=1))
    joined = CampaignJoined(ID, "acme", 3, 2_000, LATER + timedelta(days=1))
    given(PARTICIPATION_DECIDER, JOINED, LEFT).when(again).then(joined)


def test_only_a_campaign_that_was_activated_can_be_joined(terms: Terms) -> None:
    draft = CAMPAIGN_DECIDER.fold([CampaignCreated(ID, "central", 1, terms())])
    for campaign in (Unknown(), draft):
        given(PARTICIPATION_DECIDER).when(join(campaign)).refused(NotFoundError)


def test_a_campaign_that_is_over_cannot_be_joined(active: Active) -> None:
    ended = CAMPAIGN_DECIDER.evolve(active, CampaignEnded(ID, "central", NOON))
    given(PARTICIPATION_DECIDER).when(join(ended)).refused(ParticipationError, "campaign-ended")
    late = join(active, at=datetime(2026, 6, 1, 12, tzinfo=UTC))
    given(PARTICIPATION_DECIDER).when(late).refused(ParticipationError, "campaign-expired")


def test_a_paused_campaign_can_be_joined(active: Active) -> None:
    paused = CAMPAIGN_DECIDER.evolve(active, CampaignPaused(ID, "central", NOON))
    given(PARTICIPATION_DECIDER).when(join(paused)).then(JOINED)


def test_the_minimum_changes_by_a_version(active: Active) -> None:
    """VO-27, Q29"""
    command = ChangeMinimum("acme", ID, 5_000, 1, LATER)
    changed = CampaignMinimumChanged(ID, "acme", 2, 5_000, LATER)
    given(PARTICIPATION_DECIDER, JOINED).when(command).then(changed)
    given(PARTICIPATION_DECIDER, JOINED, changed).when(command).then()
    known = PARTICIPATION_DECIDER.fold([JOINED, changed])
    assert known.at(ID, NOON) == Participation(1, NOON, True)
    assert known.at(ID, LATER) == Participation(2, LATER, True, 5_000)


def test_a_change_of_an_older_version_is_refused() -> None:
    changed = CampaignMinimumChanged(ID, "acme", 2, 5_000, LATER)
    command = ChangeMinimum("acme", ID, 6_000, 1, LATER)
    refusal = given(PARTICIPATION_DECIDER, JOINED, changed).when(command)
    assert refusal.refused(ParticipationError, "version-stale").facts == {"version": 2}


def test_only_who_takes_part_changes_the_minimum() -> None:
    command = ChangeMinimum("acme", ID, 5_000, 2, LATER)
    given(PARTICIPATION_DECIDER).when(command).refused(NotFoundError)
    given(PARTICIPATION_DECIDER, JOINED, LEFT).when(command).refused(NotFoundError)


def test_a_dealer_leaves_once() -> None:
    """VO-29"""
    command = LeaveCampaign("acme", ID, LATER)
    given(PARTICIPATION_DECIDER).when(command).refused(NotFoundError)
    given(PARTICIPATION_DECIDER, JOINED).when(command).then(LEFT)
    given(PARTICIPATION_DECIDER, JOINED, LEFT).when(command).then()


def test_a_clock_that_lags_behind_orders_nothing_anew() -> None:
    early = NOON - timedelta(seconds=5)
    given(PARTICIPATION_DECIDER, JOINED).when(LeaveCampaign("acme", ID, early)).then(
        CampaignLeft(ID, "acme", 2, NOON)
    )


def test_changes_have_an_end_and_leaving_has_none(active: Active) -> None:
    last = CampaignMinimumChanged(ID, "acme", MAX_VERSIONS, 5_000, LATER)
    change = ChangeMinimum("acme", ID, 1, MAX_VERSIONS, LATER)
    given(PARTICIPATION_DECIDER, last).when(change).refused(ParticipationError, "too-many-versions")
    left = CampaignLeft(ID, "acme", MAX_VERSIONS + 1, LATER)
    given(PARTICIPATION_DECIDER, last).when(LeaveCampaign("acme", ID, LATER)).then(left)
    given(PARTICIPATION_DECIDER, last, left).when(join(active)).refused(
        ParticipationError, "too-many-versions"
    )


STEPS = st.lists(st.tuples(st.sampled_from(("join", "change", "leave")), st.integers(-60, 600)))


@given_examples(steps=STEPS)
def test_later_decisions_leave_what_was_in_force(
    steps: list[tuple[str, int]], terms: Terms
) -> None:
    """X-40"""
    campaign = CAMPAIGN_DECIDER.fold([CampaignActivated(ID, "central", 1, terms(), NOON)])
    known, now = Participations(), NOON
    for number, (step, seconds) in enumerate(steps):
        now += timedelta(seconds=seconds)
        latest = known.latest(ID)
        commands: dict[str, Command] = {
            "join": join(campaign, number, now),
            "change": ChangeMinimum("acme", ID, number, latest.version if latest else 0, now),
            "leave": LeaveCampaign("acme", ID, now),
        }
        try:
            events = PARTICIPATION_DECIDER.decide(commands[step], known)
        except (NotFoundError, ParticipationError):
            continue
        after = PARTICIPATION_DECIDER.fold(events, known)
        for event in events:
            before = after.by_campaign[ID][-1].effective_at - timedelta(microseconds=1)
            assert after.at(ID, before) == known.at(ID, before), event
        known = after
    versions = known.by_campaign.get(ID, ())
    assert [each.version for each in versions] == list(range(1, len(versions) + 1))
    assert [*versions] == sorted(versions, key=lambda each: each.effective_at)
