"""Views depend on what happened, and on no order between users and campaigns."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from vouchers.subscriptions import READ_MODELS
from vouchers.wallet.view import VoucherView, project
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    VoucherHeld,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
)
from zugabe_events.domain.event import Event

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def lanes_of(shop: Any) -> list[list[Event]]:
    """The events that Kafka keeps in order: those of one partition key."""
    lanes: dict[str, list[Event]] = {}
    for commit, _ in shop.store.commits:
        lanes.setdefault(commit.stream.key, []).extend(commit.events)
    return list(lanes.values())


def folded(events: Sequence[Event]) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = [{} for _ in READ_MODELS]
    for event in events:
        for model, views in zip(READ_MODELS, documents, strict=True):
            for key in model.keys(event):
                view = model.project(views.get(key), event)
                if view is not None:
                    views[key] = view
    return documents


async def busy_day(shop: Any) -> None:
    await shop.run("again", kind="second-purchase", max_per_user=3, max_uses=4)
    await shop.run("spring", code="B", max_per_customer=2)
    for user in ("anna", "bert"):
        await shop.place(f"{user}-1", user=user)
        await shop.place(f"{user}-2", await shop.hold(f"{user}-2", user=user), user)
        await shop.hold(f"{user}-3", user=user, codes=["B"])
    await shop.take_off("anna-3")
    await shop.cancel("bert-2", "bert-2/1", "bert")
    await shop.cancel("bert-1", user="bert")
    await shop.deliver_own()


@pytest.fixture(scope="module")
def lanes(open_shop: Callable[[], Any]) -> list[list[Event]]:
    shop = open_shop()
    asyncio.run(busy_day(shop))
    return lanes_of(shop)


@settings(max_examples=30, deadline=None)
@examples(data=st.data())
def test_every_interleaving_of_lanes_shows_the_same(
    lanes: list[list[Event]], data: st.DataObject
) -> None:
    turns = [number for number, lane in enumerate(lanes) for _ in lane]
    waiting = [iter(lane) for lane in lanes]
    mixed = [next(waiting[number]) for number in data.draw(st.permutations(turns))]
    assert folded(mixed) == folded([event for lane in lanes for event in lane])


@pytest.fixture
def issued(terms: Callable[..., CampaignTerms]) -> Callable[..., VoucherIssued]:
    def issue(**changes: Any) -> VoucherIssued:
        granted = terms(kind="second-purchase", **changes)
        return VoucherIssued(
            voucher_id="again/o1",
            campaign_id="again",
            campaign_version=1,
            dealer="acme",
            customer="So.COMMERCE",
            user="anna",
            code=granted.code,
            terms=granted,
            order_id="o1",
            order_number="25706",
            placed_at=NOON,
        )

    return issue


def held(number: int) -> VoucherHeld:
    return VoucherHeld(
        hold_id=f"h{number}/1",
        order_id=f"h{number}",
        attempt=1,
        campaign_id="again",
        campaign_version=1,
        voucher_id="again/o1",
        dealer="acme",
        customer="So.COMMERCE",
        user="anna",
        code="A12345",
        discount_type="percent",
        base_cents=0,
        discount_cents=0,
        shares=(),
        limits=(),
        deadline=NOON,
        explanation="",
    )


def redeemed(number: int) -> VoucherRedeemed:
    return VoucherRedeemed(
        hold_id=f"h{number}/1",
        order_id=f"h{number}",
        order_number="1",
        campaign_id="again",
        voucher_id="again/o1",
        dealer="acme",
        customer="So.COMMERCE",
        user="anna",
        code="A12345",
        base_cents=0,
        discount_cents=0,
        redeemed_at=NOON,
    )


def shown(*events: Event) -> VoucherView:
    view: VoucherView | None = None
    for event in events:
        view = project(view, event)
    assert view is not None
    return view


def test_a_held_use_is_no_longer_left(issued: Callable[..., VoucherIssued]) -> None:
    """VO-35"""
    view = shown(issued(max_per_user=2), held(1))
    assert (view.status, view.uses, view.remaining_uses) == ("held", 1, 1)
    view = shown(issued(max_per_user=2), held(1), redeemed(1))
    assert (view.status, view.uses, view.remaining_uses) == ("redeemed", 1, 1)


def test_a_used_up_voucher_says_so(issued: Callable[..., VoucherIssued]) -> None:
    """VO-35"""
    view = shown(issued(), held(1), redeemed(1))
    assert view.notice == "Ihr Gutscheincode A12345 ist aufgebraucht."


def test_a_voucher_without_a_limit_works_as_often_as_one_likes(
    issued: Callable[..., VoucherIssued],
) -> None:
    """VO-35, Q27"""
    view = shown(issued(max_per_user=1000), held(1), redeemed(1))
    assert view.remaining_uses is None
    assert "beliebig oft" in view.notice


def test_a_use_that_was_given_back_is_left_again(issued: Callable[..., VoucherIssued]) -> None:
    """X-2"""
    returned = VoucherReturned(
        hold_id="h1/1",
        order_id="h1",
        campaign_id="again",
        voucher_id="again/o1",
        dealer="acme",
        customer="So.COMMERCE",
        user="anna",
        limits=(),
        discount_cents=0,
    )
    view = shown(issued(), held(1), redeemed(1), returned)
    assert (view.status, view.remaining_uses) == ("unused", 1)


def test_an_odd_event_leaves_the_view_as_it_is() -> None:
    assert project(None, held(1)) is None


def released(number: int) -> VoucherReleased:
    return VoucherReleased(
        hold_id=f"h{number}/1",
        order_id=f"h{number}",
        attempt=1,
        campaign_id="again",
        voucher_id="again/o1",
        dealer="acme",
        customer="So.COMMERCE",
        user="anna",
        limits=(),
        deadline=NOON,
        ended_at=NOON,
        reason="lapsed",
    )


def test_a_new_voucher_is_unused(issued: Callable[..., VoucherIssued]) -> None:
    """VO-33, VO-35"""
    view = shown(issued(max_per_user=2))
    assert (view.status, view.holds, view.redeemed, view.uses) == ("unused", (), 0, 0)
    assert view.remaining_uses == 2
    assert view.notice == (
        "Sie können Ihren Gutscheincode A12345 bis zum 31.05.2026 noch 2 Mal verwenden."
    )


def test_a_released_use_is_left_again_and_others_stay_held(
    issued: Callable[..., VoucherIssued],
) -> None:
    """X-1, VO-35"""
    view = shown(issued(max_per_user=2), held(1), held(2), released(1))
    assert (view.status, view.holds, view.remaining_uses) == ("held", ("h2/1",), 1)
    view = shown(issued(max_per_user=2), held(1), released(1))
    assert (view.status, view.uses, view.remaining_uses) == ("unused", 0, 2)


def test_more_uses_than_allowed_leave_none(issued: Callable[..., VoucherIssued]) -> None:
    """VO-35: an order counts even if its hold is forgotten."""
    view = shown(issued(), redeemed(1), redeemed(2))
    assert (view.uses, view.remaining_uses) == (2, 0)
    assert view.notice.endswith("aufgebraucht.")


def test_a_revoked_voucher_says_why(issued: Callable[..., VoucherIssued]) -> None:
    """Q7, VO-35"""
    revoked = VoucherRevoked(
        voucher_id="again/o1",
        campaign_id="again",
        dealer="acme",
        user="anna",
        order_id="o1",
        recipient=None,
    )
    view = shown(issued(max_per_user=2), held(1), redeemed(1), revoked)
    assert (view.status, view.remaining_uses) == ("revoked", 0)
    assert view.notice == (
        "Der Gutscheincode A12345 wurde zurückgenommen, da die Bestellung 25706 storniert wurde."
    )
    by_return = msgspec.structs.replace(revoked, by_return=True)
    assert shown(issued(), by_return).notice == (
        "Der Gutscheincode A12345 wurde zurückgenommen, da die Bestellung 25706 zurückgegeben "
        "wurde."
    )
