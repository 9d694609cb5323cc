"""Ids tell central campaigns from those of dealers, whose users may use both."""

from collections.abc import Callable

import pytest

from vouchers.campaign.decider import CAMPAIGN_DECIDER, DrawUpCampaign
from vouchers.campaign.owner import owner_of
from vouchers.campaign.typed_code import is_central
from vouchers.limit.decider import limit_history, limits_of
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

type Terms = Callable[..., CampaignTerms]


@pytest.mark.parametrize(
    ("tenant", "campaign_id", "code"),
    [
        ("acme", "central-spring", "campaign-id-central"),
        ("central", "spring", "campaign-id-not-central"),
    ],
)
def test_no_campaign_has_an_id_of_the_other_kind(
    terms: Terms, tenant: str, campaign_id: str, code: str
) -> None:
    command = DrawUpCampaign(tenant, campaign_id, terms())
    given(CAMPAIGN_DECIDER).when(command).refused(InvalidError, code)


def test_the_id_names_the_owner() -> None:
    assert owner_of("central-spring", "acme") == "central"
    assert owner_of("spring", "acme") == "acme"


@pytest.mark.parametrize(
    ("code", "central"),
    [("2026-A", True), (" 7", True), ("７A", True), ("A7", False), ("", False)],
)
def test_a_digit_begins_the_codes_of_central_campaigns(code: str, central: bool) -> None:
    """VO-7"""
    assert is_central(code) == central


def test_the_total_of_a_central_campaign_is_over_all_dealers(terms: Terms) -> None:
    limited = terms(max_uses=10, max_per_customer=2)
    streams = {
        dealer: [
            limit_history(limit).stream.id
            for limit, _ in limits_of(limited, dealer, "central-spring", "c1")
        ]
        for dealer in ("acme", "other")
    }
    assert streams == {
        "acme": ["uses/central/central-spring", "uses/acme/central-spring/c1"],
        "other": ["uses/central/central-spring", "uses/other/central-spring/c1"],
    }
