"""Many users of two dealers want a central campaign at once, while dealers come and go."""

import asyncio
from typing import Any

import httpx

from vouchers.limit.decider import Limit, limit_history
from zugabe_events.contracts.vouchers import CampaignJoined, CampaignLeft, VoucherHeld
from zugabe_events.domain.event_store import state_of

DEALERS = {"acme": "staff", "other": "other-staff"}
PATH = "/central-campaigns/central-spring/participation"


async def hold(shop: Any, dealer: str, number: int) -> httpx.Response:
    answer: httpx.Response = await shop.hold(
        f"o{number}", user=f"user{number}", dealer=dealer, codes=["2026A"]
    )
    return answer


async def test_the_last_uses_go_to_as_many_users_of_all_dealers(shop: Any) -> None:
    """N-2, VO-11: orders of both dealers have the same ids."""
    shop.order_module("other")
    await shop.run_central(max_uses=20)
    for dealer, staff in DEALERS.items():
        await shop.join(who=staff, dealer=dealer)
    answers = await asyncio.gather(
        *(hold(shop, dealer, number) for number in range(32) for dealer in DEALERS)
    )
    held = [answer for answer in answers if answer.is_success]
    refused = {answer.json()["code"] for answer in answers if not answer.is_success}
    assert (len(held), refused) == (20, {"campaign-limit"})
    total = Limit("central", "central-spring", "campaign", None)
    assert (await state_of(shop.store, limit_history(total))).count == 20
    assert len(shop.said(VoucherHeld)) == 20


async def test_two_who_join_at_once_join_once(shop: Any) -> None:
    """VO-28: the one who comes second finds the other's minimum, and is told so."""
    await shop.run_central()
    answers = await asyncio.gather(*(shop.join(minimum_cents=cents) for cents in (1_000, 2_000)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert refused.json()["code"] == "participation-exists"
    assert len(shop.said(CampaignJoined)) == 1


async def test_two_changes_of_one_version_are_not_both_made(shop: Any) -> None:
    """VO-27, Q29"""
    await shop.run_central()
    await shop.join()
    bodies = [{"minimum_cents": cents, "version": 1} for cents in (1_000, 2_000)]
    answers = await asyncio.gather(*(shop.ask("staff", "PUT", PATH, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "version-stale"}


async def test_who_orders_while_the_dealer_comes_and_goes_has_a_use_or_a_reason(shop: Any) -> None:
    """VO-29, Q21: no order ends otherwise, and nothing is held twice."""
    await shop.run_central()
    await shop.join()

    async def come_and_go() -> None:
        for _ in range(5):
            await shop.leave()
            await shop.join()

    moving = asyncio.create_task(come_and_go())
    answers = await asyncio.gather(*(hold(shop, "acme", number) for number in range(40)))
    await moving
    held = [answer.json()["vouchers"][0]["hold_id"] for answer in answers if answer.is_success]
    refused = {answer.json()["code"] for answer in answers if not answer.is_success}
    assert refused <= {"participation-ended"}
    assert {hold.hold_id for hold in shop.said(VoucherHeld)} == {*held}
    assert len(shop.said(CampaignLeft)) == 5
    assert len(shop.said(CampaignJoined)) == 6
