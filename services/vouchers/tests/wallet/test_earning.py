"""A first order earns a voucher when, and from what value, the terms of sale say so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from vouchers.campaign.discount import Line
from vouchers.campaign.register import Offers
from vouchers.wallet.decider import WALLET_DECIDER, Command
from vouchers.wallet.earning import ReachState
from vouchers.wallet.hold import EndAttempt, HoldVouchers
from vouchers.wallet.order import TakeOrder, UndoOrder
from vouchers.wallet.refusals import NotUsableError, Use
from vouchers.wallet.state import Wallet, WalletEvent
from zugabe_events.contracts.checkout import (
    Earning,
    Moment,
    OrderLine,
    OrderPlaced,
    ShippingCharged,
    VoucherApplied,
)
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    OrderForgotten,
    OrderNoted,
    SecondPurchaseOffered,
    VoucherAttemptEnded,
    VoucherAwaited,
    VoucherClawedBack,
    VoucherHeld,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
)
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Story:
    """A wallet of a user whose first order earns a voucher of campaign `again`."""

    terms: CampaignTerms
    placed: Callable[..., OrderPlaced]
    offered_at: datetime | None = None
    history: list[WalletEvent] = field(default_factory=list)

    @property
    def state(self) -> Wallet:
        return WALLET_DECIDER.fold(self.history)

    def do(self, command: Command) -> list[type[WalletEvent]]:
        events = given(WALLET_DECIDER, *self.history).when(command).attempt()
        self.history += events
        return [type(event) for event in events]

    def order(
        self, order_id: str = "o1", at: datetime = NOON, **changes: Any
    ) -> list[type[WalletEvent]]:
        offer = SecondPurchaseOffered("acme", "again", 1, self.terms, self.offered_at)
        return self.do(
            TakeOrder(
                self.placed(order_id, at, **changes),
                Offers({offer.campaign_id: (offer,)}),
                at + HOUR,
            )
        )

    def reach(
        self, state: Moment, order_id: str = "o1", at: datetime = NOON + HOUR
    ) -> list[type[WalletEvent]]:
        return self.do(ReachState(order_id, state, at))

    def undo(self, order_id: str = "o1", *hold_ids: str) -> list[type[WalletEvent]]:
        return self.do(UndoOrder("acme", "anna", order_id, hold_ids, NOON))

    def hold(self, order_id: str, attempt: int = 1) -> list[type[WalletEvent]]:
        lines, at = (Line(1, 10_000),), NOON + 2 * HOUR
        code = self.terms.code
        use = Use(code, "acme", "So.COMMERCE", "anna", "again", 1, self.terms, lines, at)
        return self.do(HoldVouchers((use,), order_id, attempt, at + HOUR, at))

    def use(self, order_id: str, **changes: Any) -> list[type[WalletEvent]]:
        self.hold(order_id)
        return self.order(order_id, NOON + 2 * HOUR, voucher=applied(order_id), **changes)


def applied(order_id: str, *, free_shipping: bool = False) -> VoucherApplied:
    return VoucherApplied(
        f"{order_id}/1", "again", 1, "A12345", "percent", 10_000, 1_000, (1_000,),
        free_shipping, (), "",
    )  # fmt: skip


@pytest.fixture
def story(terms: Callable[..., CampaignTerms], placed: Callable[..., OrderPlaced]) -> Story:
    return Story(terms(kind="second-purchase", max_per_user=2), placed)


@pytest.mark.parametrize(
    ("awaits", "steps"),
    [
        ("confirmed", ["confirmed", "shipped", "return-period-over"]),
        ("shipped", ["shipped", "return-period-over"]),
        ("return-period-over", ["return-period-over"]),
    ],
)
def test_a_voucher_is_issued_once_the_order_has_come_far_enough(
    story: Story, awaits: Moment, steps: Sequence[Moment]
) -> None:
    """VO-32: at the state that the terms name; an order that skips it has passed it."""
    states: Sequence[Moment] = ("confirmed", "shipped", "return-period-over")
    assert story.order(earning=Earning(vouchers_on=awaits)) == [OrderNoted, VoucherAwaited]
    before, after = story.history[:], states.index(awaits)
    for state in states[:after]:
        assert story.reach(state) == []
    assert not story.state.issued
    for state in steps:
        story.history = before[:]
        assert story.reach(state) == [VoucherIssued]
        assert story.reach(state) == []
        assert story.order(earning=Earning(vouchers_on=awaits)) == []


def test_an_awaited_voucher_is_what_the_order_would_have_earned_at_once(story: Story) -> None:
    """X-40"""
    earning = Earning(vouchers_on="shipped", claw_back="charge")
    story.order(earning=replace(earning, vouchers_on="placed"))
    at_once = story.history[-1]
    story.history.clear()
    story.order(earning=earning)
    story.reach("shipped", at=NOON + timedelta(days=3))
    assert story.history[-1] == at_once
    assert isinstance(at_once, VoucherIssued)
    assert at_once.claw_back == "charge"


def test_other_orders_issue_nothing(story: Story) -> None:
    story.order(earning=Earning(vouchers_on="shipped"))
    assert story.reach("shipped", "o2") == []


def test_an_order_that_is_cancelled_before_earns_nothing(story: Story) -> None:
    """X-2: the next order is the first again."""
    story.order(earning=Earning(vouchers_on="confirmed"))
    assert story.undo() == [OrderForgotten]
    assert story.undo() == []
    assert story.reach("confirmed") == []
    assert story.order("o2", NOON + HOUR) == [OrderNoted, VoucherIssued]


def test_a_voucher_that_is_awaited_is_not_earned_twice(story: Story) -> None:
    """VO-32: an earlier order that is heard of later changes nothing."""
    story.order("o2", NOON + HOUR, earning=Earning(vouchers_on="confirmed"))
    assert story.order("o1", NOON) == [OrderNoted]


def test_nobody_is_told_of_a_voucher_that_has_expired_meanwhile(story: Story) -> None:
    """VO-33: it is issued all the same."""
    story.order(earning=Earning(vouchers_on="shipped"))
    assert story.reach("shipped", at=datetime(2026, 6, 1, 12, tzinfo=UTC)) == [VoucherIssued]
    [issued] = story.state.issued.values()
    assert issued.recipient is None


def test_the_user_is_told_of_a_voucher_that_ends_today(story: Story) -> None:
    """VO-33: its last day counts to the end, in Berlin."""
    story.order(earning=Earning(vouchers_on="shipped"))
    assert story.reach("shipped", at=datetime(2026, 5, 31, 21, 59, tzinfo=UTC)) == [VoucherIssued]
    [issued] = story.state.issued.values()
    assert issued.recipient is not None


@pytest.mark.parametrize(("minimum", "earns"), [(10_000, True), (10_001, False)])
def test_an_order_below_the_minimum_earns_nothing(story: Story, minimum: int, earns: bool) -> None:
    """X-40: that of the terms of sale, or the campaign's own; reaching it suffices."""
    earned = [OrderNoted, *([VoucherIssued] if earns else [])]
    assert story.order(earning=Earning(minimum_cents=minimum)) == earned
    story.history.clear()
    story.terms = replace(story.terms, earning_minimum_cents=minimum)
    assert story.order() == earned
    assert story.order("o2", NOON + HOUR) == [OrderNoted]  # nor is the next one the first


def line(number: int, net_cents: int, *excluded: Any) -> OrderLine:
    return OrderLine(number, "a", "g", "b", 1, net_cents, net_cents, excluded=excluded)


def test_lines_without_part_in_thresholds_do_not_help_to_earn(story: Story) -> None:
    """X-24"""
    lines = (line(1, 6_000), line(2, 4_000, "thresholds"))
    assert story.order(lines=lines, earning=Earning(minimum_cents=6_001)) == [OrderNoted]
    story.history.clear()
    assert VoucherIssued in story.order(lines=lines, earning=Earning(minimum_cents=6_000))


def test_an_order_of_nothing_earns_nothing(story: Story) -> None:
    assert story.order(goods_cents=0, net_cents=0) == [OrderNoted]


def test_goods_that_a_voucher_paid_for_count_before_the_discount(story: Story) -> None:
    """Q2"""
    earning = Earning(minimum_cents=10_000)
    assert VoucherIssued in story.order(net_cents=0, earning=earning)


def test_a_campaign_that_began_after_the_order_gives_nothing_for_it(story: Story) -> None:
    """X-40: although it is valid on the whole day, and runs when the order is heard of."""
    story.offered_at = NOON + MINUTE
    assert story.order() == [OrderNoted]
    story.history.clear()
    assert story.order("o2", NOON + MINUTE) == [OrderNoted, VoucherIssued]


def test_an_imported_order_for_nothing_earned_its_voucher_all_the_same(story: Story) -> None:
    """X-30"""
    assert story.order(imported=True, goods_cents=0, lines=()) == [OrderNoted, VoucherIssued]


def test_an_imported_order_is_judged_by_the_validity_alone(story: Story) -> None:
    """X-30, X-40: campaigns of the past are drawn up later."""
    story.offered_at = NOON + 9 * HOUR
    assert story.order(imported=True) == [OrderNoted, VoucherIssued]
    story.history.clear()
    story.terms = replace(story.terms, valid_from=date(2026, 5, 5))
    assert story.order(imported=True) == [OrderNoted]


def test_by_default_a_voucher_that_was_used_is_kept(story: Story) -> None:
    """Q7"""
    story.order()
    story.use("o2")
    assert story.undo() == [OrderForgotten]
    assert VoucherHeld in story.hold("o3")


def test_what_a_voucher_took_off_is_charged_once_when_its_order_is_cancelled(
    story: Story,
) -> None:
    story.order(earning=Earning(claw_back="charge"))
    shipping = ShippingCharged("DE", 0, 590, "voucher", ())
    story.hold("o2")
    story.order(
        "o2",
        NOON + 2 * HOUR,
        voucher=applied("o2", free_shipping=True),
        shipping=shipping,
    )
    assert story.undo() == [OrderForgotten, VoucherClawedBack]
    assert story.history[-1] == VoucherClawedBack(
        "again/o1", "again", "acme", "So.COMMERCE", "anna", "o1", "o2", "o2/1", 1_000, 590
    )
    assert story.undo() == []
    given(WALLET_DECIDER, *story.history).when(hold_of(story, "o3")).refused(
        NotUsableError, "voucher-forfeited"
    )
    assert story.undo("o2", "o2/1") == [VoucherReturned, OrderForgotten, VoucherRevoked]


def hold_of(story: Story, order_id: str) -> HoldVouchers:
    at, lines = NOON + 2 * HOUR, (Line(1, 10_000),)
    use = Use("A12345", "acme", "So.COMMERCE", "anna", "again", 1, story.terms, lines, at)
    return HoldVouchers((use,), order_id, 1, at + HOUR, at)


def test_a_voucher_that_is_held_while_its_order_is_cancelled_is_charged_if_it_is_used(
    story: Story,
) -> None:
    """X-1: the order with the held voucher comes in any case."""
    story.order(earning=Earning(claw_back="charge"))
    story.hold("o2")
    assert story.undo() == [OrderForgotten]
    held = story.history[:]
    used = story.order("o2", NOON + 2 * HOUR, voucher=applied("o2"))
    assert used[:2] == [VoucherRedeemed, VoucherClawedBack]
    story.history = held
    ended = VoucherAttemptEnded("o2", 1, "acme", "anna", NOON, NOON)
    assert story.do(EndAttempt(ended, "lapsed")) == [VoucherReleased, VoucherRevoked]


def test_an_unused_voucher_is_revoked_and_nothing_charged(story: Story) -> None:
    """Q7"""
    story.order(earning=Earning(claw_back="charge"))
    assert story.undo() == [OrderForgotten, VoucherRevoked]


def test_shipping_that_was_free_by_value_was_not_saved_by_the_voucher(story: Story) -> None:
    story.order()
    story.hold("o2")
    shipping = ShippingCharged("DE", 0, 590, "value", ())
    voucher = applied("o2", free_shipping=True)
    story.order("o2", NOON + 2 * HOUR, voucher=voucher, shipping=shipping)
    [redeemed] = [event for event in story.history if isinstance(event, VoucherRedeemed)]
    assert redeemed.shipping_cents == 0
