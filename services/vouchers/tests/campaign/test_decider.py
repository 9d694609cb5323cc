"""A campaign is drawn up once, activated once, and never changes."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from vouchers.campaign.decider import (
    CAMPAIGN_DECIDER,
    ActivateCampaign,
    CampaignExistsError,
    DrawUpCampaign,
)
from vouchers.campaign.register import REGISTER_DECIDER, FollowCampaign
from vouchers.campaign.terms import uses_per_user
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignCreated,
    CampaignTerms,
    SecondPurchaseOffered,
)
from zugabe_events.domain.errors import InvalidError, NotFoundError
from zugabe_testing.deciders import given

type Terms = Callable[..., CampaignTerms]

TODAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_campaign_is_drawn_up(terms: Terms) -> None:
    """VO-3"""
    given(CAMPAIGN_DECIDER).when(DrawUpCampaign("acme", "spring", terms())).then(
        CampaignCreated("spring", "acme", 1, terms())
    )


def test_drawing_up_the_same_campaign_again_changes_nothing(terms: Terms) -> None:
    created = CampaignCreated("spring", "acme", 1, terms())
    given(CAMPAIGN_DECIDER, created).when(DrawUpCampaign("acme", "spring", terms())).then()


def test_an_id_stands_for_one_campaign(terms: Terms) -> None:
    created = CampaignCreated("spring", "acme", 1, terms())
    command = DrawUpCampaign("acme", "spring", terms(value=2000))
    given(CAMPAIGN_DECIDER, created).when(command).refused(CampaignExistsError)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_until": date(2026, 4, 30)}, "validity-reversed"),
        ({"value": 0}, "value-out-of-range"),
        ({"value": 10_001}, "value-out-of-range"),
        ({"discount_type": "fixed", "value": 0}, "value-missing"),
        ({"discount_type": "free-shipping"}, "value-not-wanted"),
    ],
)
def test_terms_that_contradict_themselves_are_refused(
    terms: Terms, changes: dict[str, object], code: str
) -> None:
    """VO-8, VO-9, VO-10"""
    command = DrawUpCampaign("acme", "spring", terms(**changes))
    given(CAMPAIGN_DECIDER).when(command).refused(InvalidError, code)


def test_a_campaign_may_last_one_day(terms: Terms) -> None:
    """X-11"""
    one_day = terms(valid_from=TODAY, valid_until=TODAY)
    given(CAMPAIGN_DECIDER).when(DrawUpCampaign("acme", "spring", one_day)).then(
        CampaignCreated("spring", "acme", 1, one_day)
    )


def test_a_drawn_up_campaign_is_activated_once(terms: Terms) -> None:
    created = CampaignCreated("spring", "acme", 1, terms())
    activated = CampaignActivated("spring", "acme", 1, terms(), NOON)
    given(CAMPAIGN_DECIDER, created).when(ActivateCampaign(NOON)).then(activated)
    given(CAMPAIGN_DECIDER, created, activated).when(ActivateCampaign(NOON)).then()


def test_a_campaign_of_the_past_is_activated_for_imported_orders(terms: Terms) -> None:
    """X-30"""
    created = CampaignCreated("old", "acme", 1, terms(valid_until=date(1997, 6, 30)))
    activated = CampaignActivated("old", "acme", 1, created.terms, NOON)
    given(CAMPAIGN_DECIDER, created).when(ActivateCampaign(NOON)).then(activated)


def test_an_unknown_campaign_is_not_activated() -> None:
    given(CAMPAIGN_DECIDER).when(ActivateCampaign(NOON)).refused(NotFoundError)


def test_only_second_purchase_campaigns_are_offered_after_first_orders(terms: Terms) -> None:
    """VO-18"""
    second = terms(kind="second-purchase")
    offered = SecondPurchaseOffered("acme", "again", 1, second, NOON)
    activated = CampaignActivated("again", "acme", 1, second, NOON)
    given(REGISTER_DECIDER).when(FollowCampaign(activated, 1, second)).then(offered)
    given(REGISTER_DECIDER, offered).when(FollowCampaign(activated, 1, second)).then()


@pytest.mark.parametrize(
    ("most", "meant"), [(1, 1), (999, 999), (1000, None), (5000, None), (None, None)]
)
def test_a_high_number_per_user_means_always(terms: Terms, most: int, meant: int | None) -> None:
    """VO-14, Q27"""
    assert uses_per_user(terms(max_per_user=most)) == meant


@pytest.mark.parametrize(
    "changes",
    [
        {"value": 1},
        {"value": 10_000},
        {"discount_type": "fixed", "value": 1},
        {"discount_type": "free-shipping", "value": 0},
    ],
)
def test_a_discount_may_be_as_small_and_as_large_as_it_can_be(
    terms: Terms, changes: dict[str, object]
) -> None:
    """VO-8, VO-9: from 0,01 % to 100 %, from one cent, and no value for free shipping."""
    granted = terms(**changes)
    given(CAMPAIGN_DECIDER).when(DrawUpCampaign("acme", "spring", granted)).then(
        CampaignCreated("spring", "acme", 1, granted)
    )


def test_each_second_purchase_campaign_is_offered(terms: Terms) -> None:
    """VO-18"""
    second = terms(kind="second-purchase")
    offered = SecondPurchaseOffered("acme", "again", 1, second)
    other = CampaignActivated("once-more", "acme", 1, second, NOON)
    given(REGISTER_DECIDER, offered).when(FollowCampaign(other, 1, second)).then(
        SecondPurchaseOffered("acme", "once-more", 1, second, NOON)
    )
