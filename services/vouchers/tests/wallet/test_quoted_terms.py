"""A hold keeps the terms that a quote has shown, for as long as quotes last (X-17)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vouchers.campaign.decider import Active, TermsVersion
from zugabe_events.contracts.vouchers import CampaignTerms, VoucherHeld

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def change(shop: Any, version: int, body: dict[str, Any]) -> None:
    answer = await shop.ask("staff", "PUT", "/campaigns/spring/terms", {**body, "version": version})
    assert answer.status_code == 200, answer.text


def quoting(version: int) -> dict[str, Any]:
    return {"quoted": [{"campaign_id": "spring", "version": version}]}


async def test_a_hold_has_the_discount_of_the_quote(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """X-17"""
    await shop.run()
    shop.now += MINUTE
    await change(shop, 1, new(value=500))
    shop.now += 29 * MINUTE
    [held] = (await shop.hold("o1", **quoting(1))).json()["vouchers"]
    assert (held["campaign_version"], held["discount_cents"]) == (1, 1_000)
    assert "(Fassung 1)" in held["explanation"]
    [present] = (await shop.hold("o2")).json()["vouchers"]
    assert (present["campaign_version"], present["discount_cents"]) == (2, 500)


async def test_a_quote_lasts_for_half_an_hour(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """X-17"""
    await shop.run()
    await change(shop, 1, new(value=500))
    shop.now += 30 * MINUTE
    [held] = (await shop.hold("o1", **quoting(1))).json()["vouchers"]
    assert held["campaign_version"] == 2


async def test_what_was_never_shown_is_not_kept(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """X-17: nor is a version of another campaign, or one to come."""
    await shop.run()
    await change(shop, 1, new(value=500))
    for quoted in (
        quoting(7),
        {"quoted": [{"campaign_id": "other", "version": 1}]},
    ):
        [held] = (await shop.hold("o1", **quoted)).json()["vouchers"]
        assert held["campaign_version"] == 2


async def test_a_pause_stops_what_was_quoted_and_keeps_what_is_held(shop: Any) -> None:
    """X-29: the same request again has the same answer."""
    await shop.run()
    held = await shop.hold("o1")
    await shop.ask("staff", "POST", "/campaigns/spring/pause")
    assert (await shop.hold("o1")).json() == held.json()
    refused = await shop.hold("o1", 2, **quoting(1))
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign-paused")
    await shop.ask("staff", "POST", "/campaigns/spring/end")
    assert (await shop.hold("o1")).json() == held.json()
    assert len(shop.said(VoucherHeld)) == 1


async def test_a_quote_does_not_raise_the_cap_of_the_campaign(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """X-29"""
    await shop.run(max_uses=5)
    await shop.hold("o1")
    await change(shop, 1, new(max_uses=1))
    refused = await shop.hold("o2", user="bert", **quoting(1))
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign-limit")


@pytest.mark.parametrize(
    ("number", "minutes", "expected"),
    [
        (1, 0, 1),  # the change came at the instant of the order
        (1, 29, 1),
        (1, 30, 3),
        (2, 5, 2),
        (2, 39, 2),
        (2, 40, 3),
        (3, 5, 2),  # not yet
        (3, 29, 3),
        (None, 29, 3),
    ],
)
def test_the_version_kept_was_in_force_within_half_an_hour(
    terms: Callable[..., CampaignTerms], number: int | None, minutes: int, expected: int
) -> None:
    """X-17: version 2 began at noon, version 3 ten minutes later."""
    active = Active(
        "acme",
        "spring",
        (
            TermsVersion(1, NOON - 60 * MINUTE, terms(value=1)),
            TermsVersion(2, NOON, terms(value=2)),
            TermsVersion(3, NOON + 10 * MINUTE, terms(value=3)),
        ),
    )
    found = active.as_quoted(number, NOON + minutes * MINUTE)
    assert (found.version, found.terms.value) == (expected, expected)
