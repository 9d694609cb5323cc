"""Own campaigns need the module "Vermarktung"; those that run go on without it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from zugabe_events.contracts.vouchers import CampaignActivated, CampaignCreated, VoucherRedeemed
from zugabe_events.domain.consistency_token import Token
from zugabe_testing.callers import problem_code


async def test_without_the_module_no_campaign_is_drawn_up_or_activated(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """CS-1"""
    await shop.ask("staff", "PUT", "/campaigns/spring", new())
    shop.cancel_module()
    drawn_up = await shop.ask("staff", "PUT", "/campaigns/autumn", new(code="HERBST"))
    assert problem_code(drawn_up, 409) == "module-missing"
    assert "„Vermarktung“" in drawn_up.json()["detail"]
    activated = await shop.ask("staff", "POST", "/campaigns/spring/activation")
    assert problem_code(activated, 409) == "module-missing"
    assert [event.campaign_id for event in shop.said(CampaignCreated)] == ["spring"]
    assert not shop.said(CampaignActivated)


async def test_another_dealers_module_is_of_no_use(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """CS-1"""
    answer = await shop.http.put(
        "/dealers/other/campaigns/spring",
        json=new(),
        headers={"Authorization": "Bearer other-staff"},
    )
    assert problem_code(answer, 409) == "module-missing"


async def test_a_campaign_that_runs_outlasts_the_module(shop: Any) -> None:
    """CS-1: cancelling stops nothing that was promised."""
    await shop.run()
    shop.cancel_module()
    held = await shop.hold("o1")
    assert held.status_code == 200
    await shop.place("o1", held)
    assert [event.order_id for event in shop.said(VoucherRedeemed)] == ["o1"]
    seen = await shop.ask("staff", "GET", "/campaigns/spring")
    assert seen.json()["status"] == "active"


async def test_a_module_ordered_again_is_enough(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """CS-1"""
    shop.cancel_module()
    shop.order_module()
    assert (await shop.ask("staff", "PUT", "/campaigns/spring", new())).status_code == 200


async def test_the_check_waits_for_the_order_that_a_token_stands_for(
    shop: Any, new: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """CS-1, X-12"""
    shop.cancel_module()

    async def arrives(tokens: Sequence[Token]) -> None:
        assert [token.log for token in tokens] == ["catalog-shops"]
        shop.order_module()

    monkeypatch.setattr(shop.dealers, "caught_up", arrives)
    token = str(Token("catalog-shops", 3, 1_780_000_000, 1))
    answer = await shop.ask("staff", "PUT", "/campaigns/spring", new(), **{"Zugabe-Token": token})
    assert answer.status_code == 200
