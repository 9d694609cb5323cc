"""An issued voucher keeps what it was issued with, whatever becomes of its campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from vouchers.campaign.decider import CAMPAIGN_DECIDER, DrawUpCampaign, InForce
from vouchers.campaign.discount import Line
from vouchers.campaign.register import Offers
from vouchers.customer.decider import CustomerVouchers
from vouchers.limit.decider import Uses
from vouchers.wallet.decider import WALLET_DECIDER
from vouchers.wallet.earning import ReachState
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.issued import as_issued
from vouchers.wallet.order import TakeOrder
from vouchers.wallet.refusals import NotUsableError, Use
from vouchers.wallet.shared_limits import check_within_limits, hold_within_limits
from vouchers.wallet.state import Wallet, WalletEvent
from zugabe_events.contracts.checkout import Earning, OrderPlaced
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    SecondPurchaseOffered,
    UseCounted,
    VoucherHeld,
    VoucherIssued,
)
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Earner:
    """A user whose first order earned a voucher of campaign `again` by its first version."""

    terms: CampaignTerms
    placed: Callable[..., OrderPlaced]
    history: list[WalletEvent] = field(default_factory=list)

    @property
    def wallet(self) -> Wallet:
        return WALLET_DECIDER.fold(self.history)

    def earn(self, at: datetime = NOON, **changes: Any) -> None:
        offers = Offers({"again": (SecondPurchaseOffered("acme", "again", 1, self.terms),)})
        command = TakeOrder(self.placed("o1", at, **changes), offers, at)
        self.history += given(WALLET_DECIDER, *self.history).when(command).attempt()

    @property
    def voucher(self) -> VoucherIssued:
        return next(event for event in self.history if isinstance(event, VoucherIssued))

    def use(self, terms: CampaignTerms, at: datetime) -> Use:
        """The code is entered while `terms` are in force, as version 2."""
        mine = as_issued(InForce("acme", "again", 2, terms), self.wallet, CustomerVouchers())
        line = Line(1, 10_000)
        return Use(
            "A12345", "acme", "muster", "anna", "again", mine.version, mine.terms, (line,), at
        )

    def hold(self, terms: CampaignTerms, at: datetime, *of_limits: Uses) -> VoucherHeld:
        command = HoldVouchers((self.use(terms, at),), "o2", 1, at + DAY, at)
        events: list[Sequence[Any]] = hold_within_limits(command, (self.wallet, *of_limits))
        [held] = [event for event in events[0] if isinstance(event, VoucherHeld)]
        return held


@pytest.fixture
def earner(terms: Callable[..., CampaignTerms], placed: Callable[..., OrderPlaced]) -> Earner:
    return Earner(terms(kind="second-purchase", valid_days=30, max_per_user=2), placed)


def test_a_voucher_is_valid_for_days_from_its_issue(earner: Earner) -> None:
    """X-17, VO-10: to the last moment of its last day in Berlin, past its campaign's."""
    earner.earn()
    assert earner.voucher.valid_until == date(2026, 6, 3)
    assert earner.hold(earner.terms, datetime(2026, 6, 3, 21, 59, tzinfo=UTC))
    with pytest.raises(NotUsableError) as refused:
        earner.hold(earner.terms, datetime(2026, 6, 3, 22, 0, tzinfo=UTC))
    assert (refused.value.code, refused.value.facts["valid_until"]) == ("expired", "2026-06-03")


def test_the_days_of_an_awaited_voucher_begin_when_it_is_issued(earner: Earner) -> None:
    """X-17"""
    earner.earn(earning=Earning(vouchers_on="shipped"))
    command = ReachState("o1", "shipped", NOON + 40 * DAY)
    earner.history += given(WALLET_DECIDER, *earner.history).when(command).attempt()
    assert earner.voucher.valid_until == date(2026, 7, 13)
    assert earner.voucher.recipient is not None


def test_without_days_a_voucher_is_valid_as_long_as_its_campaign_was_to_be(earner: Earner) -> None:
    earner.terms = replace(earner.terms, valid_days=None)
    earner.earn()
    assert earner.voucher.valid_until == date(2026, 5, 31)
    earner.history[-1] = replace(earner.voucher, valid_until=None)  # as events from before say it
    shorter = replace(earner.terms, valid_until=date(2026, 5, 10))
    assert earner.hold(shorter, datetime(2026, 5, 31, 12, tzinfo=UTC))


def test_a_voucher_keeps_the_terms_of_its_issue(
    earner: Earner, terms: Callable[..., CampaignTerms]
) -> None:
    """X-17, VO-45: discount, minimum and own limit, in holds as in checks."""
    earner.earn()
    changed = replace(earner.terms, value=500, minimum_cents=50_000, max_per_user=1)
    held = earner.hold(changed, NOON + DAY)
    assert (held.campaign_version, held.discount_cents) == (1, 1_000)
    checked = check_within_limits((earner.use(changed, NOON + DAY),), None, (earner.wallet,))
    assert [applied.discount.discount_cents for applied in checked.applied] == [1_000]
    earner.history.clear()
    assert earner.hold(replace(terms(), value=500), NOON + DAY).discount_cents == 500


def test_uses_of_the_whole_campaign_are_limited_as_is_in_force(earner: Earner) -> None:
    """X-29: issued vouchers do not keep a brake from taking effect."""
    earner.terms = replace(earner.terms, max_uses=100)
    earner.earn()
    used = Uses()
    for number in range(3):
        counted = UseCounted("again", "acme", "campaign", None, f"o{number + 7}/1")
        used = Uses(used.holds.set(f"o{number + 7}", counted.hold_id))
    assert earner.hold(replace(earner.terms, max_uses=4), NOON, used)
    with pytest.raises(Exception, match="begrenzt"):
        earner.hold(replace(earner.terms, max_uses=3), NOON, used)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_days": 30}, "valid-days-not-wanted"),
        ({"outlasts_cancellation": True}, "outlasting-not-wanted"),
        ({"newsletter": True, "outlasts_cancellation": True}, "outlasting-not-wanted"),
    ],
)
def test_campaigns_that_issue_nothing_have_no_rules_for_it(
    terms: Callable[..., CampaignTerms], changes: dict[str, Any], code: str
) -> None:
    command = DrawUpCampaign("acme", "spring", terms(**changes))
    given(CAMPAIGN_DECIDER).when(command).refused(InvalidError, code)
