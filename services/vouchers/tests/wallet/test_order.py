"""First orders earn vouchers, orders redeem holds, and cancelling takes back what they caused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from vouchers.campaign.discount import Line
from vouchers.campaign.register import Offers
from vouchers.wallet.decider import WALLET_DECIDER, Command
from vouchers.wallet.hold import EndAttempt, HoldVouchers
from vouchers.wallet.order import TakeOrder, UndoOrder
from vouchers.wallet.refusals import NotUsableError, Use
from vouchers.wallet.state import MAX_NOTED, Wallet, WalletEvent
from zugabe_events.contracts.checkout import (
    OrderPlaced,
    Refusal,
    VoucherApplied,
)
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    OrderForgotten,
    OrderNoted,
    SecondPurchaseOffered,
    VoucherAttemptEnded,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
    VoucherRevoked,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Story:
    """A wallet through which commands go one after the other."""

    terms: CampaignTerms
    placed: Callable[..., OrderPlaced]
    state: Wallet = field(default_factory=Wallet)

    def do(self, command: Command) -> Sequence[type[WalletEvent]]:
        events = WALLET_DECIDER.decide(command, self.state)
        self.last = events
        self.state = WALLET_DECIDER.fold(events, self.state)
        return [type(event) for event in events]

    def order(
        self, order_id: str, at: datetime = NOON, held: str | None = None, **changes: object
    ) -> Sequence[type[WalletEvent]]:
        applied = (
            VoucherApplied(
                held, "again", 1, "A12345", "percent", 10000, 1000, (1000,), False, (), ""
            )
            if held
            else None
        )
        offer = SecondPurchaseOffered("acme", "again", 1, self.terms)
        order = self.placed(order_id, at, voucher=applied, **changes)
        return self.do(TakeOrder(order, Offers({offer.campaign_id: (offer,)}), at))

    def hold(self, order_id: str, attempt: int = 1) -> Sequence[type[WalletEvent]]:
        at, lines = NOON + HOUR, (Line(1, 10000),)
        use = Use("A12345", "acme", "So.COMMERCE", "anna", "again", 1, self.terms, lines, at)
        return self.do(HoldVouchers((use,), order_id, attempt, NOON + 9 * HOUR, NOON + HOUR))

    def end(self, order_id: str, attempt: int = 1) -> Sequence[type[WalletEvent]]:
        at = NOON + 2 * HOUR
        ended = VoucherAttemptEnded(order_id, attempt, "acme", "anna", at, at)
        return self.do(EndAttempt(ended, "lapsed"))

    def cancel(self, order_id: str, held: str | None = None) -> Sequence[type[WalletEvent]]:
        return self.do(UndoOrder("acme", "anna", order_id, (held,) if held else (), NOON))


@pytest.fixture
def story(
    terms: Callable[..., CampaignTerms],
    placed: Callable[..., OrderPlaced],
) -> Story:
    return Story(terms(kind="second-purchase"), placed)


def test_only_the_first_order_earns_a_voucher(story: Story) -> None:
    """VO-31, VO-32"""
    assert story.order("o1") == [OrderNoted, VoucherIssued]
    assert story.order("o2", NOON + HOUR) == [OrderNoted]


def test_hearing_of_an_order_again_changes_nothing(story: Story) -> None:
    story.order("o1")
    assert story.order("o1") == []


def test_an_order_outside_the_validity_earns_nothing(story: Story) -> None:
    """VO-32, Q11"""
    assert story.order("o1", NOON - timedelta(days=30)) == [OrderNoted]
    assert story.order("o2", NOON) == [OrderNoted]  # nor is the next one the first


def test_first_is_first_by_business_time(story: Story) -> None:
    """VO-32: an earlier order that is heard of later was first, and earns nothing twice."""
    story.order("o2", NOON + HOUR)
    assert story.order("o1", NOON) == [OrderNoted]
    assert story.order("o3", NOON + timedelta(minutes=30)) == [OrderNoted]


def test_an_imported_first_order_earns_a_voucher_without_a_mail(story: Story) -> None:
    """VO-32, X-30"""
    assert story.order("old", NOON - HOUR, imported=True) == [OrderNoted, VoucherIssued]
    assert [one.recipient for one in story.state.issued.values()] == [None]
    assert story.order("o1") == [OrderNoted]


def test_only_the_earliest_orders_are_noted(story: Story) -> None:
    for number in range(MAX_NOTED):
        story.order(f"o{number}", NOON + number * HOUR)
    assert story.order("late", NOON + MAX_NOTED * HOUR) == []
    assert story.order("early", NOON - HOUR) == [OrderNoted]
    assert len(story.state.orders) == MAX_NOTED
    assert story.state.orders[0].order_id == "early"


def test_a_cancelled_first_order_takes_its_unused_voucher_along_once(story: Story) -> None:
    """Q7, X-2"""
    story.order("o1")
    assert story.cancel("o1") == [OrderForgotten, VoucherRevoked]
    assert story.cancel("o1") == []


def test_after_a_cancellation_the_next_order_is_the_first_again(story: Story) -> None:
    """Q7"""
    story.order("o1")
    story.cancel("o1")
    assert story.order("o2", NOON + HOUR) == [OrderNoted, VoucherIssued]


def test_a_cancelled_later_order_revokes_nothing(story: Story) -> None:
    """Q7"""
    story.order("o1")
    story.order("o2", NOON + HOUR)
    assert story.cancel("o2") == [OrderForgotten]


def test_a_held_voucher_is_revoked_only_when_its_hold_is_released(story: Story) -> None:
    """Q7, X-1"""
    story.order("o1")
    story.hold("o2")
    assert story.cancel("o1") == [OrderForgotten]
    assert story.hold("o2", 2)[0] is VoucherReleased  # the retry goes on holding it
    assert story.state.issued
    assert story.end("o2", 2) == [VoucherReleased, VoucherRevoked]
    assert story.cancel("o1") == []
    with pytest.raises(NotUsableError, match="gilt nicht mehr"):
        story.hold("o3")


def test_a_used_voucher_survives_until_its_use_is_given_back(story: Story) -> None:
    """Q7, X-2"""
    story.order("o1")
    story.hold("o2")
    story.order("o2", NOON + HOUR, "o2/1")
    assert story.cancel("o1") == [OrderForgotten]
    assert story.cancel("o2", "o2/1") == [VoucherReturned, OrderForgotten, VoucherRevoked]


def test_an_order_redeems_its_hold(story: Story) -> None:
    """VO-39, N-4"""
    story.order("o1")
    story.hold("o2")
    assert story.order("o2", NOON + HOUR, "o2/1") == [VoucherRedeemed, OrderNoted]
    redeemed = story.last[0]
    assert isinstance(redeemed, VoucherRedeemed)
    assert (redeemed.voucher_id, redeemed.title) == ("again/o1", "Frühling")
    assert story.order("o2", NOON + HOUR, "o2/1") == []


def test_an_order_redeems_even_a_hold_that_nobody_remembers(story: Story) -> None:
    assert story.order("o1", NOON, "o1/1")[0] is VoucherRedeemed
    assert story.cancel("o1", "o1/1")[0] is VoucherReturned


def test_a_use_without_a_hold_gives_back_no_limit_and_no_budget(story: Story) -> None:
    """X-2, X-29: none was taken for it here."""
    story.order("o1")
    story.order("o2", NOON + HOUR, held="o2/1")
    assert story.cancel("o2", "o2/1") == [VoucherReturned, OrderForgotten]
    returned = story.last[0]
    assert isinstance(returned, VoucherReturned)
    assert (returned.limits, returned.from_budget, returned.unique_code) == ((), False, None)
    assert (returned.by_return, returned.order_number) == (False, "25706")


def test_cancelling_gives_the_use_back_once(story: Story) -> None:
    """X-2"""
    story.order("o1")
    story.hold("o2")
    story.order("o2", NOON + HOUR, "o2/1")
    assert story.cancel("o2", "o2/1") == [VoucherReturned, OrderForgotten]
    assert story.cancel("o2", "o2/1") == []
    assert VoucherIssued not in story.hold("o3")


def test_an_order_without_its_voucher_lets_the_hold_go(story: Story) -> None:
    story.order("o1")
    story.hold("o2")
    assert story.order("o2", NOON + HOUR) == [VoucherReleased, OrderNoted]


def test_a_refused_request_that_is_repeated_after_the_order_holds_nothing(story: Story) -> None:
    refused = (Refusal("A12345", "user-limit", ""),)
    assert story.order("o1", refused=refused)[0] is VoucherAttemptEnded
    ended = story.state.ended.get("o1")
    assert ended is not None
    assert ended.attempt == 1


def test_ten_earliest_orders_are_noted(story: Story) -> None:
    """Q7: enough to outlive cancellations."""
    for number in range(12):
        story.order(f"o{number:02}", NOON + number * HOUR)
    assert [noted.order_id for noted in story.state.orders] == [f"o{n:02}" for n in range(10)]


def test_an_order_that_is_earlier_than_the_tenth_takes_its_place(story: Story) -> None:
    """Q7, X-30"""
    for number in range(10):
        story.order(f"o{number}", NOON + number * HOUR)
    assert story.order("between", NOON + 8.5 * HOUR) == [OrderNoted]
    assert [noted.order_id for noted in story.state.orders][-2:] == ["o8", "between"]
    assert story.order("after", NOON + 8.6 * HOUR) == []


def test_a_forfeited_voucher_stays_forfeited_when_another_order_is_cancelled(
    story: Story,
) -> None:
    """Q7"""
    story.order("o1")
    story.hold("o2")
    story.order("o3", NOON + HOUR)
    story.cancel("o1")
    assert story.cancel("o3") == [OrderForgotten]
    assert story.end("o2") == [VoucherReleased, VoucherRevoked]


def test_cancelling_another_order_does_not_forfeit_a_voucher(story: Story) -> None:
    """Q7"""
    story.order("o1")
    story.hold("o2")
    story.order("o3", NOON + HOUR)
    story.cancel("o3")
    assert story.end("o2") == [VoucherReleased]
    assert [one.forfeit for one in story.state.issued.values()] == [False]


def test_a_cancelled_order_takes_its_voucher_along_even_if_older_orders_pushed_it_out(
    story: Story,
) -> None:
    """Q7, X-30: ten earlier orders were imported later."""
    story.order("o1")
    for number in range(10):
        story.order(f"old-{number}", NOON - HOUR - number * HOUR, imported=True)
    assert "o1" not in [noted.order_id for noted in story.state.orders]
    assert story.cancel("o1") == [OrderForgotten, VoucherRevoked]


def test_an_order_with_another_attempts_voucher_frees_the_hold_that_is_open(story: Story) -> None:
    """X-1"""
    story.order("o1")
    story.hold("o2", 2)
    assert story.order("o2", NOON + HOUR, "o2/1") == [VoucherReleased, VoucherRedeemed, OrderNoted]
    released, redeemed, _ = story.last
    assert isinstance(released, VoucherReleased)
    assert isinstance(redeemed, VoucherRedeemed)
    assert (released.hold_id, released.reason) == ("o2/2", "not-used")
    assert (redeemed.hold_id, redeemed.voucher_id) == ("o2/1", "again/o1")


def test_a_voucher_is_sent_to_whom_the_order_names(story: Story) -> None:
    """VO-33"""
    story.order("o1")
    (issued,) = story.state.issued.values()
    assert issued.recipient is not None
    assert issued.order_id == "o1"


def test_uses_are_counted_by_campaign_and_given_back_one_by_one(story: Story) -> None:
    """VO-14, X-2"""
    story.order("o1", NOON, "o1/1")
    story.order("o2", NOON + HOUR, "o2/1")
    assert story.state.uses("again", None) == 2
    assert story.state.uses("again", "o1") == 1
    assert story.state.uses("other", "o1") == 0
    story.cancel("o1", "o1/1")
    assert story.state.uses("again", None) == 1
    story.cancel("o2", "o2/1")
    assert story.state.uses("again", None) == 0
    assert not story.state.used


def test_a_cancellation_gives_back_only_the_hold_that_it_names(story: Story) -> None:
    """X-2"""
    story.order("o1", NOON, "o1/1")
    assert VoucherReturned not in story.cancel("o1", "o1/2")
    assert story.state.uses("again", None) == 1


def test_only_a_use_that_was_redeemed_is_given_back(story: Story) -> None:
    """X-2: neither one of an unknown order nor one by another hold."""
    story.order("o1", NOON, "o1/1")
    story.order("o2", NOON + HOUR, "o2/1")
    before = story.state
    story.cancel("o2", "o2/1")
    (returned,) = [event for event in story.last if isinstance(event, VoucherReturned)]
    assert WALLET_DECIDER.fold([returned]) == Wallet()
    assert WALLET_DECIDER.fold([returned], before).uses("again", None) == 1
    by_another = msgspec.structs.replace(returned, hold_id="o2/2")
    assert WALLET_DECIDER.fold([by_another], before) == before


def test_a_campaign_that_starts_later_gives_nothing_for_an_order_heard_of_again(
    story: Story,
) -> None:
    """VO-32: whether it was the first order was decided when it was heard of."""
    order = story.placed("o1", NOON)
    assert story.do(TakeOrder(order, Offers(), NOON)) == [OrderNoted]
    offer = SecondPurchaseOffered("acme", "again", 1, story.terms)
    assert story.do(TakeOrder(order, Offers({offer.campaign_id: (offer,)}), NOON + HOUR)) == []
