"""The life of a campaign over HTTP: draft, active, paused, changed, ended."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignCreated,
    CampaignTermsChanged,
    CodeClaimed,
    CodeReleased,
    SecondPurchaseOffered,
    SecondPurchaseSuspended,
)

type Body = Callable[..., dict[str, Any]]


async def tell(
    shop: Any, method: str, path: str, body: Any = None, expected: int = 200, who: str = "staff"
) -> Any:
    answer = await shop.ask(who, method, f"/campaigns/{path}", body)
    assert answer.status_code == expected, answer.text
    return answer.json() if answer.content else None


async def code_of(shop: Any, order_id: str, **changes: Any) -> str:
    answer = await shop.hold(order_id, **changes)
    return "held" if answer.status_code == 200 else str(answer.json()["code"])


async def test_a_draft_is_edited_freely(shop: Any, new: Body) -> None:
    """VO-45"""
    await tell(shop, "PUT", "spring", new())
    wanted = new(title="Mai", code="MAI", discount_type="fixed", value=500, max_uses=7)
    edited = await tell(shop, "PUT", "spring/terms", {**wanted, "version": 1})
    assert (edited["version"], edited["status"]) == (2, "draft")
    view = await tell(shop, "GET", "spring")
    assert (view["title"], view["code"], view["max_uses"]) == ("Mai", "MAI", 7)
    assert (view["version"], view["status"]) == (2, "draft")


async def test_another_code_of_a_draft_frees_the_one_before(shop: Any, new: Body) -> None:
    """VO-6, VO-45"""
    await tell(shop, "PUT", "spring", new(code="MAI"))
    await tell(shop, "PUT", "spring/terms", {**new(code="JUNI"), "version": 1})
    await shop.run("may", code="mai")
    assert await code_of(shop, "o1", codes=["Mai"]) == "held"
    refused = await tell(shop, "PUT", "summer", new(code="juni"), 409)
    assert refused["code"] == "code-taken"


async def test_the_same_code_in_another_spelling_stays_claimed(shop: Any, new: Body) -> None:
    """X-9, VO-45"""
    await tell(shop, "PUT", "spring", new(code="mai-26"))
    await tell(shop, "PUT", "spring/terms", {**new(code="MAI-26"), "version": 1})
    assert not shop.said(CodeReleased)
    assert (await tell(shop, "GET", "spring"))["code"] == "MAI-26"
    assert (await tell(shop, "PUT", "other", new(code="Mai-26"), 409))["code"] == "code-taken"


async def test_a_taken_code_changes_nothing_of_a_draft(shop: Any, new: Body) -> None:
    """VO-6, VO-45"""
    await tell(shop, "PUT", "spring", new(code="MAI"))
    await tell(shop, "PUT", "summer", new(code="JUNI"))
    refused = await tell(shop, "PUT", "summer/terms", {**new(code="MAI"), "version": 1}, 409)
    assert refused["code"] == "code-taken"
    view = await tell(shop, "GET", "summer")
    assert (view["code"], view["version"]) == ("JUNI", 1)


async def test_a_deleted_draft_gives_its_code_and_its_id_back(shop: Any, new: Body) -> None:
    """VO-6, VO-45"""
    await tell(shop, "PUT", "spring", new())
    await tell(shop, "DELETE", "spring", expected=204)
    await tell(shop, "GET", "spring", expected=404)
    await tell(shop, "DELETE", "spring", expected=404)
    await shop.run("autumn")
    assert await code_of(shop, "o1") == "held"
    await tell(shop, "PUT", "spring", new(code="B"))


async def test_a_code_that_a_draft_gave_up_is_read_again(shop: Any, new: Body) -> None:
    """VO-6: also by a process that has seen the code with the draft."""
    await tell(shop, "PUT", "spring", new())
    assert await code_of(shop, "o1") == "campaign-not-active"
    await tell(shop, "DELETE", "spring", expected=204)
    assert await code_of(shop, "o1") == "code-unknown"
    await shop.run("autumn")
    assert await code_of(shop, "o1") == "held"


async def test_what_was_activated_is_not_deleted(shop: Any) -> None:
    """VO-6, VO-45"""
    await shop.run()
    refused = await tell(shop, "DELETE", "spring", expected=409)
    assert refused["code"] == "campaign-active"
    await tell(shop, "POST", "spring/end")
    await tell(shop, "DELETE", "spring", expected=409)


async def test_a_paused_campaign_takes_no_new_uses_and_keeps_those_that_are_held(shop: Any) -> None:
    """X-29"""
    await shop.run()
    held = await shop.hold("o1")
    paused = await tell(shop, "POST", "spring/pause", {"reason": "Falscher Rabatt"})
    assert paused["status"] == "paused"
    assert await code_of(shop, "o2") == "campaign-paused"
    await shop.place("o1", held)
    assert (await tell(shop, "GET", "spring"))["status"] == "paused"
    assert (await tell(shop, "POST", "spring/resumption"))["status"] == "active"
    assert await code_of(shop, "o2") == "held"


async def test_an_ended_campaign_stays_ended(shop: Any, new: Body) -> None:
    """VO-10, VO-45"""
    await shop.run()
    ended = await tell(shop, "POST", "spring/end", {"reason": "Ausverkauft"})
    assert ended["status"] == "ended"
    assert await code_of(shop, "o1") == "campaign-ended"
    for path in ("pause", "resumption", "activation"):
        assert (await tell(shop, "POST", f"spring/{path}", None, 409))["code"] == "campaign-ended"
    body = {**new(value=500), "version": 1}
    assert (await tell(shop, "PUT", "spring/terms", body, 409))["code"] == "campaign-ended"
    assert (await tell(shop, "POST", "spring/end"))["status"] == "ended"


async def test_drafts_are_neither_paused_nor_ended(shop: Any, new: Body) -> None:
    await tell(shop, "PUT", "spring", new())
    for path in ("pause", "resumption", "end"):
        refused = await tell(shop, "POST", f"spring/{path}", None, 409)
        assert refused["code"] == "campaign-not-active"
    for path in ("pause", "resumption", "end", "activation"):
        await tell(shop, "POST", f"nothing/{path}", None, 404)


async def test_a_running_campaign_changes_for_what_is_ordered_from_now_on(
    shop: Any, new: Body
) -> None:
    """X-17, VO-45"""
    await shop.run()
    before = shop.now
    held = await shop.hold("o1")
    shop.now += timedelta(hours=1)
    body = {**new(value=2_000), "version": 1}
    changed = await tell(shop, "PUT", "spring/terms", body)
    assert (changed["version"], changed["status"]) == (2, "active")
    later = (await shop.hold("o2")).json()["vouchers"][0]
    assert (later["campaign_version"], later["discount_cents"]) == (2, 2_000)
    earlier = (await shop.hold("o3", placed_at=before.isoformat())).json()["vouchers"][0]
    assert (earlier["campaign_version"], earlier["discount_cents"]) == (1, 1_000)
    repeated = (await shop.hold("o1")).json()["vouchers"]
    assert repeated == held.json()["vouchers"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "OTHER"}, "code-fixed"),
        ({"kind": "second-purchase"}, "code-fixed"),
        ({"kind": "newsletter"}, "code-fixed"),
        ({"unique_codes": True}, "code-fixed"),
        ({"max_uses": 5}, "limit-fixed"),
        ({"max_per_customer": None}, "limit-fixed"),
        ({"max_per_user": 2}, "limit-fixed"),
        ({"budget_cents": 5_000}, "limit-fixed"),
    ],
)
async def test_code_and_kinds_of_limit_of_a_running_campaign_never_change(
    shop: Any, new: Body, changes: dict[str, Any], code: str
) -> None:
    """VO-45"""
    await shop.run(max_per_customer=3)
    body = {**new(max_per_customer=3), **changes, "version": 1}
    assert (await tell(shop, "PUT", "spring/terms", body, 409))["code"] == code
    body = {**new(max_per_customer=7), "version": 1}
    assert (await tell(shop, "PUT", "spring/terms", body))["version"] == 2


async def test_who_edits_what_somebody_else_has_changed_is_told(shop: Any, new: Body) -> None:
    """X-17"""
    await tell(shop, "PUT", "spring", new())
    await tell(shop, "PUT", "spring/terms", {**new(value=2_000), "version": 1})
    body = {**new(value=3_000), "version": 1}
    refused = await tell(shop, "PUT", "spring/terms", body, 409)
    assert (refused["code"], refused["version"]) == ("version-stale", 2)
    refused = await tell(shop, "POST", "spring/activation", {"version": 1}, 409)
    assert refused["code"] == "version-stale"
    await tell(shop, "POST", "spring/activation", {"version": 2})


async def test_a_copy_is_a_draft_with_a_code_of_its_own(shop: Any, new: Body) -> None:
    await shop.run(max_uses=5)
    await tell(shop, "PUT", "spring/terms", {**new(max_uses=5, value=2_000), "version": 1})
    copy = {"campaign_id": "autumn", "code": "HERBST"}
    copied = await tell(shop, "POST", "spring/copies", copy)
    assert copied == {"campaign_id": "autumn", "version": 1, "status": "draft", "warnings": []}
    view = await tell(shop, "GET", "autumn")
    assert (view["code"], view["value"], view["max_uses"]) == ("HERBST", 2_000, 5)
    assert await tell(shop, "POST", "spring/copies", copy) == copied
    taken = await tell(shop, "POST", "spring/copies", {**copy, "campaign_id": "third"}, 409)
    assert taken["code"] == "code-taken"
    await tell(shop, "POST", "nothing/copies", {"campaign_id": "x", "code": "X"}, 404)


async def test_offers_of_second_purchases_follow_the_campaign(shop: Any, new: Body) -> None:
    """VO-31, X-17"""
    second = {"kind": "second-purchase"}
    await shop.run("again", **second)
    await tell(shop, "POST", "again/pause")
    await tell(shop, "PUT", "again/terms", {**new(value=500, **second), "version": 1})
    await tell(shop, "POST", "again/resumption")
    await tell(shop, "POST", "again/end")
    assert [offer.version for offer in shop.said(SecondPurchaseOffered)] == [1, 2]
    assert len(shop.said(SecondPurchaseSuspended)) == 2


async def test_a_campaign_is_paused_and_ended_without_the_module(shop: Any, new: Body) -> None:
    """CS-1, X-29"""
    await shop.run()
    shop.cancel_module()
    await tell(shop, "POST", "spring/pause")
    assert (await tell(shop, "POST", "spring/resumption", None, 409))["code"] == "module-missing"
    body = {**new(value=2_000), "version": 1}
    assert (await tell(shop, "PUT", "spring/terms", body, 409))["code"] == "module-missing"
    copy = {"campaign_id": "copy", "code": "COPY"}
    assert (await tell(shop, "POST", "spring/copies", copy, 409))["code"] == "module-missing"
    await tell(shop, "POST", "spring/end")


async def test_two_who_activate_the_same_draft_activate_it_once(shop: Any, new: Body) -> None:
    await tell(shop, "PUT", "spring", new())
    answers = await asyncio.gather(
        *(shop.ask("staff", "POST", "/campaigns/spring/activation") for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len(shop.said(CampaignActivated)) == 1


async def test_the_same_code_drawn_up_twice_at_once_goes_to_one(shop: Any, new: Body) -> None:
    """VO-6"""
    answers = await asyncio.gather(
        *(shop.ask("staff", "PUT", f"/campaigns/c{number}", new()) for number in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert len(shop.said(CampaignCreated)) == len(shop.said(CodeClaimed)) == 1


async def test_of_two_changes_at_once_one_counts(shop: Any, new: Body) -> None:
    """X-17"""
    await shop.run()
    bodies = [{**new(value=1_000 + number), "version": 1} for number in range(1, 6)]
    answers = await asyncio.gather(
        *(shop.ask("staff", "PUT", "/campaigns/spring/terms", body) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert len(shop.said(CampaignTermsChanged)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"discount_type": "free-shipping", "value": 0, "budget_cents": 1}, "budget-not-wanted"),
        ({"valid_days": 7}, "valid-days-not-wanted"),
        ({"kind": "newsletter", "outlasts_cancellation": True}, "outlasting-not-wanted"),
        ({"kind": "newsletter", "earning_minimum_cents": 1}, "earning-minimum-not-wanted"),
        ({"valid_until": "2026-04-30"}, "validity-reversed"),
        ({"value": 20_000}, "value-out-of-range"),
    ],
)
async def test_terms_that_contradict_themselves_are_refused(
    shop: Any, new: Body, changes: dict[str, Any], code: str
) -> None:
    """VO-8, VO-10, X-29"""
    assert (await tell(shop, "PUT", "spring", new(**changes), 422))["code"] == code
    await tell(shop, "PUT", "spring", new())
    body = {**new(**changes), "version": 1}
    assert (await tell(shop, "PUT", "spring/terms", body, 422))["code"] == code


async def test_other_dealers_and_people_change_nothing(shop: Any, new: Body) -> None:
    """X-16: staff need the right „Gutscheine bearbeiten", which is granted singly."""
    await shop.run()
    for who in ("anna", "other-staff", "checkout", "clerk"):
        body = {**new(value=2_000), "version": 1}
        await tell(shop, "PUT", "spring/terms", body, 403, who)
        for path in ("pause", "resumption", "end", "activation"):
            await tell(shop, "POST", f"spring/{path}", None, 403, who)
        copy = {"campaign_id": "copy", "code": "COPY"}
        await tell(shop, "POST", "spring/copies", copy, 403, who)
        await tell(shop, "DELETE", "spring", None, 403, who)
        await tell(shop, "PUT", "other", new(code="B"), 403, who)
    await tell(shop, "GET", "spring", who="clerk")
